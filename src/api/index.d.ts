// The public types, written by hand. What each option means in full:
// https://mixpanel-consent-bridge.github.io/mixpanel-consent-bridge/options

import type { Config, Mixpanel } from 'mixpanel-browser';
import type { Category, CmpId, Consent, Feature, Mode, Receipt } from './words.js';

import type { BridgeError } from './words.js';

export { BridgeError } from './words.js';
export type { BridgeErrorCode, Category, CmpId, Consent, Feature, Mode, Receipt } from './words.js';

/**
 * How a stored text is decoded; `'text'` (percent-decoded) unless another is named. `'base64'` is of
 * JSON. `'tc'` is a TC string of the IAB's, read as `{ cmpId, purposes: { 1: true, … } }`, and `'gpp'` a
 * GPP string, read as `{ optedOut }`; one that is not whole cannot be decoded.
 */
export type Form = 'raw' | 'text' | 'json' | 'base64' | 'tc' | 'gpp';

/** How a text that consists of parts is taken apart, for {@link Rule}s; one of these. */
interface Parts {
  /** The sign between two pairs, and the sign between key and value: `'&='`. */
  pairs?: string;
  /** The sign between two words: `','`. */
  list?: string;
}

/**
 * A place to look. `'global'`: a dotted path from `window`; a segment that ends in `()` is
 * called, one that ends in `(word,word)` with these strings. `'queue'`: of a list of commands, as
 * `dataLayer` is, those that begin with the word: for each second element a map from the names in
 * the third to the texts that were said of each, the newest first, between commas; what is said
 * twice in a row stands once. `'cookie-beginning'`: of the cookies whose name begins so that with
 * the shortest name, of equally short ones the first; `'local-beginning'`: every key of local
 * storage that begins so. `'heard'`: what a callback was last called with (see {@link Listen}).
 */
export type Probe =
  | readonly ['global' | 'heard', string]
  | readonly ['queue', string, string]
  | readonly ['cookie' | 'cookie-beginning' | 'local' | 'local-beginning', string, Form?];

/** A place to look in the words of rules: the same as an object, which may say what its text consists of. */
export type Place = Parts &
  (
    | { global: string }
    | { heard: string }
    | { queue: string; word: string }
    | { cookie: string; form?: Form }
    | { 'cookie-beginning': string; form?: Form }
    | { local: string; form?: Form }
    | { 'local-beginning': string; form?: Form }
  );

/** For rules alone: a name for the first of several places that has what is asked for, or for a text in a text. */
export type Alias = Parts & ({ firstOf: readonly string[] } | { part: string });

/**
 * What tells that it is worth looking again: a DOM event; a call of the page's function at a
 * path; or that the function at a path, called with these arguments, calls back. Among the
 * arguments `{}` is the callback, `{ m: name }` an object with the callback as that method.
 * `keep` are the dotted paths of the callback's first argument that are kept under the name
 * `heard`; `off` is the path of the function that takes the callback back, called with
 * `offArgs` (`{ h: path }` is a kept field), or `true` where the first call returned one. Of a DOM
 * event, `keep` are paths in it (`'detail.consent'`), for what cannot be read otherwise.
 * Cookies and local storage are watched besides.
 */
export type Listen =
  | readonly ['window' | 'document', string, { heard: string; keep: readonly string[] }?]
  | readonly ['after', string]
  | readonly [
      'call',
      string,
      readonly unknown[],
      { heard?: string; keep?: readonly string[]; off?: string | true; offArgs?: readonly unknown[] }?,
    ];

/** What one consent manager says at one instant; a boolean is the visitor's answer for everything. */
export type Reading =
  | boolean
  | {
      /** Said by the running consent manager; `false`: only found in what it stored. @default true */
      live?: boolean;
      /** `false`: nobody has answered, and what the categories say does not count. @default true */
      answered?: boolean;
      /** Nobody was asked: what the categories say is a default. @default false */
      implied?: boolean;
      /** An answer for each category (service, purpose) that it names. */
      categories?: Readonly<Record<string, boolean | Consent>>;
      /** The answer for every other name; without it there are no others. */
      others?: boolean | Consent;
      /** Why there is no answer; everything is unset then. `'asking'`: its dialog is open, and whatever it hands out is no answer. */
      trouble?: 'not-ready' | 'asking' | 'unreadable' | 'expired';
    };

/**
 * What the places held: bounded copies. A place where nothing is has no entry, one that threw or
 * cannot be decoded is an `Error`, a function is a function that does nothing.
 */
export type Found = { readonly [place: string]: unknown };

/**
 * Something that holds or not, in words: `'state.answered is true'`, `'state is there or kept?action is "yes"'`.
 * They are listed in the repository's CONTRIBUTING.md.
 */
export type Condition = `${string} is ${string}` | `${string} begins with ${string}` | `${string} does not begin with ${string}`;

/** Answers of a rule: whose act they are, of what, under which names, and where the yes or no is. */
export type RuleAnswer = {
  /**
   * `'visitor'`: the visitor's own act. `'default'`: a region's or a setting's. `'default-open'`:
   * what a default opens; the rest is not answered. `'default-closed'`: closed, whatever the value
   * is. `'visitor-yes'`, `'visitor-no'`: only the yes, only the no was an act. `'nobody'`: not answered.
   */
  by: 'visitor' | 'default' | 'default-open' | 'default-closed' | 'visitor-yes' | 'visitor-no' | 'nobody';
  /** Conditions on the entry: of it, `itself` and `.path`. */
  only?: Condition | readonly Condition[];
  /** Only for names that have no answer yet. @default false */
  fallback?: boolean;
} & (
  | { /** Whose entries are looked at. */ each: string; of?: never }
  | { /** One thing. */ of: string; each?: never }
) &
  (
    | { /** Of each entry: `'key'`, `'key after "beginning"'`, `'itself'`, `'.path'`. */ name: string | readonly string[]; category?: never }
    | { /** Always this one, or these. */ category: string | readonly string[]; name?: never }
  ) &
  (
    | { /** `'itself'`, `'.path'`, in another place `'place[key]'`; or always the same. */ value: string | boolean; yes?: never; no?: never; whether?: never }
    | { /** The word that says yes. */ yes: string; /** The word that says no. */ no?: string; value?: string; whether?: never }
    | { /** Yes where this holds. */ whether: Condition; value?: never; yes?: never; no?: never }
  );

/** One rule: where all its conditions hold, this is what was said. The first that holds is taken. */
export type Rule = {
  /** `'running'`: the consent manager is there and says so. `'stored'`: it is not, and this is what it left. */
  from: 'running' | 'stored';
  if: Condition | readonly Condition[];
} & (
  | {
      /** The answer for everything, or why there is none. */
      then: Consent | 'not-ready' | 'asking' | 'unreadable' | 'expired' | 'another-product' | 'no-such-category';
      answers?: never;
      others?: never;
    }
  | {
      answers: RuleAnswer | readonly RuleAnswer[];
      /** The answer for every name that the answers do not tell. */
      others?: Consent;
      then?: never;
    }
);

/** What every adapter of the site's own says. */
interface AdapterBase {
  /** The name in `state.cmp`: small letters, digits, hyphens. */
  id: string;
  /** Who is believed when several speak: the first that is there, from right to left. @default 'vendor' */
  rank?: 'limit' | 'bus' | 'standard' | 'vendor';
  /**
   * What stands for analytics if the site says nothing: alternatives between `|`, names that
   * must all allow between `+`. @default 'analytics'
   */
  category?: string;
  listens?: readonly Listen[];
}

/**
 * A consent manager of the site's own, read by a function. The repository's CONTRIBUTING.md says what a reader owes.
 * `Places` is what you expect to find, by the names of the places: each may be missing, and nobody
 * checks it but your `read`.
 */
export interface ReadAdapter<Places extends object = Found> extends AdapterBase {
  /** Places to look, by the names under which `read` gets them. */
  probes: Readonly<Record<string, Probe>>;
  /**
   * From what was found to what it means. It remembers nothing and touches nothing else.
   * `null` or `undefined`: this consent manager is not on the page. What it throws, or gives
   * that is no reading, is `cmp-unreadable`: shut.
   */
  read(found: Readonly<Partial<Places>>): Reading | null | undefined;
  rules?: never;
}

/**
 * A consent manager of the site's own, read by rules, in the words of the built-in ones
 * (`src/cmp/adapters`). A word that is none is `adapter-invalid`, and the adapter stays shut.
 */
export interface RuleAdapter extends AdapterBase {
  /** Places to look, by the names that the rules have for them. */
  probes: Readonly<Record<string, Probe | Place | Alias>>;
  rules: readonly Rule[];
  read?: never;
}

/** A consent manager of the site's own. */
export type Adapter<Places extends object = Found> = ReadAdapter<Places> | RuleAdapter;

type Value = string | number | boolean | null;

/** An adapter made of data alone: one value says yes, another no. */
export type SimpleAdapter = {
  /** @default 'custom' */
  id?: string;
  /** The DOM event (or several) after which to look again. Cookies are watched besides. */
  event?: string | readonly string[];
  /** Where the event is dispatched. @default 'window' */
  target?: 'window' | 'document';
  /**
   * The value or values that are the visitor's yes. `true` and `'true'` are the same here, as a stored text has no
   * types. Where the place holds a list of what was accepted, a yes is one of these in it.
   */
  granted: Value | readonly Value[];
  /** The value or values that are the visitor's no; where the place holds a list, what is not in it was refused as well. */
  denied: Value | readonly Value[];
  /** Values that are no answer yet, besides `null` and the empty text. Any other value is unreadable. */
  unset?: Value | readonly Value[];
} & (
  | { /** A dotted path from `window`. */ path: string; cookie?: never; local?: never; field?: never }
  | { /** A cookie's name. */ cookie: string; /** A dotted path in it, if it is JSON. */ field?: string; path?: never; local?: never }
  | { /** A key of local storage. */ local: string; /** A dotted path in it, if it is JSON. */ field?: string; path?: never; cookie?: never }
);

/** The SDK, its module, or a function that returns (a promise of) either. */
export type Sdk = object | (() => unknown);

export interface Options {
  /** Mixpanel project token. */
  token: string;
  /**
   * The SDK. A function is called only when the SDK may run, so that
   * `() => import('mixpanel-browser')` fetches nothing before a yes.
   * @default window.mixpanel
   */
  mixpanel?: Sdk;
  /** Handed to `mixpanel.init()`. Its opt-out options are the bridge's and are ignored. */
  config?: Partial<Config>;
  /** The instance's name, as the third argument of `mixpanel.init()`. */
  name?: string;
  /** An id, an adapter of the site's own, or a list of these. @default 'auto' */
  cmp?: CmpId | Adapter | SimpleAdapter | readonly (CmpId | Adapter | SimpleAdapter)[];
  /**
   * The consent manager's name(s) for analytics; several must all be allowed.
   * With names for each feature these open and close one by one; a feature that is left out has the
   * names of `tracking`, and all are closed while `tracking` is.
   * @default the adapter's
   */
  category?: Category | Partial<Record<Feature, Category>>;
  /**
   * `'deferred'`: `init()` is not called before a yes. `'opted-out'`: called at once, locked
   * in memory, for pages whose code needs a started SDK.
   * @default 'deferred'
   */
  start?: 'deferred' | 'opted-out';
  /** While nobody has answered. @default 'hold' */
  pending?: 'hold' | 'drop' | 'cookieless';
  /** After a no. @default 'off' */
  denied?: 'off' | 'cookieless';
  /** What a regional default opens. @default 'accept' */
  implied?: 'accept' | 'ask';
  /** Global Privacy Control. It never opens anything. @default 'respect' */
  gpc?: 'respect' | 'strict' | 'ignore';
  /** Do Not Track. It never opens anything. @default 'respect' */
  dnt?: 'respect' | 'strict' | 'ignore';
  /** Send `$opt_in` once per real yes. @default false */
  optInEvent?: boolean;
  /** Calls kept in memory; beyond it the oldest are dropped and counted. @default 1000 */
  holdLimit?: number;
  /** Milliseconds after which a missing consent manager is reported. @default 10000 */
  cmpTimeout?: number;
  /** Where the consent record is kept after an explicit answer. @default 'local' */
  record?: 'local' | 'cookie' | 'none';
  /**
   * With `cmp: 'manual'`: shows the site's dialog. Called when nobody has answered, and not for who has.
   * What it throws is reported, not passed on.
   */
  ask?: () => void;
  /** Called after each change that was recorded. What it throws is reported, not passed on. */
  onReceipt?: (receipt: Receipt) => void;
  /** Each receipt is posted here as JSON, with keepalive. */
  receiptEndpoint?: string;
  /** Show the inspector on the page, and dispatch everything that happens as `mixpanel-consent-bridge` events on `window`. @default false */
  debug?: boolean;
}

/** One moment of the bridge; frozen, and the same object until something changes. */
export interface State {
  readonly consent: Consent;
  readonly mode: Mode;
  /** The id of the source that decided; `null` while there is none. */
  readonly cmp: string | null;
  /** Stable, for programs: why. */
  readonly code: string;
  /** A sentence for people: why. */
  readonly reason: string;
  /** How many calls wait. */
  readonly held: number;
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

/** Why Mixpanel is on or off now; print it, or `String(…)` it. What is optional is there once the core has come, and the file that says it. */
export interface Explanation extends State {
  /** Calls dropped because more waited than `holdLimit`. */
  readonly dropped?: number;
  readonly sdk?: string;
  readonly gpc?: boolean;
  readonly dnt?: boolean;
  readonly gate?: Readonly<Record<Feature, 'drop' | 'hold' | 'pass'>>;
  readonly sources?: readonly {
    readonly cmp: string;
    /** From the running consent manager, not from what it stored. */
    readonly live: boolean;
    readonly consent: Readonly<Record<Feature, Consent>>;
    /** The category that was looked for; of several, ` + ` between them, all must allow. */
    readonly asked: string;
    /** The categories that it names, with their answers. */
    readonly categories: Readonly<Record<string, Consent>>;
    /** The answer for every other name; `null` where there are no others. */
    readonly others: Consent | null;
    /** What was found, by the place it was found in. In a frame, `above` in it is the origin of the page above that answered. */
    readonly raw: Readonly<Record<string, unknown>>;
  }[];
  /** A yes is among the receipts that this device keeps. */
  readonly everGranted?: boolean;
  /** Where Mixpanel was on the page before the bridge (code `bridge-late` on the console): what it had done by then, as far as the page can still see. */
  readonly early?: {
    /** An instance ran. */
    readonly started: boolean;
    /** Addresses that were asked for, without their queries. */
    readonly requests: readonly string[];
    /** Names of cookies and keys that were found. */
    readonly stored: readonly string[];
  };
  toString(): string;
}

export interface Bridge {
  /** A mistake in the options, for which Mixpanel stays shut: `state.code` is its code. `null` where there is none. */
  readonly error: BridgeError | null;
  /**
   * Mixpanel's own shape, safe from the first line. A call that does not go through answers
   * `undefined`; its callback is called with `0`.
   */
  readonly mixpanel: Mixpanel;
  readonly state: State;
  /** Resolves with the first state whose consent is not `'unset'`; never rejects. */
  readonly ready: Promise<State>;
  /** Calls `listener` at once and on each change; returns how to stop. */
  subscribe(listener: (state: State) => void): () => void;
  /** For `cmp: 'manual'`. @throws BridgeError `cmp-decides` with a consent manager */
  grant(): void;
  /** For `cmp: 'manual'`. @throws BridgeError `cmp-decides` with a consent manager */
  deny(): void;
  /** Forgets the record and asks again. @throws BridgeError `cmp-decides` with a consent manager */
  reset(): void;
  /**
   * Why Mixpanel is on or off now. What visitors do not need is fetched by the first call: that one answers
   * with the state and its reason, and `await` waits for the rest.
   *
   * ```ts
   * console.log(String(await bridge.explain()));
   * ```
   */
  explain(): Explanation | (Explanation & PromiseLike<Explanation>);
  /** The kept records, newest first. */
  receipts(): readonly Receipt[];
  /** Removes every listener, and shuts: nothing is sent until `connect()` is called again. What was stored stays. */
  disconnect(): void;
}

/**
 * Makes Mixpanel follow the site's consent manager. Returns at once and never throws: a mistake in
 * the options leaves Mixpanel shut, is said once by `console.error`, and stands at {@link Bridge.error}.
 * Called again with the same token and name, it returns the bridge that is there.
 *
 * ```ts
 * const bridge = connect({ token: 'YOUR_PROJECT_TOKEN', mixpanel: () => import('mixpanel-browser') });
 * bridge.mixpanel.track('Page Loaded');
 * ```
 */
export function connect(options: Options): Bridge;
