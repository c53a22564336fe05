// What the page asked: every call it makes through `bridge.mixpanel`, and what became of it.
//
// What became of a call is read off the bridge's public state and its debug events, nothing else: the panel does not
// look behind the gate.

import { el, literal, now, Rows, since } from './dom.js';

let number = 0;

const BUTTONS = [
  ['Track event', (mixpanel) => ['track', 'Button pressed', { number: ++number }]],
  ['Page view', () => ['track_pageview', { place: 'playground' }]],
  ['Identify', () => ['identify', 'visitor-42']],
  ['Set profile', () => ['people.set', { plan: 'demo' }]],
  ['Super property', () => ['register', { theme: 'demo' }]],
];

export function calls({ buttons, list, counter, bridge }) {
  const rows = new Rows(list, counter, 'Nothing asked yet. Press a button: before an answer the call is held, not sent.');
  /** Calls the gate keeps, oldest first. */
  const held = [];

  function call(path, ...args) {
    const badge = el('span', { class: 'badge' });
    rows.add(el('li', { class: 'row' },
      el('time', {}, since(now())),
      el('code', { class: 'grow' }, `${path}(${args.map(literal).join(', ')})`),
      badge));
    const before = bridge.state;
    const [name, method] = path.split('.');
    if (method === undefined) bridge.mixpanel[name](...args);
    else bridge.mixpanel[name][method](...args);
    const after = bridge.state;
    if (after.held > before.held) {
      held.push(badge);
      mark(badge, 'held');
    } else {
      mark(badge, after.mode === 'off' ? 'dropped' : 'passed on');
    }
  }

  for (const [label, make] of BUTTONS) {
    const button = el('button', { type: 'button' }, label);
    button.addEventListener('click', () => call(...make()));
    buttons.append(button);
  }

  return {
    call,
    /** One of the bridge's debug events. */
    hear({ kind }) {
      if (kind === 'released') settle('released');
      if (kind === 'dropped') settle('dropped');
    },
  };

  function settle(word) {
    // The bridge says how many it still holds; those are the newest.
    while (held.length > (word === 'released' || word === 'dropped' ? bridge.state.held : held.length)) {
      mark(held.shift(), word);
    }
  }
}

function mark(badge, word) {
  badge.textContent = word;
  badge.dataset.word = word;
}
