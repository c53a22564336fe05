// What every manager module needs: putting a script, a style sheet or a small dialog on the page.
//
// Not a consent manager, and no consent logic: where a manager has no interface of its own (a bare
// API, or a fake), `dialog` draws one, and the text in it says whose it is.

/** Adds a classic script and resolves once it has run. */
export function script(src, attributes = {}) {
  return new Promise((resolve, reject) => {
    const element = document.createElement('script');
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.onload = () => resolve(element);
    element.onerror = () => reject(new Error(`could not load \`${src}\`; is it installed and served?`));
    element.src = src;
    document.head.append(element);
  });
}

/** Adds a style sheet and resolves once it applies, so that a manager never shows itself unstyled. */
export function style(href) {
  return new Promise((resolve, reject) => {
    const element = document.createElement('link');
    element.rel = 'stylesheet';
    element.onload = () => resolve(element);
    element.onerror = () => reject(new Error(`could not load \`${href}\`; is it installed and served?`));
    element.href = href;
    document.head.append(element);
  });
}

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function cookie(name) {
  const pair = document.cookie.split('; ').find((entry) => entry.startsWith(`${name}=`));
  return pair === undefined ? undefined : pair.slice(name.length + 1);
}

export function setCookie(name, value, days = 182) {
  document.cookie = `${name}=${value}; Path=/; Max-Age=${days * 86400}; SameSite=Lax`;
}

export function dropCookie(name) {
  document.cookie = `${name}=; Path=/; Max-Age=0; SameSite=Lax`;
}

/** A random id. Not `crypto.randomUUID`, which a page without https does not have. */
export function uuid() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

// The `color-scheme` follows the system, and the system colours follow it: legible in both without
// a palette of its own, and plain enough not to be taken for a product.
const CSS = `
.own-dialog { position: fixed; z-index: 1000; inset: auto 1rem 1rem auto; box-sizing: border-box;
  width: min(27rem, calc(100vw - 2rem)); padding: 1rem 1.1rem 1.1rem; border-radius: 14px;
  font: 15px/1.45 system-ui, sans-serif; color: CanvasText; background: Canvas; color-scheme: light dark;
  border: 1px solid color-mix(in srgb, CanvasText 22%, Canvas); box-shadow: 0 12px 40px rgb(0 0 0 / .28); }
.own-dialog[hidden], .own-dialog fieldset[hidden] { display: none; }
.own-dialog h2 { margin: 0 0 .3rem; font-size: 1.05rem; }
.own-dialog p { margin: 0 0 .8rem; }
.own-dialog .own-dialog-source { font-size: .8rem; opacity: .75; margin: -.1rem 0 .6rem; }
.own-dialog fieldset { margin: 0 0 .8rem; padding: 0; border: 0; display: grid; gap: .4rem; }
.own-dialog legend { padding: 0; margin-bottom: .3rem; }
.own-dialog label { display: flex; gap: .5rem; align-items: center; min-height: 1.8rem; }
.own-dialog-buttons { display: flex; flex-wrap: wrap; gap: .5rem; }
.own-dialog button { flex: 1 1 auto; min-height: 44px; padding: .5rem .7rem; white-space: nowrap; border-radius: 9px; font: inherit;
  font-weight: 600; cursor: pointer; color: CanvasText; background: color-mix(in srgb, CanvasText 8%, Canvas);
  border: 1px solid color-mix(in srgb, CanvasText 30%, Canvas); }
.own-dialog button[data-answer] { color: Canvas; background: CanvasText; border-color: CanvasText; }
.own-dialog button:focus-visible, .own-dialog input:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
@media (max-width: 640px) { .own-dialog { inset: auto 0 0 0; width: 100%; border-radius: 14px 14px 0 0;
  padding-bottom: max(1rem, env(safe-area-inset-bottom)); } }
`;

/**
 * A small dialog for a manager that brings none. `ids` names its elements, so that a fake can carry the
 * ids of the product it stands for; `choices` are the optional categories offered under `settings`.
 *
 * Accept and reject look the same on purpose: the page shows what an answer does and does not push one.
 */
export function dialog({ ids = {}, title, text, source, choices = [], onAccept, onReject, onSave }) {
  if (!document.getElementById('own-dialog-style')) {
    const sheet = document.createElement('style');
    sheet.id = 'own-dialog-style';
    sheet.textContent = CSS;
    document.head.append(sheet);
  }
  const root = document.createElement('section');
  root.className = 'own-dialog';
  root.id = ids.root ?? 'own-dialog';
  root.hidden = true;
  root.setAttribute('role', 'dialog');
  root.setAttribute('aria-label', title);

  const heading = document.createElement('h2');
  heading.textContent = title;
  const note = document.createElement('p');
  note.className = 'own-dialog-source';
  note.textContent = source;
  const body = document.createElement('p');
  body.textContent = text;

  const list = document.createElement('fieldset');
  list.hidden = true;
  const legend = document.createElement('legend');
  legend.textContent = 'Allow for';
  list.append(legend);
  for (const [id, label] of choices) {
    const row = document.createElement('label');
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.value = id;
    row.append(box, label);
    list.append(row);
  }

  const row = document.createElement('div');
  row.className = 'own-dialog-buttons';
  const button = (label, id, answer, click) => {
    const element = document.createElement('button');
    element.type = 'button';
    element.textContent = label;
    if (id) element.id = id;
    if (answer) element.dataset.answer = answer;
    element.addEventListener('click', click);
    row.append(element);
    return element;
  };
  const chosen = () => [...list.querySelectorAll('input:checked')].map((box) => box.value);
  button('Reject all', ids.reject ?? 'own-dialog-reject', 'reject', () => { close(); onReject(); });
  button('Accept all', ids.accept ?? 'own-dialog-accept', 'accept', () => { close(); onAccept(); });
  if (choices.length > 0) {
    const settings = button('Choose', ids.settings ?? 'own-dialog-settings', '', () => {
      if (list.hidden) {
        list.hidden = false;
        settings.textContent = 'Save choices';
      } else {
        close();
        onSave(chosen());
      }
    });
    settings.setAttribute('aria-controls', `${root.id}-choices`);
    list.id = `${root.id}-choices`;
    root.addEventListener('own-dialog-close', () => { list.hidden = true; settings.textContent = 'Choose'; });
  }
  root.append(heading, note, body, list, row);
  document.body.append(root);

  function close() {
    root.hidden = true;
    root.dispatchEvent(new Event('own-dialog-close'));
  }
  return {
    root,
    close,
    show(checked = []) {
      for (const box of list.querySelectorAll('input')) box.checked = checked.includes(box.value);
      root.hidden = false;
    },
  };
}
