// What the page asked: every call it makes through `bridge.mixpanel`, and what became of it.
//
// What became of it is what the bridge's debug events say: held, released, dropped. A call of which they say nothing
// was passed on. The panel does not look behind the gate.

import { el, literal, now, Rows, since } from './dom.js';

let number = 0;

const BUTTONS = [
  ['Track event', () => ['track', 'Button pressed', { number: ++number }]],
  ['Page view', () => ['track_pageview', { place: 'playground' }]],
  ['Identify', () => ['identify', 'visitor-42']],
  ['Set profile', () => ['people.set', { plan: 'demo' }]],
  ['Super property', () => ['register', { theme: 'demo' }]],
];

export function calls({ buttons, list, counter, bridge }) {
  const rows = new Rows(list, counter, 'Nothing asked yet. Press a button: before an answer the call is held, not sent.');
  /** Calls that the gate keeps, oldest first. */
  const held = [];
  /** The call being made: what is heard of its path meanwhile is about it. */
  let present;

  function call(path, ...args) {
    const badge = el('span', { class: 'badge' });
    rows.add(el('li', { class: 'row' },
      el('time', {}, since(now())),
      el('code', { class: 'grow' }, `${path}(${args.map(literal).join(', ')})`),
      badge));
    present = { path, badge };
    const [name, method] = path.split('.');
    if (method === undefined) bridge.mixpanel[name](...args);
    else bridge.mixpanel[name][method](...args);
    if (present !== undefined) mark(badge, 'passed on');
    present = undefined;
  }

  for (const [label, make] of BUTTONS) {
    const button = el('button', { type: 'button' }, label);
    button.addEventListener('click', () => call(...make()));
    buttons.append(button);
  }

  return {
    call,
    /** One of the bridge's debug events. */
    hear({ kind, what }) {
      if (kind === 'held' && present?.path === what) {
        held.push(present);
        mark(present.badge, 'held');
        present = undefined;
      } else if (kind === 'dropped' && present?.path === what) {
        mark(present.badge, 'dropped');
        present = undefined;
      } else if (kind === 'released' || kind === 'dropped') {
        const index = held.findIndex((each) => each.path === what);
        if (index >= 0) mark(held.splice(index, 1)[0].badge, kind);
      }
    },
  };
}

function mark(badge, word) {
  badge.textContent = word;
  badge.dataset.word = word;
}
