// Ids and times as a site gives them, checked.

import { fail, kindOf } from './errors.js';

/** What Mixpanel puts before the id of a device (mixpanel-browser from 2.46 on). */
export const DEVICE = '$device:';
/** As long as an id may be, in characters; Mixpanel's own limit is 255. */
const LONGEST = 512;

/** An id as it is kept; numbers are what they look like, as Mixpanel takes them. */
export function idOf(id: unknown): string {
  const text = typeof id == 'number' && Number.isFinite(id) ? String(id) : id;
  if (typeof text == 'string' && text && text.length <= LONGEST) return text;
  const what = typeof text == 'string' ? `one of ${text.length} characters` : kindOf(text);
  return fail('id-invalid', `An id is a text of 1 to ${LONGEST} characters, or a number; this is ${what}.`);
}

/** One id or several, each once. */
export function idsOf(given: unknown): string[] {
  if (!Array.isArray(given)) return [idOf(given)];
  const ids = given.map(idOf);
  return ids.length ? [...new Set(ids)] : fail('id-invalid', 'The list of ids is empty.');
}

/** Milliseconds since 1970 of a Date or a number of them. */
export function moment(at: unknown): number {
  const ms = at instanceof Date ? at.getTime() : at;
  return typeof ms == 'number' && ms >= 0 && Number.isFinite(ms) ? ms : fail('time-invalid', 'A time is a Date or milliseconds since 1970.');
}
