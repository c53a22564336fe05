// The options of readConsent(), checked and put in the form that the core reads. The words are
// those of connect(); what they mean is the core's business (src/core/policy.rs).

import { DENIED, DNT, FEATURE_NAMES, GPC, IMPLIED } from '../page/contract.js';
import { IDS } from '../page/gate/ids.js';
import { fail, isObject } from './errors.js';
import type { ReadOptions, Terms } from '../api/server.js';

/** Words are the choices; '' is checked elsewhere. */
const KINDS: Readonly<Record<keyof ReadOptions, string>> = {
  cmp: '',
  category: '',
  implied: IMPLIED,
  denied: DENIED,
  gpc: GPC,
  dnt: DNT,
  token: 'string',
  name: 'string',
  recordKey: '',
  recordMaxAge: '',
};
/** Every option's name. */
export const OPTIONS = Object.keys(KINDS) as (keyof ReadOptions)[];
const KNOWN = new Map<string, string>(Object.entries(KINDS));
const CMPS = new Set(['auto', 'manual', ...IDS.split(' ')]);

/** As short as a key may be, in characters: 128 bits of chance written in hex are 32. */
const KEY = 16;
/** For how long a signed record counts, in milliseconds: 400 days, as long as browsers keep a cookie
 * (https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis, section 5.5). */
const RECORD_AGE = 400 * 86_400_000;

const invalid = (key: string, value: unknown, allowed: string): never => {
  const shown = Object(value) === value ? typeof value : String(value);
  return fail('option-invalid', `Option \`${key}\` is \`${shown}\`; it may be ${allowed}.`);
};

const names = (key: string, value: unknown): string[] => {
  const list: unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
  if (list.some((name) => typeof name !== 'string' || !name)) invalid(key, value, 'a name or a list of names');
  return list as string[];
};

/**
 * The secrets of an option. One that is empty is a secret that was not there when the program
 * started, and never the wish to count records without a signature. A secret is never shown.
 */
export function keys(name: string, value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!list.length || list.some((key) => typeof key !== 'string' || key.length < KEY))
    return fail('option-invalid', `Option \`${name}\` is a secret of ${KEY} characters or more, or a list of such; this is ${Array.isArray(value) ? (value.length ? 'a list with something else in it' : 'an empty list') : value === null ? 'null' : typeof value === 'string' ? `a text of ${value.length} characters` : `a ${typeof value}`}. Leave it out where records need no signature.`);
  return list as string[];
}

/** Checks what a site gave. */
export function check(given: Readonly<Record<string, unknown>>) {
  known(given, OPTIONS, ' on a server');
  for (const [key, value] of Object.entries(given)) {
    const kind = KNOWN.get(key);
    if (value === undefined || !kind) continue;
    if (kind === 'string') {
      if (typeof value !== 'string') invalid(key, value, 'a string');
    } else if (!kind.split('|').includes(value as string)) invalid(key, value, kind.split('|').join(', '));
  }
  const cmp = names('cmp', given['cmp']);
  for (const id of cmp)
    if (!CMPS.has(id)) fail('cmp-unknown', `There is no adapter \`${id}\`. Option \`cmp\` may be auto, manual or of ${IDS}.`);
  if (cmp.includes('manual') && !given['token'])
    fail('token-missing', 'Option `token` is missing: with `cmp: \'manual\'` the answer is in the record, whose cookie is named by the project token.');
  const category = given['category'];
  const each = isObject(category) ? category : {};
  for (const key of Object.keys(each))
    if (!(FEATURE_NAMES as readonly string[]).includes(key)) invalid('category', key, `a name, a list, or one for each of ${FEATURE_NAMES}`);
  const all = names('category', each === category ? each['tracking'] : category);
  const age = given['recordMaxAge'] ?? RECORD_AGE;
  if (!(typeof age == 'number' && age > 0)) invalid('recordMaxAge', age, 'milliseconds, more than 0');
  return {
    cmp,
    category: FEATURE_NAMES.map((feature) => (each[feature] === undefined ? all : names('category', each[feature]))),
    rules: { implied: given['implied'], denied: given['denied'], gpc: given['gpc'], dnt: given['dnt'] },
    token: given['token'],
    name: given['name'],
    record_keys: given['recordKey'] === undefined ? [] : keys('recordKey', given['recordKey']),
    record_max_age: age === Infinity ? undefined : age,
  };
}

/** A list as one text, told from a name and from nothing. What is neither is refused when it is checked, so it is nobody's signature. */
const list = (value: unknown): string => (Array.isArray(value) ? `\x01${value.map(list).join('\x01')}` : value === undefined ? '' : Object(value) === value ? '?' : `=${String(value)}`);

/** The same text for the same options. `null` where they have to be checked first. */
export function signature(o: Readonly<Record<string, unknown>>): string | null {
  for (const key in o) if (!KNOWN.has(key)) return null;
  const category = o['category'];
  const categories = isObject(category) ? `${FEATURE_NAMES.map((feature) => list(category[feature])).join('\x02')}\x03` : list(category);
  return [list(o['cmp']), categories, ...['implied', 'denied', 'gpc', 'dnt', 'token', 'name', 'recordKey', 'recordMaxAge'].map((key) => list(o[key]))].join('\0');
}

/** The version of a site's policy, checked. */
export function versionOf(version: unknown): string | undefined {
  if (version === undefined) return undefined;
  if (typeof version == 'string' && /^[^\u0000-\u001f\u007f\ud800-\udfff]{1,100}$/.test(version)) return version;
  return fail('option-invalid', 'Option `version` is a text of 1 to 100 characters on one line.');
}

/** Milliseconds of an option, more than 0; `undefined` where it is left out. */
export function span(key: string, value: unknown): void {
  if (value !== undefined && !(typeof value == 'number' && value > 0)) fail('option-invalid', `Option \`${key}\` is milliseconds, more than 0.`);
}

/** What a site's terms may be; a word that is none would be a rule that the site believes it has. */
export function checkTerms(given: Terms): void {
  for (const [key, words] of [['implied', IMPLIED], ['denied', DENIED]] as const)
    if (given[key] !== undefined && !words.split('|').includes(given[key])) fail('option-invalid', `Option \`${key}\` may be ${words.split('|').join(', ')}.`);
  versionOf(given.version);
  span('maxAge', given.maxAge);
}

/** Options by name: each is one that there is. `whose`: behind "There is no option `x`". */
export function known(given: unknown, names: readonly string[], whose: string): void {
  if (!isObject(given)) fail('option-invalid', `The options${whose} are an object.`);
  for (const key of Object.keys(given as object)) if (!names.includes(key)) fail('option-unknown', `There is no option \`${key}\`${whose}. The options are ${names.join(', ')}.`);
}
