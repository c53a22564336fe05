// The options of connect(): which there are, and what each may be. What they mean is the
// core's business (src/core/policy.rs); defaults and words are those of docs/options.md. Part of the
// core's chunk; the words for a mistake are loaded where there is one (words.ts).

import { DENIED, DNT, FEATURE_NAMES, GPC, IMPLIED, PENDING, START, type Feature } from '../contract.ts';
import { Native } from '../native.js';

/**
 * A word is a type, several are the choices (the first is the default), '' is checked elsewhere.
 * The core reads the choices as digits in this order (src/core/protocol.rs, DIGITS); the last is
 * that of `record`.
 */
export const KINDS: Record<string, string> = {
  __proto__: null as never,
  token: 'string',
  mixpanel: '',
  config: 'object',
  name: 'string',
  cmp: '',
  category: '',
  start: START,
  pending: PENDING,
  denied: DENIED,
  implied: IMPLIED,
  gpc: GPC,
  dnt: DNT,
  record: 'local|cookie|none',
  optInEvent: 'boolean',
  holdLimit: 'number',
  cmpTimeout: 'number',
  ask: 'function',
  onReceipt: 'function',
  receiptEndpoint: 'string',
  debug: 'boolean',
};

/** What the site chose, in the form that the core reads. */
export interface Choices {
  /** The ids in `cmp`. */
  ids: string[];
  /** The adapters of the site's own in `cmp`. */
  adapters: object[];
  /** Whether the site's own dialog answers. */
  manual: boolean;
  category: Partial<Record<Feature, string | readonly string[]>>;
  /** A digit for each option that is a choice, in the core's order; the last is that of `record`. */
  policy: string;
}

/** Whether it is a name or a list of names. */
export const areNames = (value: unknown) => ([] as unknown[]).concat(value ?? []).every((name) => name && typeof name == 'string');

/**
 * Checks what a site gave.
 * @param isKnown whether there is an adapter of this id
 * @returns what it chose; or the first option that is a mistake (words.ts says what is wrong with it)
 */
export function check(given: object, isKnown: (id: string) => boolean): Choices | string {
  // Own properties alone: a polluted prototype sets no option.
  const o = { __proto__: null, ...given } as Record<string, unknown>;
  let policy = '';
  for (const key of Object.keys({ ...KINDS, ...o })) {
    const kind = KINDS[key];
    const value = o[key];
    if (kind === undefined) return key;
    const choices = kind.split('|');
    if (choices[1]) {
      const choice = value === undefined ? 0 : choices.indexOf(value as string);
      if (choice < 0) return key;
      policy += choice;
    } else if (value !== undefined && kind && (typeof value !== kind || value === null || (kind == 'number' && !((value as number) >= 0)))) return key;
  }
  const { mixpanel, category: c } = o;
  if (mixpanel !== undefined && (!/^[of]/.test(typeof mixpanel) || !mixpanel || mixpanel instanceof Native)) return 'mixpanel';
  if (!/^[\w-]+$/.test(o.token as string) || /^(undefined|null)$/.test(o.token as string)) return 'token';
  const ids: string[] = [];
  const adapters: object[] = [];
  for (const one of ([] as unknown[]).concat(o.cmp || 'auto') as (string | object)[])
    // What an adapter of the site's own must be is checked where it is used (own/check.ts).
    if (Object(one) === one) adapters.push(one as object);
    else if (areNames(one) && (one == 'auto' || one == 'manual' || isKnown(one as string))) ids.push(one as string);
    else return 'cmp';
  const category = (Object(c) !== c || Array.isArray(c) ? { tracking: c } : c) as Choices['category'];
  if (Object.keys(category).some((key) => !FEATURE_NAMES.includes(key as Feature) || !areNames(category[key as Feature]))) return 'category';
  return { ids, adapters, manual: ids.includes('manual'), category, policy };
}
