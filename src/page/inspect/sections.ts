// The parts of the panel, each made of plain values. None asks the page for anything, and none keeps anything.

import type { Entry, Explanation, HeldCall, State } from '../rooms.js';
import { el, show, type Child } from './dom.ts';
import type { Entry as Stored } from './stored.ts';
import { CONSENT, VERDICT, answers, flows, sentence, setting } from './words.ts';

/** What the panel shows of one bridge. */
export interface View {
  explanation: Explanation;
  /** Whether the developer is to be told that no yes has ever been seen here. */
  loud: boolean;
  held: readonly HeldCall[];
  stored: readonly Stored[];
  entries: readonly Entry[];
  /** Whether the script tag made it, whose options are attributes. */
  tag: boolean;
  debug: boolean;
}

const time = (at: number) => el('time', { datetime: new Date(at).toISOString() }, new Date(at).toLocaleTimeString());
const facts = (...pairs: (readonly [string, Child])[]) => el('dl', {}, ...pairs.flatMap(([name, value]) => (value || value === 0 ? [el('dt', {}, name), el('dd', {}, value)] : [])));
const plural = (count: number, one: string) => `${count} ${one}${count == 1 ? '' : 's'}`;

function state({ explanation: { consent, mode, code, reason, cmp, at, sdk, gate, gpc, dnt, dropped } }: View): Child[] {
  return [
    el('p', { class: 'verdict', 'data-mode': mode }, el('span', { class: 'dot' }), VERDICT[mode]),
    el('p', {}, reason),
    facts(
      ['Answer', CONSENT[consent]],
      ['Decided by', cmp ?? 'nobody yet'],
      ['Code', el('code', {}, code)],
      ['Since', time(at)],
      ['Calls are', gate && flows(gate)],
      ['SDK', sdk],
      ['Browser', [gpc && 'Global Privacy Control', dnt && 'Do Not Track'].filter(Boolean).join(', ')],
      ['Over the limit', dropped ? `${plural(dropped, 'call')} dropped` : ''],
    ),
  ];
}

/** What to set, from what there is. What is open by default is no choice of the visitor's, and not offered. */
function alarm({ explanation, loud, tag }: View): Child[] {
  if (!loud) return [];
  const sources = explanation.sources!;
  const manual = explanation.code == 'manual-unset';
  const known = sources.filter(({ categories }) => Object.keys(categories).length);
  return [
    el('h3', {}, 'Nothing has ever been granted here'),
    el('p', {}, 'No yes has been seen on this device. That is right for somebody who has not said yes. If you have said yes, the bridge has not heard of it.'),
    !sources.length && !manual && el('p', {}, 'No consent manager was found on this page. Name yours: ', el('code', {}, setting('cmp', 'onetrust', tag)), ', or tell the answer of your own dialog: ', el('code', {}, setting('cmp', 'manual', tag)), '.'),
    manual && el('p', {}, 'Your own dialog decides: its button for yes has to call ', el('code', {}, 'bridge.grant()'), '.'),
    ...known.flatMap(({ cmp, asked, categories }) => [
      el('p', {}, `${cmp} is asked for `, el('code', {}, asked), '. If its dialog has another name for analytics, set that one:'),
      el('table', {},
        el('caption', { class: 'hidden' }, `Categories of ${cmp}`),
        el('thead', {}, el('tr', {}, ...['Category', 'Answer now', 'Setting'].map((name) => el('th', { scope: 'col' }, name)))),
        el('tbody', {}, ...Object.entries(categories).slice(0, 60).map(([name, answer]) => el('tr', {}, el('td', {}, name), el('td', {}, CONSENT[answer]), el('td', {}, answer != 'implied-granted' && el('code', {}, setting('category', name, tag))))))),
    ]),
  ];
}

function sources({ explanation: { sources: list = [], early } }: View): Child[] {
  return [
    el('h3', {}, 'What was read'),
    !list.length && el('p', { class: 'soft' }, 'No consent manager was found so far.'),
    ...list.map(({ cmp, live, consent, asked, categories, others, raw }) =>
      el('details', { 'data-key': cmp },
        el('summary', {}, `${cmp}: ${answers(consent)} (${live ? 'running' : 'stored'})`),
        facts(
          ['Asked for', asked],
          ['Categories', Object.entries(categories).map(([name, answer]) => `${name} ${CONSENT[answer]}`).join(', ')],
          ['All others', others && CONSENT[others]],
        ),
        // A function has no copy: it is there, and that is all that was read.
        ...Object.entries(raw).flatMap(([place, value]) => [el('p', { class: 'soft' }, place), el('pre', {}, show(value === undefined ? '(function)' : value))]))),
    early && el('p', {}, `Mixpanel was here before the bridge: ${early.started ? 'it was started' : 'it was not started'}, ${plural(early.requests.length, 'request')}, stored ${early.stored.join(', ') || 'nothing'}.`),
  ];
}

function held({ held: calls, explanation }: View): Child[] {
  const first = (args: unknown) => (Array.isArray(args) && typeof args[0] == 'string' ? `'${args[0].slice(0, 80)}'` : '');
  return [
    el('h3', {}, 'Held calls'),
    el('p', { class: calls.length ? '' : 'soft' }, explanation.held ? `${plural(explanation.held, 'call')} wait${explanation.held == 1 ? 's' : ''} in memory.` : 'None wait.'),
    !!calls.length && el('ol', {}, ...calls.slice(-50).map(({ path, args, at }) => el('li', {}, time(at), el('code', {}, `${path}(${first(args)}${(args?.length ?? 0) > 1 ? ', …' : ''})`)))),
    calls.length > 50 && el('p', { class: 'soft' }, 'The last 50 are shown.'),
  ];
}

function stored({ stored: list }: View): Child[] {
  return [
    el('h3', {}, 'Stored on this device now'),
    !list.length && el('p', { class: 'soft' }, 'Nothing of Mixpanel’s.'),
    !!list.length && el('table', {},
      el('caption', { class: 'hidden' }, 'Entries of Mixpanel on this device'),
      el('thead', {}, el('tr', {}, ...['Where', 'Name', 'What it is'].map((name) => el('th', { scope: 'col' }, name)))),
      el('tbody', {}, ...list.slice(0, 100).map(({ place, name, what, bytes }) => el('tr', {}, el('td', {}, place), el('td', {}, el('code', {}, name)), el('td', {}, `${what}${bytes ? ` (${plural(bytes, 'letter')})` : ''}`))))),
  ];
}

function timeline({ entries, debug }: View): Child[] {
  return [
    el('h3', {}, 'What happened, newest first'),
    el('ol', {}, ...[...entries].reverse().map((entry) => {
      const [text, detail] = sentence(entry);
      return el('li', {}, time(entry.at), detail ? el('details', { 'data-key': `${entry.at}${text}` }, el('summary', {}, text), el('pre', {}, detail)) : text);
    })),
    !debug && el('p', { class: 'soft' }, 'With the option ', el('code', {}, 'debug'), ' each thing that is read and done is shown too.'),
  ];
}

/** In the order in which they are read; what is empty is not shown. */
export const SECTIONS: readonly [key: string, build: (view: View) => Child[]][] = [
  ['alarm', alarm],
  ['state', state],
  ['sources', sources],
  ['held', held],
  ['stored', stored],
  ['timeline', timeline],
];

export type { State };
