// The public types of `mixpanel-consent-bridge/server`, written by hand. What each option means
// in full is in the README.

import type { BridgeError as BridgeErrorClass, Category, CmpId, Consent, Feature, Mode, Receipt } from './index.js';

export { BridgeError } from './index.js';
export type { BridgeErrorCode, Category, CmpId, Consent, Feature, Mode, Receipt } from './index.js';

/**
 * What carries headers: a fetch `Request` or `Headers`, Node's `IncomingMessage` (Express,
 * Fastify and Koa requests are or have one), or an object of headers in any case.
 */
export type RequestLike =
  | { readonly headers: HeadersLike }
  | HeadersLike;

export type HeadersLike =
  | { get(name: string): string | null | undefined }
  | { readonly [name: string]: string | readonly string[] | undefined };

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
  /** Only records that were signed with this key count, or with one of several. */
  recordKey?: string | readonly string[];
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

/**
 * A record (the value of the bridge's cookie) with a signature behind it; `null` if it is none.
 *
 * @throws BridgeError `option-invalid` for a key of less than 16 characters
 */
export function signRecord(value: string, key: string | readonly string[]): string | null;

/** Whether a record was signed with this key, or one of these. */
export function verifyRecord(value: string, key: string | readonly string[]): boolean;

/** The name of the cookie that the browser keeps the record in with `record: 'cookie'`. */
export function recordName(token: string, name?: string): string;

export interface RecordCookieOptions {
  token: string;
  name?: string;
  /** The record, signed or not; an empty one removes the cookie. */
  value: string;
  key: string | readonly string[];
  /** Leave it `true` but on a plain-http machine of a developer. @default true */
  secure?: boolean;
}

/**
 * A `Set-Cookie` header with the record signed, for the answer to the request that brought it;
 * `null` if the value is no record. Not `HttpOnly`: the browser's bridge writes it too.
 */
export function recordCookie(options: RecordCookieOptions): string | null;
