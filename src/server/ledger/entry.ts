// Entries of a history: made of what a site records, and told to people. What they are in a
// history, and what they allow, the core says.

import type { Consent, Feature, HistoryEntry, Receipt } from '../../api/server.js';
import { ANSWER_NAMES, CONSENT_EVENT_NAMES, FEATURE_NAMES } from '../../page/contract.js';
import type { Kept, Outcome } from '../core.js';
import { fail, isObject } from '../errors.js';
import { moment } from '../ids.js';

const ANSWERS: readonly unknown[] = Object.values(ANSWER_NAMES);
const EVENTS: readonly unknown[] = Object.values(CONSENT_EVENT_NAMES);

/** For so long an answer that says what the last entry says is no news. */
const REPEATED = 3600_000;

/** What was answered, when, and by what source. */
export interface Answered {
  /** `null`: a state, of which the core says what it is in a history. */
  readonly event: Receipt['event'] | null;
  readonly at: number;
  readonly cmp?: string;
  readonly consent: Readonly<Record<Feature, Consent>>;
  /** When it was answered, as a signature proves. */
  readonly proven?: number;
}

/** A receipt or a state, checked; throws if it is neither. */
export function answered(what: unknown): Answered {
  const bad = (why: string) => fail('entry-invalid', `This is no state of readConsent() and no receipt: ${why}.`);
  const given: Record<string, unknown> = isObject(what) ? what : {};
  const seen = given['features'] !== undefined;
  const consent = seen ? given['features'] : given['consent'];
  if (!isObject(consent)) return bad('it has no answer for each feature');
  for (const feature of FEATURE_NAMES) if (!ANSWERS.includes(consent[feature])) bad(`its answer for ${feature} is none of ${ANSWERS.join(', ')}`);
  const { event, cmp, answered: when, signed } = given;
  if (!seen && !EVENTS.includes(event)) bad(`its event is none of ${EVENTS.join(', ')}`);
  if (cmp !== undefined && cmp !== null && (typeof cmp != 'string' || !/^[A-Za-z0-9-]{0,40}$/.test(cmp))) bad('its source is no id');
  return {
    event: seen ? null : (event as Receipt['event']),
    at: moment(given['at']),
    ...(cmp ? { cmp: cmp as string } : {}),
    consent: Object.fromEntries(FEATURE_NAMES.map((feature) => [feature, consent[feature]])) as Answered['consent'],
    ...(seen && signed === true && typeof when == 'number' ? { proven: moment(when) } : {}),
  };
}

/** The entry of a store's text; `null` if it is none. */
export function read(text: string): Kept | null {
  try {
    const made: unknown = JSON.parse(text);
    return isObject(made) && isObject(made['consent']) ? (made as unknown as Kept) : null;
  } catch {
    return null;
  }
}

/** As it is kept, with what the core says of it. */
export function written(kept: Kept, { event, consent, late }: Pick<Outcome, 'event' | 'consent' | 'late'>): string {
  const { late: _, ...rest } = kept;
  return JSON.stringify({ ...rest, event: event ?? kept.event, ...(consent ? { consent } : {}), ...(late ? { late } : {}) });
}

/** When it was said, by the clock of the one who says it. */
const time = (kept: Kept) => kept.said ?? kept.at;

/** Whether an answer says what the last entry says, within the hour. */
export function repeats(last: Kept | null, kept: Kept): boolean {
  if (!last || last.id !== kept.id || last.event !== kept.event || last.cmp !== kept.cmp || last.by !== kept.by || last.version !== kept.version || last.seen || kept.seen) return false;
  if (FEATURE_NAMES.some((feature) => last.consent[feature] !== kept.consent[feature])) return false;
  const [was, is] = kept.said === undefined ? [time(last), time(kept)] : [last.heard, kept.heard];
  return Math.abs(is - was) < REPEATED || time(last) === time(kept);
}

/** An entry for people. */
export const publicly = ({ at, event, cmp, consent, version, by, said, late }: Kept): HistoryEntry => ({
  at,
  event: event ?? 'given',
  cmp: cmp ?? null,
  consent,
  version: version ?? null,
  device: by ?? null,
  ...(said === undefined ? {} : { said }),
  ...(late ? { late: true as const } : {}),
});
