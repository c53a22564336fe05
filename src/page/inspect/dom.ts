// Elements, without markup as text: a page's Trusted Types and its style policy have nothing to refuse.

export type Child = Node | string | number | false | null | undefined;

export function el<Name extends keyof HTMLElementTagNameMap>(name: Name, attributes: Record<string, string> = {}, ...children: Child[]): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  for (const child of children) if (child || child === 0) element.append(typeof child == 'number' ? String(child) : child);
  return element;
}

/** Any value of a page's, as text: it may be circular, long, or throw when it is looked at. */
export function show(value: unknown, most = 4000): string {
  let text: string;
  try {
    text = typeof value == 'string' ? value : JSON.stringify(value, (_, one: unknown) => (one instanceof Error ? String(one) : typeof one == 'function' ? '(function)' : one), 1) ?? String(value);
  } catch (error) {
    text = `(cannot be shown: ${error})`;
  }
  return text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
}
