// What makes a fake out of a product's table. A FAKE has none of the product's code: it repeats what a page can see of
// it, from public documentation, as far as a reader of consent managers can trip over it. Each product is a file beside
// this one; this one draws the dialog, remembers the answer, and puts everything in the product's order.
//
// A product's file calls `fake` with:
//
//   id         the adapter's id; the fake is called `fake-<id>`
//   cmp        what to hand to `connect({ cmp })`, if it is not the id
//   product    what its vendor calls it
//   source     where the facts come from
//   traps      what readers trip over, in a sentence; shown in the playground
//   names      its own names for { analytics, marketing, functional }; what it lacks is left out
//   category   what to hand to `connect({ category })`, where the adapter's default does not fit
//   modes      ['ask'], and 'implied-open' or 'implied-closed' where the product can have such a region
//   boot       ms between the script's arrival and the moment it can be asked
//   stub       what the site's own snippet puts on the page, before the script
//   script     what the script puts there, once it can be asked
//   keep       what it stores: [['cookie' | 'local', name, text or null to remove], ...]; asked at load as well
//   tell       what it says then: called with ('load' | 'change'), after `script` and `keep`
//   later      true where it tells in a later task than the one that answered
//   reloads    true where it reloads the page after a changed answer
//
// Each of the functions gets the answer as it stands:
//
//   answered   whether the visitor has answered
//   on(name)   whether 'analytics', 'marketing' or 'functional' is allowed, by the visitor or by the region's default
//   map(f)     { the product's name: f(on) } for each that it has
//   kind       'accept', 'reject' or 'some'; undefined before an answer
//   mode       of the page's region
//   at         when it was answered, ISO
//   show()     asks again
//   again      whether this was a changed answer
//
// What a product keeps on a server or encrypted, a fake keeps under a key of its own, `fake-cmp:<id>`, and reads nothing else.

import { dialog, dropCookie, setCookie, wait } from '../managers/kit.js';

export const CATEGORIES = ['analytics', 'marketing', 'functional'];

/** Dispatches an event as the product does. */
export const fire = (target, name, detail) => target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));

export const base64 = (value) => btoa(JSON.stringify(value));

export const encoded = (value) => encodeURIComponent(JSON.stringify(value));

/** Listeners by name, as products with `on` and `off` keep them. */
export function emitter() {
  const listeners = new Map();
  const of = (name) => listeners.get(name) ?? listeners.set(name, new Set()).get(name);
  return {
    on: (name, f) => of(name).add(f),
    off: (name, f) => of(name).delete(f),
    emit: (name, ...args) => [...of(name)].forEach((f) => f(...args)),
  };
}

/** Runs what a page has queued, and whatever it pushes from now on at once. */
export function drain(queue, run) {
  const waiting = queue.splice(0);
  queue.push = (...items) => {
    items.forEach(run);
    return queue.length;
  };
  waiting.forEach(run);
}

export function fake(spec) {
  const { id, product, names, boot = 40 } = spec;
  const memory = `fake-cmp:${id}`;
  let ask;
  let region = 'ask';
  let reload = false;
  let said = null;

  const state = (again = false) => {
    const on = (category) => (said ? said.allowed.includes(category) : region === 'implied-open');
    return {
      answered: said !== null,
      kind: said?.kind,
      at: said?.at,
      mode: region,
      again,
      on,
      map: (f) => Object.fromEntries(Object.entries(names).map(([category, name]) => [name, f(on(category), category)])),
      show: () => ask.show(CATEGORIES.filter(on)),
      accept: () => answer(CATEGORIES, 'accept'),
      reject: () => answer([], 'reject'),
    };
  };

  const keep = () => {
    for (const [where, name, text] of spec.keep?.(state()) ?? []) {
      if (where === 'local') text === null ? localStorage.removeItem(name) : localStorage.setItem(name, text);
      else if (text === null) dropCookie(name);
      else setCookie(name, text);
    }
  };

  function answer(allowed, kind) {
    const again = said !== null;
    said = { allowed, kind, at: new Date().toISOString() };
    localStorage.setItem(memory, JSON.stringify(said));
    keep();
    ask.close();
    const tell = () => {
      spec.tell?.('change', state(again));
      // In the task of the events: whatever a withdrawal must do has to be done inside them.
      if (again && (spec.reloads || reload)) location.reload();
    };
    if (spec.later) setTimeout(tell);
    else tell();
  }

  const buttons = { accept: '#fake-accept', reject: '#fake-reject', settings: '#fake-settings' };
  const some = (list) => answer(list, list.length === 0 ? 'reject' : 'some');

  return {
    id: `fake-${id}`,
    cmp: spec.cmp ?? id,
    label: `${product} (fake)`,
    kind: 'fake',
    source: `written here from ${spec.source}; none of its code. ${spec.traps}`,
    category: spec.category ?? null,
    modes: spec.modes ?? ['ask'],
    options: ['reload'],
    reloads: spec.reloads === true,
    keys: [memory, ...(spec.keys ?? [])],
    root: '#fake-dialog',
    buttons,
    again: { accept: [buttons.accept], reject: [buttons.reject] },

    async load({ mode = 'ask', late = 0, reload: asked = false } = {}) {
      region = mode;
      reload = asked;
      said = JSON.parse(localStorage.getItem(memory));
      ask = dialog({
        ids: { root: 'fake-dialog', accept: 'fake-accept', reject: 'fake-reject', settings: 'fake-settings' },
        title: 'Your choice',
        source: `A fake of ${product}, from ${spec.source}.`,
        text: 'May this page use Mixpanel analytics?',
        choices: Object.entries(names).map(([category, name]) => [category, `${name[0].toUpperCase()}${name.slice(1)}`]),
        onAccept: () => answer(CATEGORIES, 'accept'),
        onReject: () => answer([], 'reject'),
        onSave: some,
      });
      spec.stub?.(state());
      await wait(late + boot);
      keep();
      // A product asks for the present answer whenever it is asked itself.
      spec.script?.(new Proxy({}, { get: (_, key) => state()[key] }));
      if (said === null && mode === 'ask') ask.show();
      spec.tell?.('load', state());
    },

    open() {
      ask.show(CATEGORIES.filter(state().on));
    },

    api: {
      acceptAll: () => answer(CATEGORIES, 'accept'),
      rejectAll: () => answer([], 'reject'),
      only: (category) => some(category === 'necessary' ? [] : [category]),
      reset() {
        localStorage.removeItem(memory);
        for (const key of spec.keys ?? []) {
          localStorage.removeItem(key);
          dropCookie(key);
        }
      },
    },
  };
}
