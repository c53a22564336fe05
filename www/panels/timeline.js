// What happened: the bridge's debug events, in order, each under the consent event that caused it.
//
// With `debug: true` the bridge dispatches `mixpanel-consent-bridge` on `window`. A kind this file does not know is
// shown with everything it carries, so a new one is never lost.

import { el, fold, Rows, short, since } from './dom.js';

const CAUSES = new Set(['read', 'decision']);
const WORDS = {
  read: 'consent manager',
  decision: 'decision',
  command: 'Mixpanel',
  gate: 'gate',
  released: 'released',
  dropped: 'dropped',
  report: 'report',
};

export function timeline({ list, counter }) {
  const rows = new Rows(list, counter, 'Nothing yet. The first line comes when the consent manager says something.');
  const [navigation] = performance.getEntriesByType('navigation');
  rows.add(el('li', { class: 'row note' },
    el('time', {}, since(performance.timeOrigin)),
    el('span', { class: 'grow' }, navigation?.type === 'reload' ? 'The page was loaded again' : 'The page was loaded')), { counts: false });

  return {
    hear(detail) {
      const { kind, at, ...rest } = detail;
      const text = describe(kind, rest);
      const summary = [
        el('time', {}, since(at > 1e11 ? at : performance.timeOrigin + (at ?? performance.now()))),
        el('span', { class: 'badge', 'data-kind': kind }, WORDS[kind] ?? kind),
        el('span', { class: 'grow' }, text),
      ];
      const more = Object.keys(rest).length > 0 ? JSON.stringify(rest, null, 2) : undefined;
      rows.add(el('li', { class: CAUSES.has(kind) ? 'row cause' : 'row effect', 'data-kind': kind }, fold(summary, more)));
    },
  };
}

function describe(kind, rest) {
  return short(rest, 160);
}
