// The public types of `mixpanel-consent-bridge/server`, written by hand. What each option means in full:
// https://mixpanel-consent-bridge.github.io/mixpanel-consent-bridge/server/

import type { JobStore, Ledger, LedgerStore, PersonId } from './ledger.js';
import type { Category, CmpId, Consent, Feature, Mode, Receipt } from './words.js';

export type { Category, CmpId, Consent, Feature, Mode, Receipt } from './words.js';

/** What is wrong, for programs: {@link BridgeError.code}. */
export type BridgeErrorCode =
  // A programmer's mistake.
  | 'token-missing'
  | 'option-unknown'
  | 'option-invalid'
  | 'cmp-unknown'
  | 'request-invalid'
  | 'id-invalid'
  | 'time-invalid'
  | 'entry-invalid'
  | 'client-invalid'
  | 'client-guarded'
  // What may be there again in a moment.
  | 'ledger-unreachable'
  | 'ledger-stale'
  // Erasure.
  | 'erase-unauthorized'
  | 'erase-refused'
  | 'erase-limited'
  | 'erase-unreachable'
  | 'erase-unreadable'
  | 'job-unreadable'
  | 'job-unkept';

/** What this part throws, or rejects with. */
export class BridgeError extends Error {
  constructor(code: BridgeErrorCode, message: string, options?: { cause?: unknown });
  readonly code: BridgeErrorCode;
}

/**
 * What carries headers: a fetch `Request` or `Headers`, Node's `IncomingMessage` (Express,
 * Fastify and Koa requests are or have one), or an object of headers in any case.
 */
export type RequestLike =
  | { readonly headers: HeadersLike; readonly cookies?: unknown }
  | HeadersLike;

export type HeadersLike =
  | { get(name: string): string | null | undefined }
  | { readonly [name: string]: string | readonly (string | { readonly value: string })[] | undefined };

/** The words of the browser's options; what they mean is the same. */
export interface ReadOptions {
  /**
   * `'auto'` is every adapter that stores in cookies, and the bridge's record; `'manual'` the
   * record alone. @default 'auto'
   */
  cmp?: CmpId | readonly CmpId[];
  /** The consent manager's name(s) for analytics. @default the adapter's */
  category?: Category | Partial<Record<Feature, Category>>;
  /** What a regional default opens. @default 'accept' */
  implied?: 'accept' | 'ask';
  /** After a no. @default 'off' */
  denied?: 'off' | 'cookieless';
  /** `Sec-GPC: 1`. It never opens anything. @default 'respect' */
  gpc?: 'respect' | 'strict' | 'ignore';
  /** `DNT: 1`. It never opens anything. @default 'respect' */
  dnt?: 'respect' | 'strict' | 'ignore';
  /** The project token, which names the record's cookie; without it no record is read. */
  token?: string;
  /** The instance's name, if the browser's `connect` has one. */
  name?: string;
  /**
   * Only records that were signed with this key count, or with one of several. An empty one is a
   * mistake, and throws.
   */
  recordKey?: string | readonly string[];
  /** For how many milliseconds a signed record counts. @default 400 days */
  recordMaxAge?: number;
}

/** What a request, or a history at a moment, allows. Frozen, and plain JSON. */
export interface RequestState {
  /** The answer for tracking, after the browser's signals. */
  readonly consent: Consent;
  /** What may be sent: nothing; events without an id; everything. */
  readonly mode: Mode;
  /** The id of the source that decided; `null` if there is none. */
  readonly cmp: string | null;
  /** Stable, for programs: why. */
  readonly code: string;
  /** A sentence for people: why. */
  readonly reason: string;
  /** The answer for each feature, after the browser's signals. */
  readonly features: Readonly<Record<Feature, Consent>>;
  /** What each feature may do: one whose answer is yes is off all the same where tracking is. */
  readonly modes: Readonly<Record<Feature, Mode>>;
  /** When this was read, or the moment that was asked about; milliseconds since 1970. */
  readonly at: number;
  /** When the visitor answered, where the bridge's record alone says what; milliseconds since 1970. */
  readonly answered?: number;
  /** Whether a signature of the site's proves `answered`. */
  readonly signed?: boolean;
}

/** Why a request comes to what it comes to; print it, or `String(…)` it. It holds the cookies. */
export interface Explained extends RequestState {
  readonly gpc: boolean;
  readonly dnt: boolean;
  readonly sources: readonly {
    readonly cmp: string;
    /** Known by the bridge's record, and not by what the consent manager stored itself. */
    readonly record: boolean;
    readonly consent: Readonly<Record<Feature, Consent>>;
    readonly categories: Readonly<Record<string, Consent>>;
    readonly others: Consent | null;
    readonly raw: Readonly<Record<string, string>>;
  }[];
  toString(): string;
}

/**
 * What the visitor who sent this request has answered. Synchronous; it throws for a
 * programmer's mistake, never for what a request holds.
 *
 * ```ts
 * const { mode } = readConsent(request, { cmp: 'onetrust', category: 'C0002' });
 * if (mode === 'on') mixpanel.track('Order paid', { distinct_id });
 * ```
 *
 * @throws BridgeError for an option that does not exist or may not be so, or what is no request
 */
export function readConsent(request: RequestLike, options?: ReadOptions): RequestState;

/** The same, and what each source says. For people who look for a mistake. */
export function explainConsent(request: RequestLike, options?: ReadOptions): Explained;

/** One kept answer of a person: a {@link Receipt}, and what the site adds. */
export interface Entry extends Receipt {
  /** The version of the site's policy that it was given to. */
  readonly version?: string;
}

/** By what a history is judged. */
export interface Terms {
  /** @default 'accept' */
  implied?: 'accept' | 'ask';
  /** @default 'off' */
  denied?: 'off' | 'cookieless';
  /** A yes to another version no longer counts (`cmp-expired`). @default any version counts */
  version?: string;
  /** For how many milliseconds a yes counts. @default until another answer follows */
  maxAge?: number;
}

/**
 * What a person's history allowed at a time. The last entry up to `at` counts, whatever their
 * order; of several at the same millisecond the strictest. Nothing recorded is unset.
 *
 * @param at milliseconds since 1970
 */
export function allowedAt(entries: readonly Entry[], at: number, terms?: Terms): RequestState;

/** For which project a record is signed, and with what. */
export interface RecordSigning {
  /** The project token: a signature holds for its cookie alone. */
  token: string;
  /** The instance's name, if the browser's `connect` has one. */
  name?: string;
  /** A secret of 16 characters or more, or a list of them: the first signs, all verify. */
  key: string | readonly string[];
}

/**
 * A record (the value of the bridge's cookie) with a signature behind it; `null` if it is none.
 *
 * @throws BridgeError `option-invalid` for a key of less than 16 characters, `token-missing`
 */
export function signRecord(value: string, signing: RecordSigning): string | null;

/** Whether a record was signed for this project with this key, or one of these. */
export function verifyRecord(value: string, signing: RecordSigning): boolean;

/** The name of the cookie that the browser keeps the record in with `record: 'cookie'`. */
export function recordName(token: string, name?: string): string;

export interface RecordCookieOptions extends RecordSigning {
  /** The record, signed or not; an empty one removes the cookie. */
  value: string;
  /** Leave it `true` but on a plain-http machine of a developer. @default true */
  secure?: boolean;
}

/**
 * A `Set-Cookie` header with the record signed, for the answer to the request that brought it;
 * `null` if the value is no record. Not `HttpOnly`: the browser's bridge writes it too.
 *
 * @throws BridgeError `option-unknown`, `option-invalid`, `token-missing`
 */
export function recordCookie(options: RecordCookieOptions): string | null;

// ---- the ledger -------------------------------------------------------------------------

export * from './ledger.js';

// ---- the gate and the guard -------------------------------------------------------------

/** Something that was not sent. */
export interface Blocked {
  /**
   * Stable, for programs: why. Those of the states, and `person-missing`, `id-invalid`,
   * `time-unreadable`, `item-unreadable`, `identify-failed`, `guard-full`.
   */
  readonly code: string;
  readonly reason: string;
  /** The event's name; `null` for a profile's update. */
  readonly event: string | null;
  readonly ids: readonly string[];
  /** Its own time, milliseconds since 1970. */
  readonly at: number | null;
}

/** Whose something is; nothing: that is not known. */
export type Identified = PersonId | readonly PersonId[] | null | undefined;

export interface GateOptions {
  /** Anything that can be asked like a ledger. */
  ledger: Pick<Ledger, 'allowed'>;
  /** Called for each thing that was not sent. What it throws or rejects with is printed, not passed on. */
  onBlocked?: (blocked: Blocked) => unknown;
  /**
   * What happened while it was allowed and is sent after a withdrawal: `'refuse'` asks at its
   * own time and now, `'send'` at its own time alone. @default 'refuse'
   */
  late?: 'refuse' | 'send';
  /** What names no person: a group's profile, a nightly job's event. @default 'block' */
  nobody?: 'block' | 'pass';
  /** Says whose a thing is, besides what it says itself. What it throws or rejects with blocks the thing. */
  identify?: (item: unknown) => Identified | Promise<Identified>;
  /**
   * Properties that an event may have when it leaves `'cookieless'`. Its name and its time are all
   * that it has besides.
   */
  keep?: readonly string[];
  /** @default Date.now */
  now?: () => number;
}

export interface Gate {
  /**
   * What may be sent of a list, in its order, as it may be sent. It rejects for what is no list
   * (`option-invalid`), and for nothing that is in one.
   */
  filter<T>(items: readonly T[]): Promise<{ readonly send: T[]; readonly blocked: Blocked[] }>;
  /** One thing, as it may be sent; or `null`, and why. Never rejects. */
  check<T>(item: T): Promise<{ readonly send: T | null; readonly blocked: Blocked | null }>;
  /**
   * Whether a feature may be used for a person now: `null`, or why not, with the codes of `filter()`
   * where nobody could be asked: `person-missing`, `id-invalid`, `ledger-unreachable`. It rejects for
   * what is no list or no feature (`option-invalid`).
   */
  person(ids: readonly unknown[], feature: Feature): Promise<Blocked | null>;
}

/**
 * The gate by itself, for what is sent without the SDK: bodies of Mixpanel's HTTP API, queues.
 * Takes events (`{ event, properties }`) and updates of profiles (`{ $distinct_id, $set }`).
 */
export function gate(options: GateOptions): Gate;

export interface GuardOptions extends GateOptions {
  /** How many things may wait for the ledger. What comes beyond is not sent (`guard-full`). @default 10000 */
  holdLimit?: number;
}

/** The client, with one method more. */
export type Guarded<Client> = Client & {
  /**
   * Resolves when all that was called has left and has its answer: for a program that ends. Answers
   * how many are still on their way, which is 0 unless the time was up.
   *
   * @param timeout milliseconds @default as long as it takes
   */
  flush(timeout?: number): Promise<number>;
};

/** What a callback of the SDK is given for what was not sent. Trying again does not help. */
export class BlockedError extends Error {
  constructor(code: string, reason: string);
  readonly blocked: true;
  readonly code: string;
}

/**
 * Puts the gate before everything that this client sends, and returns the client. What is
 * allowed leaves as it would have left; what is not is not sent, its callback gets a
 * {@link BlockedError}. Profiles' deletions (`delete_user`) pass. The calls of one person leave in
 * the order in which they were made, with the configuration of that moment.
 *
 * ```ts
 * const mp = guard(Mixpanel.init(TOKEN), { ledger, onBlocked: ({ code }) => metrics.count(code) });
 * mp.track('Invoice paid', { distinct_id: 'user-42' });
 * ```
 *
 * @throws BridgeError `client-invalid`, `client-guarded`, `option-unknown`, `option-invalid`
 */
export function guard<Client extends object>(client: Client, options: GuardOptions): Guarded<Client>;

// ---- erasure ----------------------------------------------------------------------------

export interface EraseOptions {
  projectToken: string;
  /** Of an owner or admin of the project (Profile & Preferences › Data & Privacy); ends after a year. Not needed for a dry run. */
  oauthToken?: string;
  /** Ids as Mixpanel has them. */
  distinctIds?: readonly PersonId[];
  /** With `person`: all ids that the ledger knows for them. */
  ledger?: Pick<Ledger, 'ids' | 'record'>;
  person?: PersonId;
  /** Record a withdrawal of the person's first, so that nothing new is collected. @default true */
  withdraw?: boolean;
  /** Where the project's data is. @default 'us' */
  region?: 'us' | 'eu' | 'in';
  /** Another host than the region's, for a proxy. */
  host?: string;
  /** @default 'GDPR' */
  compliance?: 'GDPR' | 'CCPA';
  /** For a retrieval under CCPA. */
  disclosure?: 'Data' | 'Categories' | 'Sources';
  /** Ids a request. @default 1999 for a deletion, 2000 for a retrieval: what Mixpanel takes */
  batch?: number;
  /**
   * Where the job is kept: a store of the ledger's, or a Map. With it, the same call goes on where an
   * earlier one ended. It holds the ids, and no token.
   */
  store?: LedgerStore | JobStore;
  /** The job's id. @default made of what is asked */
  id?: string;
  /** Called at each change, after it is kept. What it throws ends the call, and the job goes on with the next. */
  onProgress?: (job: EraseJob) => void;
  /** Milliseconds between two looks at the tasks. @default 60000 */
  pollEvery?: number;
  /** Milliseconds for which one request is tried again. @default 21600000, six hours */
  giveUpAfter?: number;
  /** `false`: come back when everything is submitted and looked at once. @default true */
  wait?: boolean;
  /** Ask nothing, and say what would be asked. @default false */
  dryRun?: boolean;
  signal?: AbortSignal;
  /** How to wait; for schedulers. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  fetch?: typeof fetch;
  /** @default Date.now */
  now?: () => number;
}

/** A job as it stands, which is also its receipt. Plain JSON without tokens; `String(job)` prints it. */
export interface EraseJob {
  readonly id: string;
  readonly kind: 'deletion' | 'retrieval';
  /** `failed`: at least one batch was refused, revoked or lost; ask for its ids again. */
  readonly state: 'planned' | 'waiting' | 'done' | 'failed';
  readonly host: string;
  readonly compliance: 'GDPR' | 'CCPA';
  /** The last four characters of the project's token. */
  readonly project: string;
  readonly ids: readonly string[];
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly finished: number | null;
  readonly requests: number;
  readonly batches: readonly {
    /** How many ids. */
    readonly count: number;
    /** Mixpanel's ids of the tasks. */
    readonly tracking: readonly string[];
    /** Mixpanel's word, or `PLANNED`, or `LOST` for a task that is not found any more. */
    readonly status: string;
    /** How often it was submitted; twice where a crash hid whether it had arrived. */
    readonly asked: number;
    readonly submitted: number | null;
    readonly finished: number | null;
  }[];
  /** What is asked, batch by batch. */
  readonly plan: readonly {
    readonly method: 'POST';
    readonly url: string;
    readonly body: { readonly distinct_ids: readonly string[]; readonly compliance_type: string; readonly disclosure_type?: string };
  }[];
  /** Where a retrieval's data can be had. In no print, no JSON and no store: who has it has the data. */
  readonly links: readonly string[];
  toString(): string;
}

/**
 * Deletes all that Mixpanel has of these persons, by its GDPR API (v3), and resolves when it
 * says that it is done, which may take 30 days; or goes on where an earlier call ended.
 *
 * ```ts
 * const job = await erase({ projectToken, oauthToken, ledger, person: 'user-42', region: 'eu', store });
 * console.log(String(job));
 * ```
 *
 * @throws BridgeError (rejects) `erase-unauthorized`, `erase-refused`, `erase-limited`, `erase-unreachable`, `erase-unreadable`
 */
export function erase(options: EraseOptions): Promise<EraseJob>;

/** Asks for all that Mixpanel has of these persons; `links` of the job says where it is. */
export function retrieve(options: EraseOptions): Promise<EraseJob>;

// ---- receipts ---------------------------------------------------------------------------

/** Whose a receipt is: an id, an id and a device, or nobody. */
export type Whose = PersonId | { readonly id: PersonId; readonly device?: PersonId | null } | null | undefined;

export interface ReceiptEndpointOptions {
  ledger: Pick<Ledger, 'record'>;
  /** Whose receipt it is, by the site's own session: an id, an id and a device, or nothing. */
  identify: (request: never) => Whose | Promise<Whose>;
  /** The origins of your pages, like `https://shop.example`. */
  origins: readonly string[];
  /** With `key`: the record's cookie comes back signed. */
  token?: string;
  name?: string;
  key?: string | readonly string[];
  /** Leave it `true` but on a plain-http machine of a developer. @default true */
  secure?: boolean;
  /** Of the site's policy. @default the ledger's */
  version?: string;
  /** Bytes. @default 1200 */
  limit?: number;
  /** Called for each receipt that was refused. What it throws or rejects with is printed, not passed on. */
  onRefused?: (refused: { readonly status: number; readonly code: string; readonly reason: string }) => unknown;
}

/** A request of which something else has read the body. */
export interface TakenReceipt {
  method?: string;
  headers: HeadersLike;
  /** Text, bytes, what a JSON parser made of them, or a function that reads so many bytes at most. */
  body?: unknown;
  /** What `identify` is given. @default this */
  request?: unknown;
}

/** As much of Node's `IncomingMessage` as is needed. */
export interface NodeRequest {
  readonly headers?: object;
  readonly method?: string | undefined;
  readonly body?: unknown;
}

/** As much of Node's `ServerResponse` as is needed. */
export interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: string): unknown;
}

/**
 * Takes what the browser's option `receiptEndpoint` posts. `fetch` for fetch handlers, `node`
 * for Node's `http` and Express, `take` for frameworks that have read the body. Each rejects for what
 * is no request (`request-invalid`), and for nothing that a visitor sends.
 *
 * @throws BridgeError `option-unknown`, `option-invalid`, `token-missing`
 */
export function receiptEndpoint(options: ReceiptEndpointOptions): {
  fetch(request: Request): Promise<Response>;
  node(request: NodeRequest, response: NodeResponse): Promise<void>;
  take(request: TakenReceipt): Promise<{ status: number; headers: Record<string, string>; body: string }>;
};
