// The ledger: what each person answered, when, and to which policy; kept where a job without a
// request can ask. It finds and hands on: what an answer makes of a person, and what that allows,
// the core says (src/core/standing.rs); that it is written whole or not at all is the store's.
//
// Each change is read, made, and written on the condition that nobody has written in between; else
// it is read again. So several servers may write for one person at once, on any store that can make
// a write depend on what is there.

import type { HistoryEntry, HistoryExport, Ledger, LedgerOptions, LedgerStore, Receipt, Recorded, RecordOptions, RequestState, StoreAppend, StoreChange, StoreWant, StoredId, StoredPerson, Terms } from '../../api/server.js';
import { type Kept, type Outcome, judge, keyOf, meant, shut, take } from '../core.js';
import { BridgeError, fail, harmless, isObject, kindOf, told } from '../errors.js';
import { DEVICE, idOf, idsOf, moment } from '../ids.js';
import { pause, within } from '../time.js';
import { checkTerms, known, span, versionOf } from '../options.js';
import { answered, publicly, read, repeats, written } from './entry.js';
import { forgotten, idsIn, joined, others } from './people.js';
import { memory } from './memory.js';

/** Entries kept of one person: more than people change their minds, and a bound on what one id can put into a store. */
const MOST = 1000;
/** How often what has ended is removed from the store, in milliseconds. */
const CLEANING = 3600_000;
/** Checks kept in memory, with `staleness`. */
const CACHED = 10_000;
/** People of whom this program remembers how new they are. */
const REMEMBERED = 10_000;
const DAY = 86_400_000;
/** The last moment that a Date can be, in milliseconds since 1970. */
const LAST_DATE = 8.64e15;

const OPTIONS = ['store', 'implied', 'denied', 'version', 'maxAge', 'retention', 'timeout', 'staleness', 'onChange', 'now'];
const METHODS = ['read', 'append', 'link', 'forget'] as const;

let warned = false;
/** The default. That it forgets is said once, for a program that forgot to name a store. */
function unnamed(): LedgerStore {
  if (!warned) console.warn('mixpanel-consent-bridge: this ledger is kept in memory and is gone when the program ends. Name a store: consentLedger({ store: postgres(pool) }), redis(client), sqlite(file), or memory() where that is meant.');
  warned = true;
  return memory();
}

/** What a site gave that is near a store, and how a store is made of it. */
function meantStore(given: unknown): string {
  const can = (...methods: string[]) => isObject(given) && methods.every((method) => typeof given[method] == 'function');
  // An address may have a password in it, so it is not shown.
  if (typeof given == 'string') return /^\w+:\/\//.test(given) ? ' Give postgres() a pool, or redis() a client, that was made with this address.' : ` Did you mean \`sqlite('${given.length > 0 && given.length < 100 ? given : 'consent.db'}')\`?`;
  if (can('query', 'connect')) return ' Did you mean `postgres(pool)`?';
  if (can('sendCommand')) return ' Did you mean `redis(client)`?';
  if (can('prepare', 'exec')) return ' Did you mean `sqlite(database)`?';
  return can('get', 'set') ? ' A Keyv or a Map can set and get, and a history is appended to in one transaction.' : '';
}

function checkStore(given: unknown): void {
  const store: Record<string, unknown> = isObject(given) ? given : {};
  const missing = METHODS.filter((method) => typeof store[method] != 'function');
  if (missing.length) fail('option-invalid', `Option \`store\` is none: ${isObject(given) ? `it has no ${missing.join(', no ')}` : `it is ${kindOf(given)}`}.${meantStore(given)} Use memory(), sqlite(file), postgres(pool), redis(client), or one of your own with read, append, link and forget.`);
}

function checked(given: LedgerOptions) {
  known(given, OPTIONS, ' of a ledger');
  const { implied, denied, version, maxAge, timeout = 5000, staleness = 0, onChange, now = Date.now } = given;
  span('retention', given.retention);
  span('timeout', timeout);
  if (!(typeof staleness == 'number' && staleness >= 0)) fail('option-invalid', 'Option `staleness` is milliseconds, 0 or more.');
  checkTerms(given);
  for (const [key, value] of Object.entries({ onChange, now }))
    if (value !== undefined && typeof value != 'function') fail('option-invalid', `Option \`${key}\` is a function.`);
  // Longer than any date is for ever, and no engine takes it for a time.
  const retention = given.retention !== undefined && given.retention < LAST_DATE ? given.retention : undefined;
  const store = given.store ?? unnamed();
  checkStore(store);
  const terms: Terms & { retention?: number } = { ...(implied ? { implied } : {}), ...(denied ? { denied } : {}), ...(version ? { version } : {}), ...(maxAge ? { maxAge } : {}), ...(retention ? { retention } : {}) };
  return { store, terms, retention, timeout, staleness, onChange, now: () => moment(now()) };
}

export function consentLedger(given: LedgerOptions = {}): Ledger {
  const { store, terms, retention, timeout, staleness, onChange, now } = checked(given);
  const { now: judgeNow, all: judgeAll } = judge(terms);

  const unreachable = (why: string, cause?: unknown) =>
    new BridgeError('ledger-unreachable', `The ledger's store ${why}; nothing is assumed of what is in it. Try again when it can be reached.`, { cause });
  const asked = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await within(timeout, work, () => unreachable(`gave no answer within ${timeout} ms`));
    } catch (error) {
      throw error instanceof BridgeError ? error : unreachable(`failed (${told(error)})`, error);
    }
  };

  /** Whether the store has written. One that does not say so may have kept nothing. */
  const wrote = async (work: () => Promise<unknown>): Promise<boolean> => {
    const made = await asked(work);
    return typeof made == 'boolean' ? made : fail('ledger-unreachable', 'The store did not say whether it has written (true or false): nothing is taken for kept.');
  };

  // ---- what the store says, looked at before it is believed

  /** How new people were when this program last wrote them: an answer that is older comes from a replica, or from a backup. */
  const newest = new Map<string, { rev: string; write: number }>();
  let writes = 0;
  function remember(person: string, rev: string) {
    newest.delete(person);
    newest.set(person, { rev, write: (writes += 1) });
    if (newest.size > REMEMBERED) newest.delete(newest.keys().next().value!);
  }

  /** `since`: how many writes had ended when this was asked. What has ended since need not be in it. */
  function believed(found: readonly StoredId[], count: number, since: number): readonly StoredId[] {
    if (!Array.isArray(found) || found.length !== count) throw unreachable('answered something else than what it was asked');
    for (const row of found) {
      if (!row || typeof row.rev != 'string' || !Array.isArray(row.owners) || !Array.isArray(row.persons)) throw unreachable('answered something else than what it was asked');
      for (const { person, rev, present } of row.persons) {
        if (typeof rev != 'string' || typeof present != 'string') throw unreachable('answered something else than what it was asked');
        const known = newest.get(person);
        if (known && known.write <= since && rev < known.rev) throw new BridgeError('ledger-stale', 'The store answered what it had before this program wrote last: it is a replica that lags, or a backup. Let the ledger ask the primary.');
      }
    }
    return found;
  }
  const readKeys = async (keys: readonly string[], want?: StoreWant) => {
    const since = writes;
    return believed(await asked(() => store.read(keys, want)), keys.length, since);
  };

  // ---- checks

  const cache = new Map<string, { row: StoredId; until: number }>();
  /** The rows of these ids as they are now, or were a moment ago. */
  async function presentOf(keys: readonly string[]): Promise<readonly StoredId[]> {
    if (!staleness) return readKeys(keys);
    const time = performance.now();
    const kept = keys.map((key) => cache.get(key)).map((one) => (one && one.until > time ? one.row : undefined));
    const missing = keys.filter((_, n) => !kept[n]);
    if (missing.length) {
      const found = await readKeys(missing);
      for (const [n, key] of missing.entries()) {
        cache.delete(key);
        cache.set(key, { row: found[n]!, until: time + staleness });
        if (cache.size > CACHED) cache.delete(cache.keys().next().value!);
      }
      return keys.map((_, n) => kept[n] ?? found[missing.indexOf(keys[n]!)]!);
    }
    return kept as StoredId[];
  }

  /** The people who may be meant by ids that are named together, as the core says; `null`: of one of them nothing is known. */
  function peopleOf(ids: readonly string[], rows: readonly StoredId[]): StoredPerson[] | null {
    const numbers = new Map<string, number>();
    const people: StoredPerson[] = [];
    const named = ids.map((id, n) => ({
      device: id.startsWith(DEVICE),
      persons: rows[n]!.persons.map((person) => {
        const number = numbers.get(person.person) ?? numbers.size;
        numbers.set(person.person, number);
        people[number] = person;
        return number;
      }),
    }));
    return meant(named)?.map((number) => people[number]!) ?? null;
  }

  async function allowed(id: unknown, at?: unknown): Promise<RequestState> {
    const ids = idsOf(id);
    const time = now();
    const times = at === undefined ? null : (Array.isArray(at) ? at : [at]).map(moment);
    try {
      const keys = ids.map(keyOf);
      const past = times?.filter((one) => one < time) ?? [];
      if (!past.length) {
        const rows = await presentOf(keys);
        // By far most are checks of one person, now.
        if (!times && rows.length === 1 && rows[0]!.persons.length === 1) return judgeNow(rows[0]!.persons[0]!.present, time);
        const lines = (peopleOf(ids, rows) ?? [null]).map((person) => person?.present ?? '');
        return judged(lines.flatMap((line) => (times ?? [time]).map((one) => [line, one] as const)), time);
      }
      const each = await Promise.all(past.map((one) => readKeys(keys, { at: one })));
      const asks = each.flatMap((rows, n) => (peopleOf(ids, rows) ?? [null]).map((person) => [person?.then ?? '', past[n]!] as const));
      const later = times!.filter((one) => one >= time);
      const present = (peopleOf(ids, each[0]!) ?? [null]).flatMap((person) => later.map((one) => [person?.present ?? '', one] as const));
      return judged([...asks, ...present], time);
    } catch (error) {
      return shut(error instanceof BridgeError ? error.code : 'ledger-unreachable', told(error), Math.max(time, ...(times ?? [])));
    }
  }
  const judged = (asks: readonly (readonly [line: string, at: number])[], time: number) =>
    judgeAll(asks.map(([line]) => line), asks.map(([, at]) => at), time, Math.max(...asks.map(([, at]) => at)));

  const stateOf = (lines: readonly string[]) => {
    const time = now();
    return judged((lines.length ? lines : ['']).map((line) => [line, time] as const), time);
  };

  // ---- changes

  let counter = 0;
  /** Unlike any other, and greater than those before it. */
  function revAfter(...before: readonly string[]): string {
    const least = Math.max(0, ...before.map((rev) => parseInt(rev.slice(0, 9), 36) || 0));
    const time = Math.max(Math.floor(now()), least + 1).toString(36).padStart(9, '0');
    counter = (counter + 1) % 1296;
    return time + counter.toString(36).padStart(2, '0') + Math.floor(Math.random() * 36 ** 8).toString(36).padStart(8, '0');
  }
  const life = retention === undefined ? null : retention + DAY;

  /** Does this until nobody has written in between, for as long as the store may take. */
  async function untilDone<T>(attempt: () => Promise<{ done: T } | null>): Promise<T> {
    const from = performance.now();
    for (let tries = 0; ; tries++) {
      const made = await attempt();
      if (made) return made.done;
      if (performance.now() - from > timeout) throw unreachable(`was written to by others each time, for ${timeout} ms`);
      // The pause is random, so that two writers do not collide again and again.
      await pause(Math.random() * Math.min(4 * 2 ** tries, 100));
    }
  }

  function changed(ids: readonly string[]) {
    for (const id of ids) cache.delete(keyOf(id));
    harmless('onChange', onChange, ids);
    const time = performance.now();
    if (store.expire && time - cleaned > CLEANING) {
      cleaned = time;
      // No caller waits for the removal. If it fails, the next one removes the same.
      void asked(() => store.expire!(retention === undefined ? 0 : now() - retention - DAY)).catch(() => {});
    }
  }
  let cleaned = -Infinity;

  /** What this program is recording: forgetting the person wins. */
  const underWay = new Map<string, Set<{ dropped: boolean }>>();
  const turns = new Map<string, Promise<unknown>>();
  /** One after another for one id, so that this program does not stand in its own way. */
  function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const mine = (turns.get(key) ?? Promise.resolve()).then(work, work);
    const settled = mine.then(() => {}, () => {});
    turns.set(key, settled);
    void settled.then(() => turns.get(key) === settled && turns.delete(key));
    return mine;
  }

  async function record(given: unknown, what: RequestState | Receipt, options: RecordOptions = {}): Promise<Recorded> {
    const id = idOf(given);
    known(options, ['device', 'claimed', 'version'], ' of record()');
    const said = answered(what);
    if (options.claimed !== undefined && typeof options.claimed != 'boolean') fail('option-invalid', 'Option `claimed` is true or false.');
    const device = options.device === undefined || options.device === null ? null : idOf(options.device);
    const version = versionOf(options.version) ?? terms.version;
    const heard = now();
    const key = keyOf(id);
    const from = device ?? (id.startsWith(DEVICE) ? id : null);
    const kept: Kept = {
      id, at: options.claimed ? heard : Math.min(said.at, heard), heard, event: said.event, consent: said.consent, by: device ?? id,
      ...(said.cmp ? { cmp: said.cmp } : {}), ...(version ? { version } : {}), ...(from === null ? {} : { device: keyOf(from) }),
      ...(options.claimed && said.event ? { said: said.at } : {}), ...(said.event ? {} : { seen: true as const }), ...(said.proven === undefined ? {} : { proven: said.proven }),
    };
    const token = { dropped: false };
    const tokens = underWay.get(key) ?? new Set();
    underWay.set(key, tokens.add(token));
    try {
      return await inTurn(key, () => keep(key, kept, token));
    } catch (error) {
      // A state is read again with the visitor's next request, so this request need not fail.
      if (said.event === null && error instanceof BridgeError && error.code.startsWith('ledger-')) return { recorded: false, entry: null, state: shut(error.code, error.message, heard) };
      throw error;
    } finally {
      tokens.delete(token);
      if (!tokens.size && underWay.get(key) === tokens) underWay.delete(key);
    }
  }

  async function keep(key: string, kept: Kept, token: { dropped: boolean }): Promise<Recorded> {
    let first: StoredId | undefined;
    return untilDone<Recorded>(async () => {
      // A state is seldom news, and the person's line alone tells whether it is: most requests cost one small read.
      let [row] = (await readKeys([key], first || !kept.seen ? { whole: true } : {})) as [StoredId];
      if (!first && kept.seen && row.persons.length && !row.persons.some(({ present }) => take(present, row.owners.length > 1 ? { ...kept, shared: true } : kept, false)))
        return { done: { recorded: false, entry: null, state: stateOf(row.persons.map(({ present }) => present)) } };
      first ??= row;
      if (kept.seen && row.persons.length) [row] = (await readKeys([key], { whole: true })) as [StoredId];
      if (token.dropped || (!row.owners.length && row.rev && row.rev !== first.rev)) return { done: { recorded: false, entry: null, state: stateOf([]) } };
      const shared = row.owners.length > 1;
      const mine: Kept = shared ? { ...kept, shared: true } : kept;
      // If the store has lost the person whom the id leads to, the id begins anew as a person of its own.
      const persons: readonly StoredPerson[] = row.persons.length ? row.persons : [{ person: key, rev: row.rev, ids: JSON.stringify([kept.id]), present: '', last: '' }];
      let entry: HistoryEntry | null = null;
      const lines: string[] = [];
      for (const person of persons) {
        const outcome: Outcome | undefined = take(person.present, mine, repeats(read(person.last ?? ''), mine));
        lines.push(outcome?.line ?? person.present);
        if (!outcome) continue;
        const text = outcome.event ? written(mine, outcome) : null;
        const change: StoreAppend = {
          person: person.person, expect: person.rev, rev: revAfter(person.rev), ids: person.ids ?? JSON.stringify([kept.id]), present: outcome.line,
          last: text ?? person.last ?? '', entry: text === null ? null : { at: outcome.from, after: outcome.line, entry: text },
          most: MOST, oldest: retention === undefined ? 0 : kept.heard - retention, life, others: life === null ? [] : idsIn(person).map(keyOf).filter((one) => one !== person.person),
        };
        if (token.dropped) return { done: { recorded: false, entry: null, state: stateOf([]) } };
        if (!(await wrote(() => store.append(change)))) return null;
        remember(change.person, change.rev);
        changed(idsIn(person));
        if (text !== null) entry = publicly(read(text)!);
      }
      return { done: { recorded: entry !== null, entry, state: stateOf(lines) } };
    });
  }

  /** Reads all rows that a change concerns, and writes it if they are still so. */
  const change = (ids: readonly string[], act: 'link' | 'forget', plan: (rows: ReadonlyMap<string, StoredId>) => Omit<StoreChange, 'rev' | 'life'> | null) =>
    untilDone(async () => {
      const keys = [...new Set(ids.map(keyOf))];
      const found = await readKeys(keys, { history: true });
      const rows = new Map(keys.map((key, n) => [key, found[n]!]));
      const more = others(found).filter((key) => !rows.has(key));
      if (more.length) for (const [n, row] of (await readKeys(more, { whole: true })).entries()) rows.set(more[n]!, row);
      const made = plan(rows);
      if (!made) return { done: null };
      const rev = revAfter(...made.expect.map(([, one]) => one));
      if (!(await wrote(() => store[act]({ ...made, rev, life })))) return null;
      for (const { person } of made.persons) remember(person, rev);
      for (const key of made.forgotten) newest.delete(key);
      for (const [key] of made.links) newest.delete(key);
      for (const key of [...rows.keys()]) cache.delete(key);
      return { done: { found, made } };
    });

  async function merge(device: unknown, user: unknown): Promise<void> {
    const [a, b] = [idOf(device), idOf(user)];
    if (a === b) return;
    const done = await change([a, b], 'link', (rows) => joined(a, b, rows, MOST));
    if (done) changed([...new Set(done.made.persons.flatMap(idsIn))]);
  }

  async function forget(given: unknown): Promise<number> {
    const ids = idsOf(given);
    const drop = (key: string) => { for (const token of underWay.get(key) ?? []) token.dropped = true; };
    for (const id of ids) drop(keyOf(id));
    let removed = 0;
    for (const id of ids) {
      const done = await change([id], 'forget', (rows) => {
        const plan = forgotten(id, rows, MOST);
        for (const key of plan.forgotten) drop(key);
        return plan;
      });
      const left = new Map(done?.made.persons.map(({ person, entries }) => [person, entries.length]));
      for (const person of done?.found[0]?.persons ?? []) removed += (person.entries?.length ?? 0) - (left.get(person.person) ?? 0);
      changed([id, ...(done?.found[0]?.persons ?? []).flatMap(idsIn)]);
    }
    return removed;
  }

  // ---- what is known

  async function historyOf(ids: readonly string[]) {
    const rows = await readKeys(ids.map(keyOf), { history: true });
    const persons = new Map<string, StoredPerson>();
    const entries = new Map<string, Kept>();
    const oldest = retention === undefined ? -Infinity : now() - retention;
    for (const [n, row] of rows.entries())
      for (const person of row.persons) {
        persons.set(person.person, person);
        for (const { entry } of person.entries ?? []) {
          const kept = read(entry);
          // Of a device that several people use only what was said on it is shown: the rest is about somebody else.
          if (kept && kept.heard >= oldest && (row.persons.length === 1 || kept.id === ids[n])) entries.set(JSON.stringify({ ...kept, late: 0, shared: 0, event: 0 }), kept);
        }
      }
    return { known: [...new Set([...ids, ...[...persons.values()].flatMap(idsIn)])], entries: [...entries.values()].map(publicly) };
  }

  async function ids(given: unknown): Promise<string[]> {
    const named = idsOf(given);
    const rows = await readKeys(named.map(keyOf), { whole: true });
    return [...new Set([...named, ...rows.flatMap((row) => row.persons.flatMap(idsIn))])];
  }

  async function exported(given: unknown): Promise<HistoryExport> {
    const named = idsOf(given);
    const made = now();
    const { known, entries } = await historyOf(named);
    const { mode, consent, code, reason } = await allowed(named);
    return { format: 'mixpanel-consent-bridge/history', formatVersion: 1, made, ids: known, entries, now: { mode, consent, code, reason }, terms };
  }

  return Object.freeze({
    record, allowed, merge, ids, forget,
    history: async (given: unknown) => (await historyOf(idsOf(given))).entries,
    export: exported,
    heard: (given: unknown) => { for (const id of idsOf(given)) cache.delete(keyOf(id)); },
  });
}
