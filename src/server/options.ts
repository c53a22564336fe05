// The options of readConsent(), checked and put in the form that the core reads. The words are
// those of connect(); what they mean is the core's business (src/core/policy.rs).

import { BridgeError } from '../page/gate/error.js';
import { IDS } from '../page/gate/ids.js';

/** Words are the choices; '' is checked elsewhere. */
const KINDS: Record<string, string> = {
  __proto__: null as never,
  cmp: '',
  category: '',
  implied: 'accept|ask',
  denied: 'off|cookieless',
  gpc: 'respect|strict|ignore',
  dnt: 'respect|strict|ignore',
  token: 'string',
  name: 'string',
  recordKey: '',
};
/** Every option's name. */
export const OPTIONS = Object.keys(KINDS);
const FEATURES = ['tracking', 'replay', 'profile', 'flags'];
const CMPS = new Set(['auto', 'manual', ...IDS.split(' ')]);

/** As short as a key may be, in characters: 128 bits of chance written in hex are 32. */
const KEY = 16;

const invalid = (key: string, value: unknown, allowed: string): never => {
  const shown = Object(value) === value ? typeof value : String(value);
  throw new BridgeError('option-invalid', `Option \`${key}\` is \`${shown}\`; it may be ${allowed}.`);
};

const names = (key: string, value: any): string[] => {
  const list = value === undefined ? [] : Array.isArray(value) ? value : [value];
  if (list.some((name) => typeof name !== 'string' || !name)) invalid(key, value, 'a name or a list of names');
  return list;
};

/** A secret is never shown. */
export const keys = (value: any): string[] => {
  const list = value === undefined ? [] : Array.isArray(value) ? value : [value];
  if (list.some((key) => typeof key !== 'string' || key.length < KEY))
    throw new BridgeError('option-invalid', `Option \`recordKey\` may be a secret of ${KEY} characters or more, or a list of such.`);
  return list;
};

/** Checks what a site gave. */
export function check(given: any) {
  const o: any = { ...given };
  for (const key of Object.keys(o)) {
    const kind = KINDS[key];
    const value = o[key];
    if (kind === undefined)
      throw new BridgeError(
        'option-unknown',
        `There is no option \`${key}\` on a server. The options are ${Object.keys(KINDS).join(', ')}.`,
      );
    if (value === undefined || !kind) continue;
    if (kind === 'string') {
      if (typeof value !== 'string') invalid(key, value, 'a string');
    } else if (!kind.split('|').includes(value)) invalid(key, value, kind.split('|').join(', '));
  }
  const cmp = names('cmp', o.cmp);
  for (const id of cmp)
    if (!CMPS.has(id))
      throw new BridgeError(
        'cmp-unknown',
        `There is no adapter \`${id}\`. Option \`cmp\` may be auto, manual or of ${IDS}.`,
      );
  if (cmp.includes('manual') && !o.token)
    throw new BridgeError(
      'token-missing',
      'Option `token` is missing: with `cmp: \'manual\'` the answer is in the record, whose cookie is named by the project token.',
    );
  const c = o.category;
  const each = c && typeof c == 'object' && !Array.isArray(c) ? c : {};
  for (const key of Object.keys(each))
    if (!FEATURES.includes(key)) invalid('category', key, `a name, a list, or one for each of ${FEATURES}`);
  const all = names('category', each === c ? c.tracking : c);
  return {
    cmp,
    category: FEATURES.map((f) => (each[f] === undefined ? all : names('category', each[f]))),
    rules: { implied: o.implied, denied: o.denied, gpc: o.gpc, dnt: o.dnt },
    token: o.token,
    name: o.name,
    record_keys: keys(o.recordKey),
  };
}

const list = (value: any) => (Array.isArray(value) ? value.join('\x01') : value);

/** The same text for the same options. `null` where they have to be checked first. */
export function signature(o: any): string | null {
  let c = o.category;
  if (c && typeof c == 'object' && !Array.isArray(c)) c = FEATURES.map((f) => list(c[f])).join('\x02') + '\x03';
  for (const key in o) if (KINDS[key] === undefined) return null;
  return [list(o.cmp), list(c), o.implied, o.denied, o.gpc, o.dnt, o.token, o.name, list(o.recordKey)].join('\0');
}
