// What happened: the bridge's debug events, in order. What was read of the consent manager comes first, then what it
// caused, and the decision closes it: the bridge acts before it tells the page.
//
// With `debug: true` the bridge dispatches `mixpanel-consent-bridge` on `window`; the kinds are those of the package's
// inspector. One this file does not know is shown with everything it carries, so a new one is never lost.

import { el, fold, Rows, short, since } from './dom.js';

const BADGES = {
  read: 'consent manager',
  command: 'to Mixpanel',
};
const SHAPES = { read: 'cause', decision: 'result' };
// What a page asked and the gate kept stands in the column of the calls.
const ELSEWHERE = new Set(['held']);

const FEATURES = ['tracking', 'replay', 'profile', 'flags'];
const FLOWS = { d: 'dropped', h: 'held', p: 'passed on' };

// The bridge's commands, by the names that it shows, for people.
const COMMANDS = {
  load: 'fetch the library',
  init: 'start, as the site configured it',
  'init locked': 'start, locked',
  'init cookieless': 'start, storing nothing',
  lock: 'refuse every call, in memory',
  'opt out': 'opt out, keep the profile',
  'stop replay': 'stop recording',
  reset: 'forget the person',
  'stop senders': 'stop sending, clear the queues',
  unlock: 'open again',
  'unlock cookieless': 'open again, storing nothing',
  'clear flag': 'remove its stored answer',
  'start senders': 'start sending',
  'page view': 'track the page view it missed',
  'load flags': 'fetch the flags',
  'start replay': 'record, if the site wants it',
  'sweep leftovers': 'remove queues of an earlier visit from the device',
  'sweep everything': 'remove everything of Mixpanel’s from the device',
  settle: 'wait for its late writers',
  'sweep later': 'look again for late writers',
};

export function timeline({ list, counter }) {
  const rows = new Rows(list, counter, 'Nothing yet. The first line comes when the consent manager says something.');
  const [navigation] = performance.getEntriesByType('navigation');
  rows.add(el('li', { class: 'row note' },
    el('time', {}, since(performance.timeOrigin)),
    el('span', { class: 'grow' }, navigation?.type === 'reload' ? 'The page was loaded again' : 'The page was loaded')), { counts: false });
  /** The row of calls that went together, while they do. */
  let together;
  let decided = '';

  return {
    hear({ kind, what, more, at }) {
      if (ELSEWHERE.has(kind) || (kind === 'command' && what === 'gate')) return;
      if (kind === 'decision') {
        // Told once more because the number of waiting calls has changed, or the time.
        const told = `${what.consent} ${what.mode} ${what.code}`;
        if (told === decided) return;
        decided = told;
      }
      if (kind === 'released' || kind === 'dropped') {
        if (together?.kind === kind && at - together.at < 100) {
          together.calls.push(what);
          together.at = at;
          together.text.textContent = together.calls.join(', ');
          return;
        }
        together = { kind, at, calls: [what], text: el('span', { class: 'grow' }, short(what)) };
        add(kind, at, together.text);
        return;
      }
      together = undefined;
      add(kind, at, el('span', { class: 'grow' }, ...describe(kind, what, more)), detail(kind, what, more));
    },
  };

  function add(kind, at, text, more) {
    rows.add(el('li', { class: `row ${SHAPES[kind] ?? 'effect'}` },
      fold([el('time', {}, since(at)), el('span', { class: 'badge', 'data-kind': kind }, BADGES[kind] ?? kind), text], more)));
  }
}

function describe(kind, what, more) {
  if (kind === 'decision') {
    return [el('strong', {}, what.consent), ', Mixpanel ', el('strong', {}, what.mode), el('small', {}, ` ${what.reason}`)];
  }
  if (kind === 'command') return [el('code', {}, what), el('small', {}, ` ${COMMANDS[what] ?? ''}`)];
  if (kind === 'gate') return [gate(String(what))];
  if (kind === 'receipt') return [el('strong', {}, what.event), el('small', {}, ` kept as the consent record, told by ${what.cmp}`)];
  if (kind === 'report') return [el('code', {}, what), el('small', {}, ` ${short(more?.what ?? more?.text ?? '', 160)}`)];
  return [short(what, 120), more === undefined ? '' : el('small', {}, ` ${short(more, 160)}`)];
}

function gate(letters) {
  const flows = [...letters].map((letter) => FLOWS[letter] ?? letter);
  if (new Set(flows).size === 1) return `from now on calls are ${flows[0]}`;
  return FEATURES.map((feature, index) => `${feature} ${flows[index]}`).join(', ');
}

/** What a row opens to; nothing where the row says it all. */
function detail(kind, what, more) {
  if (kind === 'command' || kind === 'gate') return more === undefined ? undefined : JSON.stringify(more, null, 2);
  if (typeof what !== 'object' && more === undefined) return undefined;
  return JSON.stringify(more === undefined ? what : { what, more }, replacer, 2);
}

// An Error has nothing of its own to enumerate.
const replacer = (_key, value) => (value instanceof Error ? String(value) : value);
