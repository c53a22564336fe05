// The ledger: what each person answered, when, and to which policy; kept where a job without a
// request can ask. It keeps and finds; what a history allows is asked of the core
// (src/core/history.rs), and how entries are added without loss is chain.ts's.

import type { LedgerOptions, RecordOptions, RequestState, Receipt, Terms } from './types.js';
import { BridgeError } from '../page/gate/error.js';
import { chains, type KeyValue } from './chain.js';
import { allowedThrough, shut, turnOf } from './core.js';

/** As in the browser's receipts. */
const FEATURES = ['tracking', 'replay', 'profile', 'flags'];
const ANSWERS = ['unset', 'granted', 'denied', 'implied-granted', 'implied-denied'];
const EVENTS = ['given', 'refused', 'withdrawn', 'expired'];

/** What Mixpanel puts before the id of a device (mixpanel-browser from 2.46 on). */
const DEVICE = '$device:';
/** As long as an id may be, in characters; Mixpanel's own limit is 255. */
const ID = 512;
/** Ids that may be kept as they are: what is longer or stranger is hashed, because PostgreSQL's
 * keys end at 255 characters and Keyv's namespaces at a colon. */
const PLAIN = /^[\w$@.+:-]{1,100}$/;

/** Not with a colon: Keyv takes a key that begins with its namespace and a colon for one that it
 * has made itself, when it gets one and not when it gets many. */
const PREFIX = 'mixpanel-consent/';

const OPTIONS = ['store', 'implied', 'denied', 'version', 'maxAge', 'retention', 'prefix', 'timeout', 'now'];

interface Link {
  readonly device?: string;
  readonly user?: string;
}
interface Kept {
  readonly at: number;
  readonly event: any;
  readonly cmp?: string;
  readonly consent: any;
  readonly version?: string;
  /** Unlike any other. */
  readonly id?: string;
  /** Which device said it. */
  readonly via?: string;
  /** When, by the clock of the one who said it. */
  readonly said?: number;
  /** When it came, by this server's clock. */
  readonly kept?: number;
  /** Nobody knows whether writing it came to an end: it closes, and does not open. */
  readonly limits?: boolean;
}

const invalid = (code: string, message: string): never => {
  throw new BridgeError(code, message);
};

/** An id as it is kept; numbers are what they look like, as Mixpanel takes them. */
export const idOf = (id: unknown): string => {
  const text = typeof id == 'number' && Number.isFinite(id) ? String(id) : id;
  if (typeof text != 'string' || !text || text.length > ID)
    return invalid('id-invalid', `An id is a text of 1 to ${ID} characters, or a number; this is ${typeof text == 'string' ? `one of ${text.length} characters` : `a ${text === null ? 'null' : typeof text}`}.`);
  return text;
};

/** Milliseconds since 1970 of a Date or a number of them. */
const moment = (at: unknown): number => {
  const ms = at instanceof Date ? at.getTime() : at;
  return typeof ms == 'number' && ms >= 0 && Number.isFinite(ms) ? ms : invalid('time-invalid', 'A time is a Date or milliseconds since 1970.');
};

async function keyOf(id: string): Promise<string> {
  if (PLAIN.test(id)) return id;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(id)));
  return `#${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** A receipt or a state as an entry says it; throws if it is neither. */
export function entryOf(what: any): { event?: any; at: number; cmp?: string; consent: any } {
  const given = what ?? {};
  const consent = given.features ?? given.consent;
  const bad = (why: string) => invalid('entry-invalid', `This is no state of readConsent() and no receipt: ${why}.`);
  if (!consent || typeof consent != 'object') bad('it has no answer for each feature');
  for (const feature of FEATURES) if (!ANSWERS.includes(consent[feature])) bad(`its answer for ${feature} is none of ${ANSWERS.join(', ')}`);
  if (given.features === undefined && !EVENTS.includes(given.event)) bad(`its event is none of ${EVENTS.join(', ')}`);
  const { cmp } = given;
  if (cmp !== undefined && cmp !== null && (typeof cmp != 'string' || !/^[A-Za-z0-9-]{0,40}$/.test(cmp))) bad('its source is no id');
  const clean = Object.fromEntries(FEATURES.map((feature) => [feature, consent[feature]]));
  return { event: given.features === undefined ? given.event : undefined, at: moment(given.at), ...(cmp ? { cmp } : {}), consent: clean };
}

export function consentLedger(given: LedgerOptions = {}) {
  for (const key of Object.keys(given))
    if (!OPTIONS.includes(key)) invalid('option-unknown', `There is no option \`${key}\` of a ledger. The options are ${OPTIONS.join(', ')}.`);
  const { store = new Map(), implied, denied, version, maxAge, retention, prefix = PREFIX, timeout = 5000, now = Date.now } = given;
  for (const [key, value] of Object.entries({ maxAge, retention, timeout }))
    if (value !== undefined && !(typeof value == 'number' && value > 0)) invalid('option-invalid', `Option \`${key}\` is milliseconds, more than 0.`);
  for (const [key, value, words] of [['implied', implied, ['accept', 'ask']], ['denied', denied, ['off', 'cookieless']]] as const)
    if (value !== undefined && !(words as readonly string[]).includes(value)) invalid('option-invalid', `Option \`${key}\` may be ${words.join(', ')}.`);
  if (typeof (store as any)?.get != 'function' || typeof (store as any)?.set != 'function' || typeof (store as any)?.delete != 'function')
    invalid('option-invalid', 'Option `store` is a Keyv, a Map, or an object with get, set and delete.');
  const terms: Terms = { ...(implied ? { implied } : {}), ...(denied ? { denied } : {}), ...(version ? { version } : {}), ...(maxAge ? { maxAge } : {}) };
  const rows = chains(store as KeyValue, { prefix, timeout });
  // The store forgets by itself what has ended; a day more, because its clock is another.
  const ttl = retention === undefined ? undefined : retention + 86_400_000;

  /** What is kept of one id: its entries, and what it is linked with. */
  async function row(id: string) {
    const entries: Kept[] = [];
    const devices = new Set<string>();
    const users = new Set<string>();
    const sure = new Set<string>();
    const cells = await rows.read(await keyOf(id));
    for (const cell of cells) {
      let kept: any;
      try {
        kept = JSON.parse(cell.text);
      } catch {
        kept = {};
      }
      if (kept?.device) devices.add(kept.device);
      else if (kept?.user) users.add(kept.user);
      else {
        if (cell.sure && kept?.id) sure.add(kept.id);
        entries.push(cell.sure ? kept : { ...kept, limits: true });
      }
    }
    const oldest = retention === undefined ? -Infinity : now() - retention;
    return {
      id,
      devices,
      users,
      // What was begun in one cell may have been ended in another. What has no time is not old.
      entries: entries.filter((entry) => !(entry.limits && entry.id && sure.has(entry.id)) && !(entry.at < oldest)),
    };
  }
  type Row = Awaited<ReturnType<typeof row>>;

  /**
   * The server's clock orders what it hears, because a browser's may be wrong. Where a device says
   * that it gave a yes before another of its answers, the yes is moved back to before that answer:
   * a receipt that was delivered late does not undo a later withdrawal. What an entry closes is
   * never moved, and stays at the time at which it arrived.
   */
  function inOrder(entries: readonly Kept[]): Kept[] {
    // Nobody answers in the future: a clock that is ahead is taken to say "now".
    const claim = (entry: Kept) => (entry.said === undefined ? undefined : Math.min(entry.said, entry.kept ?? entry.at));
    return entries.flatMap((entry) => {
      const claimed = claim(entry);
      if (claimed === undefined || entry.event !== 'given') return [entry];
      const later = entries.filter((other) => other.via === entry.via && (claim(other) ?? -Infinity) > claimed);
      const bound = Math.min(...later.map(({ at }) => at - 1));
      if (!(bound < entry.at)) return [entry];
      return [{ ...entry, limits: true }, { ...entry, at: bound }];
    });
  }

  /**
   * The persons that these ids belong to, with what each has said: on their own account and on
   * their devices. A device of several persons is nobody's word for yes: what was said there
   * only closes for each of them.
   */
  async function persons(ids: readonly string[]) {
    const known = new Map<string, Row>();
    const load = async (some: Iterable<string>) => {
      await Promise.all([...some].filter((id) => !known.has(id)).map(async (id) => known.set(id, await row(id))));
    };
    await load(ids);
    await load(ids.flatMap((id) => [...known.get(id)!.users]));
    const isDevice = (id: string) => id.startsWith(DEVICE) || known.get(id)!.users.size > 0;
    const users = new Set([...ids.filter((id) => !isDevice(id)), ...ids.flatMap((id) => [...known.get(id)!.users])]);
    await load([...users].flatMap((id) => [...known.get(id)!.devices]));
    const together = ids.filter(isDevice);
    const of = (user: string) => [...new Set([...known.get(user)!.devices, ...together])];
    const people = (users.size ? [...users] : [null]).map((user) => {
      const devices = user === null ? together : of(user);
      return {
        ids: [...new Set([...(user === null ? [] : [user]), ...devices])],
        entries: inOrder([
          ...(user === null ? [] : known.get(user)!.entries),
          ...devices.flatMap((device) => {
            const { entries, users: owners } = known.get(device)!;
            // Named together with several persons, it is theirs as well.
            const shared = new Set([...owners, ...(together.includes(device) ? users : [user])]).size > 1;
            return shared ? entries.map((entry) => ({ ...entry, limits: true })) : entries;
          }),
        ]),
      };
    });
    return people;
  }

  const list = (given: unknown): string[] => {
    const ids = (Array.isArray(given) ? given : [given]).map(idOf);
    return ids.length ? [...new Set(ids)] : invalid('id-invalid', 'The list of ids is empty.');
  };

  async function allowed(given: unknown, at: unknown = now()): Promise<RequestState> {
    const ids = list(given);
    const times = (Array.isArray(at) ? at : [at]).map(moment);
    try {
      return allowedThrough((await persons(ids)).map(({ entries }) => entries as any[]), times, terms);
    } catch (error) {
      return shut(error instanceof BridgeError ? error.code : 'ledger-unreachable', error instanceof Error ? error.message : String(error), Math.max(...times));
    }
  }

  const unlike = () => crypto.randomUUID();

  async function record(given: unknown, what: RequestState | Receipt, options: RecordOptions = {}) {
    const id = idOf(given);
    const said = entryOf(what);
    const via = options.device === undefined ? id : idOf(options.device);
    const time = now();
    // Nobody answers in the future; a clock that says so would hold a withdrawal back.
    const at = options.claimed ? time : Math.min(said.at, time);
    const people = await persons([id]);
    const entries = people.flatMap((person) => person.entries);
    const event = said.event ?? turnOf(entries as any[], entries.filter((one) => one.via === via) as any[], at, said.consent);
    const kept: Kept = {
      id: unlike(), at, event, ...(said.cmp ? { cmp: said.cmp } : {}), consent: said.consent,
      ...((options.version ?? version) ? { version: options.version ?? version! } : {}),
      via, kept: time, ...(options.claimed ? { said: said.at } : {}),
    };
    // A browser posts again what it does not know to have arrived.
    const again = entries.some((one) => !one.limits && one.via === via && one.event === event && one.cmp === kept.cmp && (options.claimed ? one.said === said.at : one.at === at) && JSON.stringify(one.consent) === JSON.stringify(said.consent));
    const news = !!event && !again;
    if (news) await rows.append(await keyOf(id), JSON.stringify(kept), ttl);
    return { recorded: news, entry: news ? publicly(kept) : null, state: await allowed(id) };
  }

  async function merge(device: unknown, user: unknown) {
    const [a, b] = [idOf(device), idOf(user)];
    if (a === b) return;
    const [first, second] = await Promise.all([row(b), row(a)]);
    const link = async (id: string, to: Link) => rows.append(await keyOf(id), JSON.stringify({ ...to, id: unlike(), kept: now() }), ttl);
    // The person first: what is asked of them includes the device from then on. Should this end
    // here, the device stands alone as before, and the next merge() goes on.
    if (!first.devices.has(a)) await link(b, { device: a });
    if (!second.users.has(b)) await link(a, { user: b });
  }

  const ids = async (given: unknown) => [...new Set((await persons(list(given))).flatMap((person) => person.ids))];

  const publicly = ({ at, event, cmp, consent, version: agreed, via, said, limits }: Kept) => ({
    at, event, cmp: cmp ?? null, consent, version: agreed ?? null, device: via ?? null,
    ...(said === undefined ? {} : { said }), ...(limits ? { unfinished: true } : {}),
  });

  async function history(given: unknown) {
    const entries = (await persons(list(given))).flatMap((person) => person.entries);
    const once = new Map(entries.map((entry) => [entry.id ?? entry, entry]));
    return [...once.values()].sort((a, b) => a.at - b.at).map((entry) => publicly(entry));
  }

  async function exported(given: unknown) {
    const person = list(given);
    const made = now();
    const entries = await history(person);
    const state = await allowed(person, made);
    return {
      format: 'mixpanel-consent-bridge/history', formatVersion: 1, made, ids: await ids(person), entries,
      now: { mode: state.mode, consent: state.consent, code: state.code, reason: state.reason },
      terms: { ...terms, ...(retention === undefined ? {} : { retention }) },
    };
  }

  async function forget(given: unknown) {
    let removed = 0;
    for (const id of list(given)) removed += await rows.drop(await keyOf(id));
    return removed;
  }

  return Object.freeze({ record, allowed, merge, ids, history, export: exported, forget });
}
