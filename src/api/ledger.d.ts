// The public types of the ledger and its stores, a part of `mixpanel-consent-bridge/server`
// (server.d.ts), written by hand.

import type { RequestState, Terms } from './server.js';
import type { Consent, Feature, Receipt } from './words.js';

/** An id as Mixpanel has it: a user's, or `$device:…`. */
export type PersonId = string | number;

export interface LedgerOptions extends Terms {
  /**
   * Where it is kept: {@link memory}, {@link sqlite}, {@link postgres}, {@link redis}, or a store of
   * your own.
   * @default memory(), which forgets when the program ends, and says so once
   */
  store?: LedgerStore;
  /**
   * For how many milliseconds an answer is kept; after that it is not there, and the person
   * unknown. @default for ever
   */
  retention?: number;
  /** For how many milliseconds the store may be silent; `Infinity` waits. @default 5000 */
  timeout?: number;
  /**
   * For how many milliseconds a check may answer from this program's memory. It is the longest time
   * for which a withdrawal that another server has heard may be unheard here. @default 0
   */
  staleness?: number;
  /**
   * Called after each change with the ids that it concerns, for telling other servers
   * ({@link Ledger.heard}). What it throws or rejects with is printed, not passed on.
   */
  onChange?: (ids: readonly string[]) => unknown;
  /** The clock, in milliseconds since 1970. @default Date.now */
  now?: () => number;
}

export interface RecordOptions {
  /** The device that says it, as `$device:…`; answers of one device are told from another's. */
  device?: PersonId;
  /** The version of the site's policy that was agreed to. @default the ledger's */
  version?: string;
  /**
   * Said by a visitor's browser, whose clock may be wrong: it counts from the time of this server.
   * A yes that the browser says is older than a no does not undo it. @default false
   */
  claimed?: boolean;
}

/** One entry of a person's history. */
export interface HistoryEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly event: Receipt['event'];
  /** The source's id. */
  readonly cmp: string | null;
  readonly consent: Readonly<Record<Feature, Consent>>;
  readonly version: string | null;
  /** Who said it: a device, or the person's own id. */
  readonly device: string | null;
  /** The time by the browser's own clock, where it was claimed. */
  readonly said?: number;
  /** It opened nothing: a later answer stood already, or several people use the device. */
  readonly late?: true;
}

/** A person's history for themselves, or for an authority. Plain JSON. */
export interface HistoryExport {
  readonly format: 'mixpanel-consent-bridge/history';
  readonly formatVersion: 1;
  readonly made: number;
  readonly ids: readonly string[];
  readonly entries: readonly HistoryEntry[];
  readonly now: Pick<RequestState, 'mode' | 'consent' | 'code' | 'reason'>;
  readonly terms: Terms & { retention?: number };
}

/** What became of an answer. */
export interface Recorded {
  /** It is an entry of the history now. `false`: it was no news, or `state.code` says what went wrong. */
  readonly recorded: boolean;
  readonly entry: HistoryEntry | null;
  /** What the person allows from then on. */
  readonly state: RequestState;
}

export interface Ledger {
  /**
   * Adds to a person's history what a request came to (`readConsent`), or a receipt. What it
   * resolves to is kept as surely as the store keeps it.
   *
   * A state is added if it is news. It says what was answered and not when, so it undoes no
   * withdrawal, unless its record is signed, or `device` says that it comes from where the
   * withdrawal came from. It is read again with the next request, so where the store cannot be
   * reached this resolves all the same, with `recorded: false` and the code in `state`.
   *
   * A receipt is added unless it says what was said less than an hour ago. It comes once, so where
   * the store cannot be reached this rejects: answer the browser with an error.
   *
   * @throws BridgeError (rejects) `id-invalid`, `entry-invalid`, `time-invalid`; for a receipt
   * `ledger-unreachable`, `ledger-stale`
   */
  record(id: PersonId, what: RequestState | Receipt, options?: RecordOptions): Promise<Recorded>;
  /**
   * What the person's history allowed at a time (now, if none is given); of several times, and
   * where several persons share the ids, the strictest. A store that cannot be asked allows
   * nothing (`ledger-unreachable`): it never rejects for that.
   *
   * @param id one id, or several of one person
   * @param at a Date or milliseconds since 1970, or several
   * @throws BridgeError (rejects) `id-invalid`, `time-invalid`
   */
  allowed(id: PersonId | readonly PersonId[], at?: number | Date | readonly (number | Date)[]): Promise<RequestState>;
  /**
   * From now on the device is the person's: call it where the site calls `identify`. Links are
   * transitive. A device of several people can close for each of them and open for none.
   *
   * @throws BridgeError (rejects) `id-invalid`, `ledger-unreachable`
   */
  merge(device: PersonId, user: PersonId): Promise<void>;
  /** All ids known for the person. */
  ids(id: PersonId | readonly PersonId[]): Promise<string[]>;
  /** The person's history, oldest first. */
  history(id: PersonId | readonly PersonId[]): Promise<HistoryEntry[]>;
  /** The same as a document. */
  export(id: PersonId | readonly PersonId[]): Promise<HistoryExport>;
  /**
   * Removes the person whom this id belongs to, with all ids and entries; answers how many entries
   * there were. Of a device of several people, what was said there is removed, and the people stay.
   * What is being recorded meanwhile is not kept.
   */
  forget(id: PersonId | readonly PersonId[]): Promise<number>;
  /** Another server has changed these: ask the store again, whatever `staleness` allows. */
  heard(id: PersonId | readonly PersonId[]): void;
}

/**
 * What each person answered, kept where a job without a request can ask.
 *
 * ```ts
 * const ledger = consentLedger({ store: postgres(pool) });
 * await ledger.record('user-42', readConsent(request));
 * if ((await ledger.allowed('user-42', invoice.paidAt)).mode === 'on') sendSomething();
 * ```
 *
 * @throws BridgeError `option-unknown`, `option-invalid`
 */
export function consentLedger(options?: LedgerOptions): Ledger;

// ---- stores -----------------------------------------------------------------------------

/** Kept by this program alone, and gone when it ends. */
export function memory(): LedgerStore;

/** As much of a SQLite database as is needed: better-sqlite3, libsql, node:sqlite and bun:sqlite have it. */
export interface SqliteDatabase {
  prepare(sql: string): { run(...values: never[]): unknown; get(...values: never[]): unknown; all(...values: never[]): unknown };
  exec(sql: string): unknown;
}

/**
 * A SQLite file, or a database that is open already. For the programs of one machine.
 *
 * By its name a file is opened with what is installed (better-sqlite3, libsql, or Node's own from
 * 22.13 on), in WAL mode and with `synchronous = FULL`: what is acknowledged survives a power cut.
 */
export function sqlite(file: string | SqliteDatabase): LedgerStore;

/** As much of a `Pool` of the package `pg` as is needed. */
export interface PostgresPool {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
  connect(): Promise<{
    query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
    release(error?: Error | boolean): void;
  }>;
}

/** PostgreSQL, through your pool. The tables are made when they are first needed. */
export function postgres(pool: PostgresPool, options?: {
  /** What the tables' names begin with; a schema may stand before it. @default 'consent_' */
  prefix?: string;
}): LedgerStore;

/** A client of `redis` (or `@redis/client`), or of `ioredis`. */
export type RedisClient =
  | { sendCommand(args: string[]): Promise<unknown> }
  | { call(command: string, ...args: string[]): Promise<unknown> };

/**
 * Redis or Valkey, through your client: a hash a person. It has to be the primary. An eviction
 * policy that may drop people is told when the store is first used.
 */
export function redis(client: RedisClient, options?: {
  /** What the keys begin with. In a cluster, give it a hash tag: `'{consent}:'`. @default 'mixpanel-consent:' */
  prefix?: string;
  /** Told what is wrong with the server's settings. @default console.warn */
  onWarning?: (sentence: string) => void;
}): LedgerStore;

/** One entry of a history, as a store keeps it. */
export interface StoredEntry {
  /** From when on it holds, milliseconds since 1970. Never less than that of the entry before it. */
  readonly at: number;
  /** What the person's answers come to after it. */
  readonly after: string;
  /** The entry itself. */
  readonly entry: string;
}

/** A person as a store keeps them. All texts are the ledger's: a store keeps them and does not look into them. */
export interface StoredPerson {
  /** The id under which the person is kept. */
  readonly person: string;
  /** Of the last change. */
  readonly rev: string;
  /** What the answers come to now. */
  readonly present: string;
  /** All ids of the person; if all was asked for. */
  readonly ids?: string;
  /** The entry that was added last; likewise. */
  readonly last?: string;
  /** The whole history, oldest first; if it was asked for. */
  readonly entries?: readonly StoredEntry[];
  /** `after` of the last entry up to the time that was asked about; `''` if there is none. */
  readonly then?: string;
}

/** What a store has of one id. */
export interface StoredId {
  /** Of the last change; `''` where nothing is kept of it. */
  readonly rev: string;
  /** The people whom the id belongs to: itself, or those that it is linked with. None: it is unknown, or forgotten. */
  readonly owners: readonly string[];
  /** Those of them that are there. */
  readonly persons: readonly StoredPerson[];
}

/** What of a person is asked for, besides what every check needs. */
export interface StoreWant {
  /** `ids` and `last`. */
  readonly whole?: boolean;
  /** These and `entries`. */
  readonly history?: boolean;
  /** `then`: milliseconds since 1970. */
  readonly at?: number;
}

/** One more entry of a person's history. */
export interface StoreAppend {
  readonly person: string;
  /** The person's `rev`, or that of an id that nobody has: if it is another by now, nothing is written. */
  readonly expect: string;
  /** The `rev` from then on. */
  readonly rev: string;
  readonly ids: string;
  readonly present: string;
  readonly last: string;
  /** `null`: what the answers come to changes alone. */
  readonly entry: StoredEntry | null;
  /** How many entries are kept; beyond it the oldest go. */
  readonly most: number;
  /** Entries of before this time go. */
  readonly oldest: number;
  /** Milliseconds from now on after which the person may be dropped. `null`: never. */
  readonly life: number | null;
  /** The other ids of the person, which live as long. */
  readonly others: readonly string[];
}

/** People as they are from now on. */
export interface StoreChange {
  /** Ids and the `rev` that each must have; if one has another by now, nothing is written. */
  readonly expect: readonly (readonly [id: string, rev: string])[];
  /** The `rev` from then on. */
  readonly rev: string;
  /** Kept whole, in the place of what was kept under the same id. */
  readonly persons: readonly Required<Omit<StoredPerson, 'rev' | 'then'>>[];
  /** Ids that belong to others from now on; what was kept under them goes. */
  readonly links: readonly (readonly [id: string, owners: readonly string[]])[];
  /** Ids that are forgotten; what was kept under them goes. For an hour each has a `rev` and no owner. */
  readonly forgotten: readonly string[];
  readonly life: number | null;
}

/**
 * What a ledger is kept in. Each call is one transaction of the store's own; what it resolves to is
 * as lasting as the store is set to be. The suite in `mixpanel-consent-bridge/testing` tells whether
 * one of your own does what is asked of it.
 */
export interface LedgerStore {
  /**
   * What is kept of each of these ids, in their order. A read sees every write that ended before it.
   *
   * @param ids texts of 1 to 100 characters of ASCII
   */
  read(ids: readonly string[], want?: StoreWant): Promise<readonly StoredId[]>;
  /** Adds to a history, and writes what the answers come to, or does nothing and answers `false`. */
  append(change: StoreAppend): Promise<boolean>;
  /** Joins people, or does nothing and answers `false`. */
  link(change: StoreChange): Promise<boolean>;
  /** Removes people, or does nothing and answers `false`. */
  forget(change: StoreChange): Promise<boolean>;
  /** Removes people of whom nothing was kept since this time, and what an hour has made needless. */
  expire?(before: number): Promise<void>;
  /** Where `erase()` keeps its jobs. */
  readonly jobs?: JobStore;
}

/** Where `erase()` keeps its jobs: a Map, or what has these. */
export interface JobStore {
  get(key: string): unknown;
  set(key: string, text: string): unknown;
  /**
   * Writes only if the text that is kept is still this one (`null`: none), and answers whether it
   * was. With it, two programs that are asked for one job do it once.
   */
  swap?(key: string, before: string | null, after: string): Promise<boolean>;
}
