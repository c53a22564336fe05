// Small helpers the panels share: making elements, and times as the page shows them. No state, no panel.

/** `el('li', { class: 'row' }, 'text', child)`: attributes by name, text and elements as children. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

/** Seconds since this page began, from a time in ms since 1970; what came before the page has a minus. */
export function since(at) {
  const seconds = (at - performance.timeOrigin) / 1000;
  return `${seconds < 0 ? '−' : ''}${Math.abs(seconds).toFixed(Math.abs(seconds) < 100 ? 2 : 0)} s`;
}

export const now = () => performance.timeOrigin + performance.now();

/** A value as one short line, for a row. */
export function short(value, length = 90) {
  const text = typeof value === 'string' ? value : JSON.stringify(value) ?? String(value);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** An argument as it would be written in the page's code. */
export function literal(value) {
  if (typeof value === 'string') return `'${value}'`;
  return short(value, 60).replaceAll(/"(\w+)":/g, ' $1: ').replaceAll('"', "'").replace(/}$/, ' }').replaceAll(',  ', ', ');
}

/** A row that opens to show more, or a plain one where there is nothing more to show. */
export function fold(summary, more) {
  if (more === undefined) return el('div', { class: 'line' }, ...summary);
  return el('details', {}, el('summary', { class: 'line' }, ...summary), el('pre', {}, more));
}

/**
 * A list that says what it is while empty, keeps its newest row in sight unless somebody scrolled up, and tells its
 * length to the tab that leads to it.
 */
export class Rows {
  constructor(list, counter, empty) {
    this.list = list;
    this.counter = counter;
    this.length = 0;
    this.empty = el('li', { class: 'empty' }, empty);
    list.append(this.empty);
  }

  add(row, { counts = true } = {}) {
    const { list } = this;
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    this.empty.remove();
    list.append(row);
    row.classList.add('arriving');
    setTimeout(() => row.classList.remove('arriving'), 600);
    if (counts) this.count(this.length + 1);
    if (atEnd) list.scrollTop = list.scrollHeight;
    return row;
  }

  clear() {
    this.list.replaceChildren(this.empty);
    this.length = 0;
    this.counter.textContent = '0';
  }

  count(length) {
    this.length = length;
    this.counter.textContent = String(length);
    this.counter.classList.remove('bump');
    // Reading the layout between the two makes the animation start again.
    void this.counter.offsetWidth;
    this.counter.classList.add('bump');
  }
}
