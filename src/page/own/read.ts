// What a `read` of the site's own says, made into what the core's interpreter reads: it judges no
// answer. Rules that stand here once for all turn what was said into a reading.

import {
  ANSWER_DENIED, ANSWER_GRANTED, ANSWER_IMPLIED_DENIED, ANSWER_IMPLIED_GRANTED, ANSWER_UNSET, DEPTH, LENGTH, MEANING_ASKING, MEANING_EXPIRED, MEANING_NOT_READY,
  MEANING_OTHERS, MEANING_UNREADABLE, WIDTH,
} from '../contract.ts';
import { ANSWERS, type Given, isMap, list } from './words.js';

const TROUBLES: Readonly<Record<string, string>> = {
  'not-ready': MEANING_NOT_READY, asking: MEANING_ASKING, unreadable: MEANING_UNREADABLE, expired: MEANING_EXPIRED,
};
const LETTERS = [ANSWER_GRANTED, ANSWER_IMPLIED_GRANTED, ANSWER_UNSET, ANSWER_IMPLIED_DENIED, ANSWER_DENIED];
const READING = ['live', 'answered', 'implied', 'categories', 'others', 'trouble'];

const nothing = () => {};

export type Read = (found: Given) => unknown;

/** An adapter in the long form: places, and either a `read` or rules. */
export interface Long {
  readonly id: string;
  readonly rank?: string;
  readonly category?: string;
  readonly probes: Given;
  readonly listens?: readonly unknown[];
  readonly rules?: readonly unknown[];
  readonly read?: Read;
}

/** An adapter that was found to be one, in the long form: one made of data alone has one place. */
export function long(given: Given): Long {
  if ('probes' in given) return given as unknown as Long;
  const { id = 'custom', event, target = 'window', path, cookie, local, field, granted, denied, unset } = given;
  const form = field === undefined ? 'text' : 'json';
  // A stored text has no types: where `true` was written, 'true' is found.
  const same = (one: unknown, value: unknown) => !path && one !== null && value !== null && typeof value != 'object' && String(one) === String(value);
  const is = (values: unknown, value: unknown) => list(values).some((one) => one === value || same(one, value));
  return {
    id: id as string,
    category: 'all',
    probes: { value: path ? ['global', path] : cookie ? ['cookie', cookie, form] : ['local', local, form] },
    listens: list(event).map((name) => [target, name]),
    read({ value }) {
      if (value === undefined) return null;
      if (value instanceof Error) throw value;
      for (const key of list((field as string | undefined)?.split('.')) as string[]) value = isMap(value) && Object.hasOwn(value, key) ? value[key] : null;
      const live = !!path;
      // A stored list that is the whole of the text, and no field of it.
      if (typeof value == 'string' && value[0] == '[') value = JSON.parse(value) as unknown;
      // A list of what was accepted: a yes is in it or not, and what is not in it was refused.
      if (Array.isArray(value)) return { live, others: value.some((one) => is(granted, one)) };
      if (is(granted, value)) return { live, others: true };
      if (is(denied, value)) return { live, others: false };
      if (is(unset, value) || value === null || value === '') return { live, answered: false };
      throw new Error(`\`${JSON.stringify(value)}\` (${isMap(value) ? 'an object' : `a ${typeof value}`}) is none of \`granted\`, \`denied\` and \`unset\``);
    },
  };
}

/** A bounded copy of what a place held: what a captured fixture could hold, and no more. */
export function copy(value: unknown, depth = DEPTH): unknown {
  if (typeof value == 'function') return nothing;
  if (typeof value == 'string') return value.length > LENGTH ? '' : value;
  if (typeof value == 'number') return Number.isSafeInteger(value) ? value : null;
  if (typeof value != 'object') return typeof value == 'boolean' ? value : null;
  if (!value) return null;
  const each = (key: string | number) => {
    try {
      return copy((value as Record<string | number, unknown>)[key], depth - 1);
    } catch (error) {
      return new Error(String(error));
    }
  };
  if (Array.isArray(value)) return depth ? [...value.slice(0, WIDTH).keys()].map(each) : [];
  return Object.fromEntries(depth ? Object.keys(value).slice(0, WIDTH).map((key) => [key, each(key)]) : []);
}

/** What `read` said, in the form that {@link SAID} reads; throws for what is no reading. */
export function said(given: unknown): Given | undefined {
  if (given === undefined || given === null) return;
  const no = (what: string): never => {
    throw new Error(`read() gave ${what}`);
  };
  const reading = typeof given == 'boolean' ? { others: given } : given;
  if (!isMap(reading)) return no('neither an object, nor a boolean, nor null: ' + typeof reading);
  for (const key of Object.keys(reading)) if (!READING.includes(key)) no(`\`${key}\`; a reading may have ${READING.join(', ')}`);
  const { live = true, answered = true, implied = false, categories = {}, others, trouble } = reading;
  if ([live, answered, implied].some((flag) => typeof flag != 'boolean')) no('`live`, `answered` or `implied` that is no boolean');
  if (trouble !== undefined && !Object.hasOwn(TROUBLES, trouble as string)) no(`the trouble \`${trouble}\`; it may be ${Object.keys(TROUBLES).join(', ')}`);
  if (!isMap(categories)) return no('`categories` that is no object');
  const letter = (answer: unknown): string =>
    !answered ? ANSWER_UNSET
    : answer === true ? (implied ? ANSWER_IMPLIED_GRANTED : ANSWER_GRANTED)
    : answer === false ? (implied ? ANSWER_IMPLIED_DENIED : ANSWER_DENIED)
    : (typeof answer == 'string' && ANSWERS[answer]) || no(`the answer \`${String(answer)}\`; it may be true, false or one of ${Object.keys(ANSWERS).join(', ')}`);
  const out: Record<string, unknown> = { live, trouble, ...Object.fromEntries(LETTERS.map((one) => [one, []])) };
  for (const [name, answer] of Object.entries(categories)) if (name) (out[letter(answer)] as string[]).push(name);
  if (others !== undefined || !answered) out.rest = letter(others);
  if (!trouble && !out.rest && !Object.keys(categories).length) no('no categories and no `others`');
  return out;
}

/** Rules for what {@link said} makes. */
const NAMED = LETTERS.map((letter) => `${letter + letter} a.${letter} . +`).join(' ; ');
export const SAID = [
  ['+', 'true'],
  ['-', 'false'],
]
  .flatMap(([sign, live]) => {
    const here = `${sign} a.live=${live}`;
    return [
      ...Object.entries(TROUBLES).map(([trouble, sign]) => `${here} a.trouble~${trouble} > ${sign}`),
      ...LETTERS.flatMap((rest) => [`${here} a.rest~${rest} > ${NAMED} ; ${MEANING_OTHERS + rest}`, `${here} a.rest~${rest} > ${MEANING_OTHERS + rest}`]),
      `${here} > ${NAMED}`,
    ];
  })
  .concat(`+ a > ${MEANING_UNREADABLE}`)
  .join('\n');
