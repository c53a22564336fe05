// What the rooms of the page are to one another: the types of what crosses between them, and no
// code. Each state has one owner, named here; what others hold of it is read-only, so that
// writing to another room's state does not compile.
//
// No page sees the names of these members, so the build shortens them, in all files alike
// (tools/bundle.mjs). Those that a page, the SDK or the browser has as well stay as they are.

import type { CommandLetter, HappeningNumber, SiteAnswerNumber, SweepNumber } from './contract.ts';
import type { Listen, Probe } from './look/probe.js';
import type { Options, State } from '../api/index.d.ts';
import type { Receipt } from '../api/words.d.ts';
import type { Entry } from '../api/inspector.d.ts';
import type { Bridge as PublicBridge, Explanation } from '../api/index.d.ts';

export type { Entry, Explanation, Options, PublicBridge, Receipt, State };

/** A method of an SDK's, or of what stands in for one. */
export type Method = (...args: unknown[]) => unknown;

/** Methods by name, as `people` has them. */
export interface Part {
  [name: string]: Method | undefined;
}

/** A configuration of the SDK's, as far as the bridge reads it; the rest is the site's and the SDK's. */
export interface Config {
  [key: string]: unknown;
  api_host?: string;
  autocapture?: unknown;
  loaded?: (sdk: Instance) => void;
}

/** An instance of the SDK, as far as the bridge touches it; which members there are depends on the version. */
export interface Instance {
  [name: string]: unknown;
  __loaded?: boolean;
  config?: Config;
  people?: Part;
  flags?: Part;
  init?: (token: string, config: Config, name?: string) => Instance | undefined;
  set_config?: Method;
  get_group?: (...group: unknown[]) => Part;
  register?: Method;
  reset?: Method;
  opt_out_tracking?: Method;
  stop_session_recording?: Method;
  get_session_recording_properties?: () => { $mp_replay_id?: string };
  start_session_recording?: Method;
  stop_batch_senders?: Method;
  start_batch_senders?: Method;
  track?: Method;
  track_pageview?: Method;
}

/** One of a stub's instances that the library is to start: token, configuration, name. */
export type StubEntry = readonly [token: string, config?: Config, name?: string];

/** What a snippet leaves at `window.mixpanel` until the library comes: a list of calls. */
export type Stub = Item[] & {
  init?: Method;
  _i?: StubEntry[];
  people?: Stub;
};

/** What a stub's `push` takes: a function, a call, or a chain of two. */
export type Item = (() => void) | readonly [name: string, ...args: unknown[]] | readonly [readonly [name: string, ...args: unknown[]], Item];

/** The gated SDK. */
export interface Gated {
  [name: string]: unknown;
  people: Part;
  push(item: Item, owner?: Part): void;
}

// ---- the gate ------------------------------------------------------------------------------

/**
 * What the site chose, frozen. What of it is a mistake the core's chunk finds (look/options.ts); until
 * then everything is held, and nothing rests on it.
 */
export type Site = Readonly<Omit<Options, 'config' | 'mixpanel'>> & {
  readonly mixpanel?: unknown;
  readonly config?: Readonly<Config>;
};

/** A call of the page's, as it was made. */
export interface Call {
  path: string;
  args: unknown[];
  /** Of a group: how the page asked for it. */
  group?: unknown[] | undefined;
  /** When, in milliseconds since 1970: of a call that waited. */
  at?: number;
}

/** A call that waits, with what the SDK would have seen of the page. */
export interface HeldCall extends Call {
  at: number;
  url: string;
  title: string;
  featureNumber?: number;
}

/** The gate's calls. Owner: src/page/gate. */
export interface Calls {
  /** A letter for each feature: drop, hold or pass. */
  flow: string;
  held: HeldCall[];
  /** How many were dropped because more waited than the site's limit. */
  dropped: number;
  releasing: boolean;
  /** Nothing passes any more: the bridge is disconnected. */
  closed: boolean;
}

/** Cookies, as `cookies` gives them (look/probe.ts). */
type Jar = [string, string][];

/** Our adapters, as texts that the core reads. They come in parts. */
export interface Adapters {
  /** Of the consent managers that the site names. */
  readonly texts: readonly string[];
  /** One more; rejected with the name of the file where it does not come. */
  fetchPart(part: number): Promise<string>;
  /** With `auto`: notices those that are on the page; nothing where all are here already. */
  readonly makeNoticing: MakeNoticing | false | undefined;
}

/** Makes what notices consent managers, with what it looks with. */
export type MakeNoticing = (cookies: () => Jar, find: (place: Probe, jar: Jar) => unknown) => Noticing;

/** Notices consent managers. */
export interface Noticing {
  /** Events whose payload an adapter needs, to be listened to before it is there. */
  readonly heardEarly: readonly Listen[];
  /** The parts of those that are there and were not noticed before. */
  noticed(): number[];
}

/** The gate, as the rooms that are loaded after it know it. */
export interface Gate {
  readonly site: Site;
  readonly calls: Readonly<Calls>;
  readonly sdk: Readonly<Sdk>;
  readonly gated: Gated;
  readonly adapters: Adapters;
  /** For the inspector: what was heard, decided or done. */
  note(kind: Entry['kind'], what: unknown, more?: unknown): void;
  /** For the developer, on the console. */
  report(code: string, what?: unknown, error?: unknown): void;
  /** The state has changed. */
  tellState(consent: string, mode: string, cmp: string | null, code: string, reason: string): void;
  /** The core is there: what is said to the bridge from now on goes to it. Answers with what the site's own dialog has said before. */
  begun(core: Core): SiteAnswerNumber | undefined;
  /** Of a further instance: the one that it was begun on, whose consent is its own. That one asks, keeps the record and hands receipts on. */
  readonly under?: Under | undefined;
  /** Something that the core needs did not come: nothing passes any more. */
  unavailable(error: Error): void;
}

/** What a further instance has from its owner, as it was when it began; what comes later, both hear. */
export interface Under extends Pick<Site, 'token' | 'name'> {
  /** What the site's own dialog had said, if the core was not there. */
  early?: SiteAnswerNumber | undefined;
  /** What stood, if it was. */
  standing: State['consent'];
}

// ---- what is loaded after it ---------------------------------------------------------------

/** A started core, as the gate knows it. */
export interface Core {
  answer(act: SiteAnswerNumber): void;
  receipts(): Receipt[];
  explain(state: State): Explanation | (Explanation & PromiseLike<Explanation>);
  disconnect(): void;
}

/** How a core is started for a bridge. */
export type Start = (gate: Gate) => Promise<void>;

/** What the core's file exports. */
export type CoreFile = { readonly compiled: () => Promise<unknown>; readonly start: Start };

/** What the SDK keeps on the device, under the names that the site's configuration gives. Owner: src/page/sdk. */
export interface Device {
  /** The name of the visitor's stored identity. */
  identityKey(): string;
  /** The name of the SDK's stored opt-in or opt-out. */
  flagKey(): string;
  /** Whether the stored flag is a refusal. */
  isRefused(): boolean;
  clearFlag(): void;
  /** Whether the SDK knows the visitor from an earlier page. */
  isKnown(): boolean;
  /** Whether a queue is there, of events, profiles or groups. */
  hasQueue(): boolean;
}

/** Removes what an SDK left. */
export interface Sweeper {
  /**
   * Removes what the SDK left.
   * @param much queues and recordings, and the ids of this tab; everything, but a stored refusal;
   *   recordings alone
   * @returns settled when the databases are done too, and never rejected; nothing where there are none
   */
  sweepUp(much: SweepNumber): Promise<void> | undefined;
}

// ---- the SDK -------------------------------------------------------------------------------

/** The SDK on this page. Owner: src/page/sdk. */
export interface Sdk {
  /** The configuration that locks. */
  readonly lockConfig: Config;
  /** Locks the bridge's instance. */
  lock(): void;
  /** Locks the instance with the bridge's name, if it runs, and says so. */
  claim(library: Instance | undefined): boolean;
  /** What the SDK is started with: the site's, and what a stub or a running instance had. */
  config: Config;
  /** The instance, once there is one. */
  instance?: Instance;
  /** Whether the page is known to have had Mixpanel before the bridge. */
  late?: boolean | undefined;
  /** A snippet's, in which the library has not arrived. */
  stub?: Stub;
  /** Takes over the calls that wait in the stub. */
  takeOver?: () => void;
  /** The configuration before the lock went over it. */
  unlocked?: Config;
  /** Whether page views were missed, because it was locked. */
  missed?: boolean;
  /** When the bridge came to a page that had Mixpanel, as `performance.now()` says it. */
  cameAt?: number;
  /** The page's first view, until it is told or may not be. */
  landing?: HeldCall | undefined;
  /** When a prerendered page was shown. */
  shownAt?: number;
  /** Whether `$opt_in` is to be sent. */
  optInDue?: boolean;
  driver?: Driver;
}

/** Makes what drives an SDK; `failed` says that there is none. */
export type Drive = (gate: Gate, device: Device, failed: (error: unknown) => void) => Driver;

/** What drives an SDK; it comes with it. */
export interface Driver {
  /** Gives a call to the SDK; `late`: as if it were made when it was made. */
  invoke(call: Call | HeldCall, late?: boolean): unknown;
  /**
   * Gets the SDK, and a moment in which it may start: what an earlier visit left is gone, and no other tab starts one.
   * @param swept when what an earlier visit left is gone; nothing where it is
   * @param here whether it is for what was done in this tab, a moment ago
   * @returns what happened, at once where nothing has to be waited for
   */
  seek(swept: Promise<void> | undefined, here: boolean): HappeningNumber | Promise<HappeningNumber>;
  sendOptIn(): void;
  /** Calls the site's `loaded`, if that waits. */
  siteLoaded(): void;
  /** Does a command of the core's; answers with what happened at once, if anything did. */
  carryOut(command: CommandLetter, features: string): HappeningNumber | void;
  sweepUp: Sweeper['sweepUp'];
  /** What Mixpanel had done on the page before the bridge. */
  seenEarly?: (() => NonNullable<Explanation['early']>) | undefined;
}
