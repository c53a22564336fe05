// What of Mixpanel is on the device now, for people to read. Its patterns are wider than those by which
// the bridge removes (src/page/sdk/sweep.ts): what is forgotten there is to be seen here.

import { cookies, stored } from '../look/probe.ts';

export interface Entry {
  place: 'cookie' | 'localStorage' | 'sessionStorage' | 'IndexedDB';
  name: string;
  /** What it is, in words; empty where only its name tells that it is Mixpanel's. */
  what: string;
  bytes: number;
}

const MEANING: [RegExp, string][] = [
  [/^mixpanel-consent-bridge([:.]|$)/, 'the bridge’s own record of the answer'],
  [/^__mp_opt_in_out_/, 'the SDK’s own opt-in or opt-out flag'],
  [/^__mpq_/, 'events that wait to be sent'],
  [/^__mprec_|^mixpanelBrowserDb$/, 'session recordings that wait to be sent'],
  [/^mixpanelFlagsDb$/, 'feature flags'],
  [/^mp_(gen_new_)?tab_id_/, 'the id of this tab'],
  [/^mp_.+_mixpanel$/, 'the visitor’s id and super properties'],
  [/^(__)?mp[_lrqt]|^mixpanel/i, ''],
];

/** Everything of Mixpanel's, and the bridge's own record. What the browser refuses to show is not there. */
export async function device(tokens: readonly string[]): Promise<Entry[]> {
  const found: Entry[] = [];
  const add = (place: Entry['place'], name: string, value: unknown) => {
    const what = MEANING.find(([pattern]) => pattern.test(name))?.[1];
    if (what !== undefined || tokens.some((token) => token && name.includes(token))) found.push({ place, name, what: what ?? '', bytes: String(value ?? '').length });
  };
  for (const [name, value] of cookies()) add('cookie', name, value);
  for (const area of ['localStorage', 'sessionStorage'] as const) for (const [name, value] of stored(area)) add(area, name, value);
  try {
    // In a sandbox Chromium throws and leaves a rejected promise besides, which nobody can catch.
    // Listed and not opened: an open database keeps others from deleting it.
    if (origin != 'null') for (const { name } of await indexedDB.databases()) add('IndexedDB', name!, '');
  } catch {
    // Refused, or a browser that cannot list databases.
  }
  return found;
}
