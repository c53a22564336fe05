// The form of what a page has returned (page.ts): all of it is the page's word, and a page may be
// hostile, so that each field is taken for what it should be or for nothing.

import { BROWSER_DNT, BROWSER_GPC } from '../page/contract.ts';
import type { Read } from './judge.ts';
import type { Area, BridgeSays } from './types.ts';

type Fields = Record<string, unknown>;
const fields = (value: unknown): Fields => (typeof value == 'object' && value !== null ? (value as Fields) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const word = (value: unknown, most = 300): string | null => (typeof value == 'string' ? value.slice(0, most) : null);
/** More than a page's consent managers ever hold. */
const FOUND = 4_000_000;

export interface MixpanelSeen {
  stub: boolean;
  global: boolean;
  snippet: boolean;
  gtm: boolean;
  custom: string | null;
  scripts: string[];
  instances: { token: string | null; name: string | null; host: string | null; optedOut: boolean | null }[];
}

export interface Looked {
  read: Read;
  mixpanel: MixpanelSeen | null;
  bridge: BridgeSays | null;
  title: string;
  words: string;
}

export function looked(given: unknown): Looked {
  const { found, places, around, mixpanel, bridge, title, words } = fields(given);
  const m = fields(mixpanel);
  const b = fields(bridge);
  return {
    read: {
      found: word(found, FOUND) ?? '',
      places: list(places).slice(0, 200).map((one) => list(one).slice(0, 100).map((place) => word(place) ?? '')),
      around: Number(around) & (BROWSER_GPC | BROWSER_DNT),
    },
    mixpanel: mixpanel
      ? {
          stub: m.stub === true, global: m.global === true, snippet: m.snippet === true, gtm: m.gtm === true,
          custom: word(m.custom),
          scripts: list(m.scripts).slice(0, 20).flatMap((one) => word(one) ?? []),
          instances: list(m.instances).slice(0, 20).map(fields).map(({ token, name, host, optedOut }) => ({ token: word(token), name: word(name), host: word(host), optedOut: typeof optedOut == 'boolean' ? optedOut : null })),
        }
      : null,
    bridge: bridge ? { form: b.form == 'tag' ? 'tag' : 'connect()', consent: word(b.consent), mode: word(b.mode), code: word(b.code), reason: word(b.reason, 600) } : null,
    title: word(title) ?? '',
    words: word(words, 2000) ?? '',
  };
}

export interface OnDevice {
  local: [string, string][];
  session: [string, string][];
  databases: { name: string; records: number }[];
}

const pairs = (value: unknown): [string, string][] => list(value).map(list).map(([name, text]) => [word(name) ?? '', word(text) ?? '']);

export function onDevice(given: unknown): OnDevice {
  const { local, session, databases } = fields(given);
  return { local: pairs(local), session: pairs(session), databases: list(databases).map(fields).map(({ name, records }) => ({ name: word(name) ?? '', records: Number(records) || 0 })) };
}

export const strings = (given: unknown): string[] => list(given).flatMap((one) => word(one, 2000) ?? []);

export const AREA_NAMES: Record<Area, string> = { cookie: 'cookie', local: 'local storage', session: 'session storage', database: 'database' };
