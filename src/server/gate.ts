// The gate on a server: what may be sent of the things that somebody wants to send to Mixpanel,
// each at its own time and for its own person. It asks the ledger and decides nothing; guard.ts
// puts it before the SDK, and other senders (HTTP bodies, queues) ask it themselves.
//
// Sources: mixpanel 0.24.0 (lib/mixpanel-node.js, people.js, groups.js, profile_helpers.js);
// https://docs.mixpanel.com/reference/track-event, /import-events, /profile-set (read 2026-11).

import type { Blocked, GateOptions, RequestState } from './types.js';
import { BridgeError } from '../page/gate/error.js';
import { idOf } from './ledger.js';

const OPTIONS = ['ledger', 'onBlocked', 'late', 'nobody', 'identify', 'strip', 'now'];

/** Below it a number of time is seconds, from it on milliseconds: 1973 in the one, 5138 in the
 * other. Mixpanel takes both. */
const SECONDS_END = 1e11;

/** Events that say who somebody is, and nothing else: the browser's gate has them so as well. */
const NAMING = new Set(['$identify', '$create_alias', '$merge']);
/** Where an event names its person. */
const EVENT_IDS = ['distinct_id', '$distinct_id', '$user_id', 'alias', '$identified_id', '$anon_id', '$anon_distinct_id'];
/** What says who or where somebody is, and is not sent without an id. */
const PERSONAL = new Set([...EVENT_IDS, '$device_id', 'device_id', 'user_id', 'ip', '$ip', '$email', '$name', '$first_name', '$last_name', '$phone', '$latitude', '$longitude']);
/** All that a profile's deletion has; whatever else there is with it is no deletion. */
const DELETING = new Set(['$delete', '$token', '$distinct_id', '$group_key', '$group_id', '$ignore_alias', '$ignore_time', '$time', '$ip']);

const isObject = (value: any): value is Record<string, any> => !!value && typeof value == 'object' && !Array.isArray(value);

interface Question {
  feature: 'tracking' | 'profile';
  ids: string[];
  at: number;
}
/** Passes unasked, cannot be asked for, or has to be asked for. */
type Reading = { pass: true } | { code: string; reason: string } | Question;

const wrong = (code: string, reason: string) => ({ code, reason });

/** Milliseconds since 1970; NaN for what is no time. JSON makes texts of Dates. */
function timeOf(given: unknown, now: number): number {
  if (given === undefined || given === null) return now;
  if (given instanceof Date) return given.getTime();
  const number = typeof given == 'string' && /^\d+(\.\d+)?$/.test(given) ? Number(given) : given;
  if (typeof number == 'string') return Date.parse(number);
  if (typeof number != 'number' || !(number >= 0) || !Number.isFinite(number)) return NaN;
  return number < SECONDS_END ? number * 1000 : number;
}

export function gate(given: GateOptions) {
  const o: any = { late: 'refuse', nobody: 'block', now: Date.now, ...given };
  for (const key of Object.keys(given ?? {}))
    if (!OPTIONS.includes(key)) throw new BridgeError('option-unknown', `There is no option \`${key}\` of a gate. The options are ${OPTIONS.join(', ')}.`);
  if (typeof o.ledger?.allowed != 'function') throw new BridgeError('option-invalid', 'Option `ledger` is missing: make one with consentLedger().');
  for (const [key, words] of [['late', ['refuse', 'send']], ['nobody', ['block', 'pass']]] as const)
    if (!(words as readonly string[]).includes(o[key])) throw new BridgeError('option-invalid', `Option \`${key}\` may be ${words.join(', ')}.`);
  const more = new Set<string>(Array.isArray(o.strip) ? o.strip : []);

  /** What has to be asked for this thing. */
  function read(item: any, now: number): Reading {
    if (!isObject(item)) return wrong('item-unreadable', 'What was to be sent is no object, so nobody knows whose it is.');
    const event = 'event' in item;
    const body = event ? (item.properties ?? {}) : item;
    if (!isObject(body)) return wrong('item-unreadable', 'The event has no object of properties.');
    if (!event && '$delete' in item && Object.keys(item).every((key) => DELETING.has(key))) return { pass: true };
    const named: unknown[] = [];
    const device = (id: unknown) => (typeof id == 'string' && id && !id.startsWith('$device:') ? `$device:${id}` : id);
    if (event) {
      for (const key of EVENT_IDS) named.push(body[key]);
      for (const key of ['$device_id', 'device_id']) named.push(device(body[key]));
      if (Array.isArray(body.$distinct_ids)) named.push(...body.$distinct_ids);
    } else named.push(item.$distinct_id);
    const told = o.identify?.(item);
    named.push(...(Array.isArray(told) ? told : [told]));
    const ids: string[] = [];
    for (const id of named) {
      if (id === undefined || id === null || id === '') continue;
      try {
        ids.push(idOf(id));
      } catch (error: any) {
        return wrong('id-invalid', error.message);
      }
    }
    if (!ids.length)
      return o.nobody === 'pass' ? { pass: true } : wrong('person-missing', 'Nothing in it says whose it is, so nobody can be asked. What is of no person may be let through with the option `nobody`; the option `identify` can say whose it is.');
    const at = timeOf(event ? body.time : item.$time, now);
    if (!(at >= 0)) return wrong('time-unreadable', 'Its time is no Date, no seconds and no milliseconds since 1970, so nobody knows what was allowed then.');
    return { feature: event && !NAMING.has(item.event) ? 'tracking' : 'profile', ids: [...new Set(ids)], at };
  }

  /** The event without who and where it was. The API wants a `distinct_id` that is empty then. */
  function anonymous(item: any) {
    const properties: any = {};
    for (const [key, value] of Object.entries<any>(item.properties ?? {})) if (!PERSONAL.has(key) && !more.has(key)) properties[key] = value;
    return { ...item, properties: { ...properties, distinct_id: '' } };
  }

  function tell(blocked: Blocked) {
    try {
      o.onBlocked?.(blocked);
    } catch (error) {
      console.error('mixpanel-consent-bridge: onBlocked threw', error);
    }
  }

  /** What may be sent of a list, in its order, as it may be sent. Never rejects. */
  async function filter<T>(items: readonly T[]): Promise<{ send: T[]; blocked: Blocked[] }> {
    const now = o.now();
    const asked = new Map<string, Promise<RequestState>>();
    const results = await Promise.all(
      items.map(async (item: any): Promise<{ send: any } | { blocked: Blocked }> => {
        const block = (code: string, reason: string, question?: Question) => {
          const blocked: Blocked = { code, reason, event: typeof item?.event == 'string' ? item.event : null, ids: question?.ids ?? [], at: question?.at ?? null };
          return { blocked };
        };
        let reading: Reading;
        try {
          reading = read(item, now);
        } catch (error) {
          return block('item-unreadable', `Reading it failed: ${error instanceof Error ? error.message : error}.`);
        }
        if ('pass' in reading) return { send: item };
        if ('code' in reading) return block(reading.code, reading.reason);
        const { ids, at, feature } = reading;
        // Sent now, it has to be allowed now as well, unless the site says otherwise.
        const times = o.late === 'send' || at >= now ? [at] : [at, now];
        const key = JSON.stringify([ids, times]);
        if (!asked.has(key)) asked.set(key, (async () => o.ledger.allowed(ids, times))());
        let state: RequestState;
        try {
          state = await asked.get(key)!;
        } catch (error) {
          return block('ledger-unreachable', `The ledger did not answer: ${error instanceof Error ? error.message : error}.`, reading);
        }
        switch (state?.modes?.[feature]) {
          case 'on':
            return { send: item };
          case 'cookieless':
            return { send: anonymous(item) };
          default:
            return block(state?.code ?? 'ledger-unreachable', state?.reason ?? 'The ledger gave no answer.', reading);
        }
      }),
    );
    const send: T[] = [];
    const blocked: Blocked[] = [];
    for (const result of results) {
      if ('send' in result) send.push(result.send);
      else {
        blocked.push(result.blocked);
        tell(result.blocked);
      }
    }
    return { send, blocked };
  }

  /** One thing: as it may be sent, or `null` and why not. Never rejects. */
  async function check<T>(item: T): Promise<{ send: T | null; blocked: Blocked | null }> {
    const { send, blocked } = await filter([item]);
    return { send: send[0] ?? null, blocked: blocked[0] ?? null };
  }

  /** For a sender that asks for a person without a thing: flags. */
  async function person(ids: unknown[], feature: 'flags' | 'tracking' | 'profile' | 'replay'): Promise<Blocked | null> {
    let named: string[] = [];
    let state: RequestState | undefined;
    try {
      named = ids.filter((id) => id !== undefined && id !== null && id !== '').map(idOf);
      if (named.length) state = await o.ledger.allowed(named, o.now());
    } catch {
      // Shut, below.
    }
    if (state?.modes?.[feature] === 'on') return null;
    const blocked: Blocked = { code: state?.code ?? 'person-missing', reason: state?.reason ?? 'Nobody knows whose it is, or the ledger did not answer.', event: null, ids: named, at: state?.at ?? null };
    tell(blocked);
    return blocked;
  }

  return Object.freeze({ filter, check, person });
}
