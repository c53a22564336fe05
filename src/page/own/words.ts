// The words of an adapter of the site's own, and what the core has for them (src/cmp/mod.rs). The
// files in src/cmp/adapters are written in the same words.

import {
  ANSWER_DENIED, ANSWER_GRANTED, ANSWER_IMPLIED_DENIED, ANSWER_IMPLIED_GRANTED, ANSWER_UNSET,
  FORM_BASE64, FORM_GPP, FORM_JSON, FORM_RAW, FORM_TC, FORM_TEXT, LISTEN_AFTER, LISTEN_CALL, LISTEN_DOCUMENT, LISTEN_WINDOW, PLACE_COOKIE, PLACE_COOKIE_BEGINNING,
  PLACE_GLOBAL, PLACE_HEARD, PLACE_LOCAL, PLACE_LOCAL_BEGINNING, PLACE_QUEUE,
} from '../contract.ts';
import type { Probe } from '../look/probe.js';

/** An object of JavaScript's, before anything is known of it. */
export type Given = Readonly<Record<string, unknown>>;

/** A table of words; `__proto__` keeps what every object has out of it. */
type Words = Readonly<Record<string, string | undefined>>;

export const VERBS: Words = {
  __proto__: null as never,
  global: PLACE_GLOBAL,
  queue: PLACE_QUEUE,
  cookie: PLACE_COOKIE,
  'cookie-beginning': PLACE_COOKIE_BEGINNING,
  local: PLACE_LOCAL,
  'local-beginning': PLACE_LOCAL_BEGINNING,
  heard: PLACE_HEARD,
};
export const FORMS: Words = { __proto__: null as never, raw: FORM_RAW, text: FORM_TEXT, json: FORM_JSON, base64: FORM_BASE64, tc: FORM_TC, gpp: FORM_GPP };
export const TOLD: Words = { __proto__: null as never, window: LISTEN_WINDOW, document: LISTEN_DOCUMENT, after: LISTEN_AFTER, call: LISTEN_CALL };
export const ANSWERS: Words = {
  __proto__: null as never,
  granted: ANSWER_GRANTED,
  'implied-granted': ANSWER_IMPLIED_GRANTED,
  unset: ANSWER_UNSET,
  'implied-denied': ANSWER_IMPLIED_DENIED,
  denied: ANSWER_DENIED,
};
export const RANKS = ['limit', 'bus', 'standard', 'vendor'];

export const isMap = (value: unknown): value is Given => typeof value == 'object' && value !== null && !Array.isArray(value);
export const list = (value: unknown): readonly unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
/** A text that can be handed to the core: lines, and no other control characters. */
export const isText = (value: unknown): value is string => typeof value == 'string' && value != '' && !/[\0-\x09\x0b-\x1f]/.test(value);

/** Whether a verb's letter is of what is stored. */
export const isStored = (letter: string) => [PLACE_COOKIE, PLACE_COOKIE_BEGINNING, PLACE_LOCAL, PLACE_LOCAL_BEGINNING].join('').includes(letter);

/** A place as it is looked at. */
export function probe(place: unknown): Probe {
  const [verb, where, more] = place as readonly [string, string, string?];
  const letter = VERBS[verb]!;
  return letter == PLACE_QUEUE ? [letter, where, more!] : isStored(letter) ? [letter, where, FORMS[more || 'text']!] : [letter, where];
}
