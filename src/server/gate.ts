// The gate on a server: what may be sent of the things that somebody wants to send to Mixpanel,
// each at its own time and for its own person. It asks the ledger and decides nothing; guard.ts
// puts it before the SDK, and other senders (HTTP bodies, queues) ask it themselves.
//
// Sources: mixpanel 0.24.0 (lib/mixpanel-node.js, people.js, groups.js, profile_helpers.js);
// https://docs.mixpanel.com/reference/track-event, /import-events, /profile-set (read 2026-11).

import { FEATURE_NAMES, MODE_NAMES } from '../page/contract.js';
import type { Blocked, Feature, Gate, GateOptions, RequestState } from '../api/server.js';
import { fail, harmless, isObject, kindOf, told } from './errors.js';
import { DEVICE, idOf, moment } from './ids.js';
import { known } from './options.js';

const OPTIONS = ['ledger', 'onBlocked', 'late', 'nobody', 'identify', 'keep', 'now'];

/** Below it a number of time is seconds, from it on milliseconds: 1973 in the one, 5138 in the
 * other. Mixpanel takes both. */
const SECONDS_END = 1e11;

/** Events that say who somebody is, and nothing else: the browser's gate has them so as well. */
const NAMING: readonly unknown[] = ['$identify', '$create_alias', '$merge'];
/** Where an event names its person. */
const EVENT_IDS = ['distinct_id', '$distinct_id', '$user_id', 'user_id', 'alias', '$identified_id', '$anon_id', '$anon_distinct_id'];
/** Where it names a device. */
const DEVICE_IDS = ['$device_id', 'device_id'];
/** What may not be named in `keep`: with it, an event is somebody's. */
const PERSONAL = new Set([...EVENT_IDS, ...DEVICE_IDS, '$distinct_ids', 'ip', '$ip']);
/** All that a profile's deletion has; whatever else there is with it is no deletion. */
const DELETING = new Set(['$delete', '$token', '$distinct_id', '$group_key', '$group_id', '$ignore_alias', '$ignore_time', '$time', '$ip']);

interface Question {
  readonly feature: Feature;
  readonly ids: string[];
  /** Its own time; `null`: now. */
  readonly at: number | null;
}
interface Wrong {
  readonly code: string;
  readonly reason: string;
}
/** Passes unasked, cannot be asked for, or has to be asked for. */
type Reading = 'pass' | Wrong | Question;
type Verdict = { readonly send: unknown } | { readonly blocked: Blocked };

const wrong = (code: string, reason: string): Wrong => ({ code, reason });

/** Milliseconds since 1970; NaN for what is no time. JSON makes texts of Dates. */
function timeOf(given: unknown): number {
  if (given instanceof Date) return given.getTime();
  const number = typeof given == 'string' && /^\d+(\.\d+)?$/.test(given) ? Number(given) : given;
  if (typeof number == 'string') return Date.parse(number);
  if (typeof number != 'number' || !(number >= 0) || !Number.isFinite(number)) return NaN;
  return number < SECONDS_END ? number * 1000 : number;
}

const nobodyNamed = (more = '') => wrong('person-missing', `Nothing in it says whose it is, so nobody can be asked.${more}`);
/** Why a ruling does not allow it. A ledger of the site's own may answer with something else than one. */
const ruled = (state: RequestState | undefined) => wrong(state?.code ?? 'ledger-unreachable', state?.reason ?? 'The ledger gave no answer.');
const silent = (error: unknown) => wrong('ledger-unreachable', `The ledger did not answer: ${told(error)}.`);

/** Ids that may be asked for, each once; or why one of them cannot be. Those that are left out are none. */
function idsAmong(named: readonly unknown[]): string[] | Wrong {
  try {
    return [...new Set(named.filter((id) => id !== undefined && id !== null && id !== '').map(idOf))];
  } catch (error) {
    return wrong('id-invalid', told(error));
  }
}

/** What a thing says of whose it is; ids as they stand there, those of devices as the ledger has them. */
export function namesIn(item: unknown): unknown[] {
  if (!isObject(item)) return [];
  if (!('event' in item)) return [item['$distinct_id']];
  const body = isObject(item['properties']) ? item['properties'] : {};
  const device = (id: unknown) => (typeof id == 'string' && id && !id.startsWith(DEVICE) ? DEVICE + id : id);
  const several = body['$distinct_ids'];
  return [...EVENT_IDS.map((key) => body[key]), ...(Array.isArray(several) ? several : []), ...DEVICE_IDS.map((key) => device(body[key]))];
}

/**
 * Of two rulings the one that opens less, and the second where both open the same. It judges no answer:
 * both rulings are the ledger's, each of a moment at which the thing has to be allowed, and the order of
 * the modes is the core's. What is no mode opens nothing.
 */
const stricter = (a: RequestState, b: RequestState, feature: Feature): RequestState => {
  const open = (state: RequestState) => Math.max(0, MODE_NAMES.indexOf(state?.modes?.[feature]));
  return open(a) === 0 || open(a) < open(b) ? a : b;
};

export function gate(given: GateOptions): Gate {
  known(given, OPTIONS, ' of a gate');
  const { ledger, onBlocked, late = 'refuse', nobody = 'block', identify, keep = [], now = Date.now } = given;
  if (typeof ledger?.allowed != 'function') fail('option-invalid', 'Option `ledger` is missing: make one with consentLedger().');
  for (const [key, value, words] of [['late', late, ['refuse', 'send']], ['nobody', nobody, ['block', 'pass']]] as const)
    if (!(words as readonly string[]).includes(value)) fail('option-invalid', `Option \`${key}\` may be ${words.join(', ')}.`);
  for (const [key, value] of Object.entries({ onBlocked, identify, now }))
    if (value !== undefined && typeof value != 'function') fail('option-invalid', `Option \`${key}\` is a function.`);
  if (!Array.isArray(keep) || keep.some((name) => typeof name != 'string' || !name)) fail('option-invalid', 'Option `keep` is a list of the names of properties.');
  const personal = keep.find((name: string) => PERSONAL.has(name));
  if (personal !== undefined) fail('option-invalid', `Option \`keep\` names \`${personal}\`, which says whose the event is: without cookies it is nobody's.`);
  const kept = new Set<string>(keep);

  /** What has to be asked for this thing. */
  async function read(item: unknown): Promise<Reading> {
    if (!isObject(item)) return wrong('item-unreadable', 'What was to be sent is no object, so nobody knows whose it is.');
    const event = 'event' in item;
    const body = event ? (item['properties'] ?? {}) : item;
    if (!isObject(body)) return wrong('item-unreadable', 'The event has no object of properties.');
    if (!event && '$delete' in item && Object.keys(item).every((key) => DELETING.has(key))) return 'pass';
    const named = namesIn(item);
    try {
      named.push(...[await identify?.(item)].flat());
    } catch (error) {
      return wrong('identify-failed', `The option \`identify\` failed (${told(error)}), so nobody knows whose it is.`);
    }
    const ids = idsAmong(named);
    if ('code' in ids) return ids;
    if (!ids.length) return nobody === 'pass' ? 'pass' : nobodyNamed(' What is of no person may be let through with the option `nobody`; the option `identify` can say whose it is.');
    const time = event ? body['time'] : item['$time'];
    const at = time === undefined || time === null ? null : timeOf(time);
    if (at !== null && !(at >= 0)) return wrong('time-unreadable', 'Its time is no Date, no seconds and no milliseconds since 1970, so nobody knows what was allowed then.');
    return { feature: event && !NAMING.includes(item['event']) ? 'tracking' : 'profile', ids, at };
  }

  /**
   * The event's name and time, and what the site keeps. Besides there is what the API wants: the
   * project's token, and a `distinct_id`, which is empty.
   */
  function anonymous(item: Record<string, unknown>) {
    const from = isObject(item['properties']) ? item['properties'] : {};
    const properties: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(from)) if (name === 'time' || name === 'token' || kept.has(name)) properties[name] = value;
    return { event: item['event'], properties: { ...properties, distinct_id: '' } };
  }

  async function filter<T>(items: readonly T[]): Promise<{ send: T[]; blocked: Blocked[] }> {
    if (!Array.isArray(items)) fail('option-invalid', `filter() takes a list of what is to be sent; this is ${kindOf(items)}. check() takes one thing.`);
    const time = moment(now());
    const asked = new Map<string, Promise<RequestState>>();
    /** The same question is asked once for all things of a list. */
    const ask = (ids: string[], at: number | null) => {
      const key = JSON.stringify([ids, at]);
      let answer = asked.get(key);
      if (!answer) asked.set(key, (answer = (async () => (at === null ? ledger.allowed(ids) : ledger.allowed(ids, at)))()));
      return answer;
    };
    const judge = async (item: unknown): Promise<Verdict> => {
      let event: string | null = null;
      const block = ({ code, reason }: Wrong, question?: Question): Verdict =>
        ({ blocked: { code, reason, event, ids: question?.ids ?? [], at: question ? (question.at ?? time) : null } });
      let reading: Reading;
      try {
        if (isObject(item) && typeof item['event'] == 'string') event = item['event'];
        reading = await read(item);
      } catch (error) {
        return block(wrong('item-unreadable', `Reading it failed: ${told(error)}.`));
      }
      if (reading === 'pass') return { send: item };
      if ('code' in reading) return block(reading);
      const { ids, at, feature } = reading;
      let state: RequestState;
      try {
        // Sent now, it has to be allowed now as well, unless the site says otherwise.
        const both = at !== null && at < time && late === 'refuse';
        const [then, present] = await Promise.all([ask(ids, at), both ? ask(ids, null) : null]);
        state = present ? stricter(then, present, feature) : then;
      } catch (error) {
        return block(silent(error), reading);
      }
      switch (state?.modes?.[feature]) {
        case 'on':
          return { send: item };
        case 'cookieless':
          return { send: anonymous(item as Record<string, unknown>) };
        default:
          return block(ruled(state), reading);
      }
    };
    const send: T[] = [];
    const blocked: Blocked[] = [];
    for (const verdict of await Promise.all(items.map(judge))) {
      if ('send' in verdict) send.push(verdict.send as T);
      else {
        blocked.push(verdict.blocked);
        harmless('onBlocked', onBlocked, verdict.blocked);
      }
    }
    return { send, blocked };
  }

  async function check<T>(item: T): Promise<{ send: T | null; blocked: Blocked | null }> {
    const { send, blocked } = await filter([item]);
    return { send: send[0] ?? null, blocked: blocked[0] ?? null };
  }

  async function person(ids: readonly unknown[], feature: Feature): Promise<Blocked | null> {
    if (!Array.isArray(ids)) fail('option-invalid', `person() takes a list of ids; this is ${kindOf(ids)}.`);
    if (!(FEATURE_NAMES as readonly unknown[]).includes(feature)) fail('option-invalid', `person() takes one of ${FEATURE_NAMES.join(', ')}; this is ${typeof feature == 'string' ? `\`${feature}\`` : kindOf(feature)}.`);
    const named = idsAmong(ids);
    const found = 'code' in named ? [] : named;
    const block = ({ code, reason }: Wrong, at: number | null = null): Blocked => {
      const blocked: Blocked = { code, reason, event: null, ids: found, at };
      harmless('onBlocked', onBlocked, blocked);
      return blocked;
    };
    if ('code' in named) return block(named);
    if (!named.length) return block(nobodyNamed());
    let state: RequestState;
    try {
      state = await ledger.allowed(named);
    } catch (error) {
      return block(silent(error));
    }
    if (state?.modes?.[feature] === 'on') return null;
    return block(ruled(state), state?.at ?? null);
  }

  return Object.freeze({ filter, check, person });
}
