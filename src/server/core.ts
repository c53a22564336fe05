// The core as servers have it: the wasm module of the feature `server`, compiled when it is
// first asked, and what its numbers mean. It decides nothing.

import module from 'wasm:server';
import * as core from '../../pkg/server/server.js';
import type { Entry, Feature, Receipt, RequestState, Terms } from '../api/server.js';
import { BridgeError } from './errors.js';
import { checkTerms, known } from './options.js';

export type Api = typeof core;
type Told = Omit<RequestState, 'at'>;

let started: WebAssembly.Module | undefined;
const described = new Map<number, Told>();

/** Called each time the module is started anew: the readers and terms that were made in the old one are gone. */
export const fresh: (() => void)[] = [];

function start() {
  if (started) return;
  const compiled = module();
  core.initSync({ module: compiled });
  started = compiled;
  for (const forget of fresh) forget();
}

/** What is said where there is no core to ask. */
const UNAVAILABLE: Told = Object.freeze({
  consent: 'unset',
  mode: 'off',
  cmp: null,
  code: 'core-unavailable',
  reason: 'The core could not be compiled or has failed; nothing is sent. On an edge runtime import the package through its bundler, which brings the module as a file.',
  features: Object.freeze({ tracking: 'unset', replay: 'unset', profile: 'unset', flags: 'unset' }),
  modes: Object.freeze({ tracking: 'off', replay: 'off', profile: 'off', flags: 'off' }),
});

/** A property at a time: a spread takes twenty times as long, and this is done with every request. */
const stand = (s: Told, at: number): RequestState =>
  Object.freeze({
    consent: s.consent,
    mode: s.mode,
    cmp: s.cmp,
    code: s.code,
    reason: s.reason,
    features: s.features,
    modes: s.modes,
    at,
  });

function describe(packed: number): Told {
  let state = described.get(packed);
  if (!state) {
    state = core.describe(packed) as Told;
    Object.freeze(state.features);
    Object.freeze(state.modes);
    described.set(packed, state);
  }
  return state;
}

/** Asks the core; what it cannot answer is shut. `at`: milliseconds since 1970. */
export function rule(ask: (api: Api) => number, at: number): RequestState {
  try {
    start();
    return stand(describe(ask(core)), at);
  } catch (error) {
    if (error instanceof BridgeError) throw error;
    // A failure may leave the module's memory half changed, so the next call starts it anew.
    started = undefined;
    return stand(UNAVAILABLE, at);
  }
}

/** Asks the core for something that is no state. */
export function ask<T>(question: (api: Api) => T): T {
  start();
  return question(core);
}

/** Shut, for a reason that is not the core's. */
export const shut = (code: string, reason: string, at: number): RequestState =>
  Object.freeze({ ...UNAVAILABLE, code, reason, at });

export function allowedAt(entries: readonly Entry[], at: number, terms: Terms = {}): RequestState {
  known(terms, ['implied', 'denied', 'version', 'maxAge'], ' of terms');
  checkTerms(terms);
  // What is no time allows nothing, and neither does what is no list: it may have been a history with a no.
  if (!(typeof at == 'number' && at >= 0) || !Array.isArray(entries)) return rule((api) => api.allowedThrough([{}], Uint32Array.of(1), Float64Array.of(0), {}), 0);
  return rule((api) => api.allowedThrough([...entries], Uint32Array.of(entries.length), Float64Array.of(at), terms), at);
}

/** A receipt as a line of the record, unsigned. */
export const recordLine = (receipt: Receipt): string | null => ask((api) => api.recordLine(receipt)) ?? null;

// ---- the ledger -------------------------------------------------------------------------

/** One answer as a history keeps it: what the core is asked about it, and what people want to know. */
export interface Kept {
  /** Whose history it was recorded in: the id as the site has it. */
  readonly id: string;
  /** When it was given or read, as the site says; milliseconds since 1970, as all of these. */
  readonly at: number;
  /** When the ledger heard it. */
  readonly heard: number;
  readonly event: Receipt['event'] | null;
  readonly cmp?: string;
  readonly consent: Receipt['consent'];
  readonly version?: string;
  /** The key of the device that says it. */
  readonly device?: string;
  /** Who says it, as the site has it. */
  readonly by: string;
  /** When, by the clock of the browser that says it. */
  readonly said?: number;
  /** It is what a request carried, which has no time. */
  readonly seen?: true;
  /** When, as a signature proves. */
  readonly proven?: number;
  /** Several people use the device. */
  readonly shared?: true;
  readonly late?: true;
}

/** What one more answer makes of a person. */
export interface Outcome {
  /** The person's line from then on. */
  readonly line: string;
  readonly from: number;
  /** What it is in the history; nothing where it is no entry. */
  readonly event?: Receipt['event'];
  /** The answers that are in the history. */
  readonly consent?: Readonly<Record<Feature, Receipt['consent'][Feature]>>;
  readonly late: boolean;
}

/** What this answer makes of a person's line; nothing where it is no news. */
export const take = (line: string, kept: Kept, repeated: boolean): Outcome | undefined =>
  ask((api) => api.takeAnswer(line, kept, repeated)) as Outcome | undefined;

/** The same for a whole history, in the order in which it was heard. */
export const replay = (kept: readonly unknown[]): Outcome[] => ask((api) => api.replay([...kept])) as Outcome[];

/** Two histories as one, in the order in which they were heard: places in the first, and behind its length places in the second. */
export const inOrder = (first: readonly unknown[], second: readonly unknown[]): number[] => [...ask((api) => api.inOrder([...first], [...second]))];

/**
 * The people who may be meant by ids that are named together, by their numbers; `null` where nothing is
 * known of one of them. Of each id: whether it is a device, and the numbers of the people whom it belongs to.
 */
export function meant(ids: readonly { readonly device: boolean; readonly persons: readonly number[] }[]): number[] | null {
  const made = ask((api) => api.meant(Uint32Array.from(ids.flatMap(({ device, persons }) => [device ? 1 : 0, persons.length, ...persons]))));
  return made ? [...made] : null;
}

/** Ids that may be kept as they are. What is longer or stranger is hashed: not every store takes every letter, nor every length. */
const PLAIN = /^[\w$@.+:-]{1,100}$/;

/** The name under which a store keeps an id: ASCII, at most 100 characters. */
export const keyOf = (id: string): string => (PLAIN.test(id) ? id : ask((api) => api.hashed(JSON.stringify(id))));

/** What lines allow by the terms of one ledger. */
export function judge(terms: Terms & { retention?: number }) {
  let number = -1;
  fresh.push(() => { number = -1; });
  const mine = (api: Api) => (number >= 0 ? number : (number = api.terms(terms)));
  return {
    /** What one line allows now. */
    now: (line: string, now: number) => rule((api) => api.judgeNow(mine(api), line, now), now),
    /** The strictest of what each line allowed at its time; a time that is not past is now. */
    all(lines: readonly string[], times: readonly number[], now: number, latest: number) {
      const when = Float64Array.from(times, (at) => (at < now ? at : -1 - at));
      return rule((api) => api.judgeLines(mine(api), lines.join('\n'), when), latest);
    },
  };
}
