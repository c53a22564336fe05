// The options of connect(): which there are, and what each may be. What they mean is the
// core's business (src/core/policy.rs); defaults and words are those of the README. Part of the
// core's chunk: a page that has made no mistake need not wait for the words of one.

import { DENIED, DNT, FEATURE_NAMES, GPC, IMPLIED, PENDING, START, type Feature } from '../contract.ts';
import { BridgeError } from '../gate/error.js';
import { IDS } from '../gate/ids.js';
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
  /** The ids in `cmp`, separated by spaces. */
  ids: string;
  /** The adapters of the site's own in `cmp`. */
  adapters: object[];
  /** Whether the site's own dialog answers. */
  manual: boolean;
  category: Partial<Record<Feature, string | readonly string[]>>;
  /** A digit for each option that is a choice, in the core's order; the last is that of `record`. */
  policy: string;
}

const invalid = (key: string, value: unknown, allowed: string): never => {
  // Only what prints itself plainly is shown.
  const shown = Object(value) === value ? typeof value : String(value);
  throw new BridgeError('option-invalid', `Option \`${key}\` is \`${shown}\`; it may be ${allowed}.`);
};

const names = (key: string, value: unknown) => {
  if ([value ?? []].flat().some((name) => typeof name != 'string' || !name)) invalid(key, value, 'a name or a list of names');
};

/** Checks what a site gave; throws a BridgeError for a mistake. */
export function check(given: object): Choices {
  // Own properties alone: a polluted prototype sets no option.
  const o = { __proto__: null, ...given } as Record<string, unknown>;
  let policy = '';
  for (const key of Object.keys({ ...KINDS, ...o })) {
    const kind = KINDS[key];
    const value = o[key];
    if (kind === undefined)
      throw new BridgeError('option-unknown', `There is no option \`${key}\`. The options are ${Object.keys(KINDS).join(', ')}.`);
    const choices = kind.split('|');
    if (choices[1]) {
      const choice = value === undefined ? 0 : choices.indexOf(value as string);
      if (choice < 0) invalid(key, value, choices.join(', '));
      policy += choice;
    } else if (value !== undefined && kind && (typeof value !== kind || value === null || (kind == 'number' && !((value as number) >= 0))))
      invalid(key, value, 'a ' + kind);
  }
  const { mixpanel } = o;
  if (mixpanel !== undefined && (!/^[of]/.test(typeof mixpanel) || !mixpanel || mixpanel instanceof Native))
    invalid('mixpanel', mixpanel, "the SDK, its module, or a function that gets it: () => import('mixpanel-browser')");
  if (!/^[\w-]+$/.test(o.token as string) || /^(undefined|null)$/.test(o.token as string)) invalid('token', o.token, "letters and digits, as in Mixpanel's settings");
  const ids: string[] = [];
  const adapters: object[] = [];
  const known = `auto manual ${IDS}`.split(' ');
  for (const one of [o.cmp || 'auto'].flat() as (string | object)[])
    // What an adapter of the site's own must be is checked where it is used (own/check.ts).
    if (Object(one) === one) adapters.push(one as object);
    else if (known.includes(one as string)) ids.push(one as string);
    else {
      names('cmp', one);
      throw new BridgeError('cmp-unknown', `There is no adapter \`${one}\`. Option \`cmp\` may be ${known.join(', ')}.`);
    }
  const c = o.category;
  const category = (Object(c) !== c || Array.isArray(c) ? { tracking: c } : c) as Choices['category'];
  for (const key of Object.keys(category)) {
    if (!FEATURE_NAMES.includes(key as Feature)) invalid('category', key, `of ${FEATURE_NAMES}`);
    names('category', category[key as Feature]);
  }
  return { ids: ids.join(' '), adapters, manual: ids.includes('manual'), category, policy };
}
