// The core as servers have it: the wasm module of the feature `server`, compiled when it is
// first asked, and what its numbers mean. It decides nothing.

import module from 'wasm:server';
import * as core from '../../pkg/server/server.js';
import type { Entry, Receipt, RequestState, Terms } from './types.js';
import { BridgeError } from '../page/gate/error.js';

let started: WebAssembly.Module | undefined;
const told = new Map<number, Omit<RequestState, 'at'>>();

/** Told each time the module starts anew: what was made in it is gone. */
export const fresh: (() => void)[] = [];

function start() {
  if (started) return;
  const compiled = module();
  core.initSync({ module: compiled });
  started = compiled;
  for (const forget of fresh) forget();
}

/** What is said where there is no core to ask. */
const UNAVAILABLE: Omit<RequestState, 'at'> = Object.freeze({
  consent: 'unset',
  mode: 'off',
  cmp: null,
  code: 'core-unavailable',
  reason: 'The core could not be compiled or has failed; nothing is sent. On an edge runtime import the package through its bundler, which brings the module as a file.',
  features: Object.freeze({ tracking: 'unset', replay: 'unset', profile: 'unset', flags: 'unset' }),
  modes: Object.freeze({ tracking: 'off', replay: 'off', profile: 'off', flags: 'off' }),
});

/** A property at a time: a spread takes twenty times as long, and this is done with every request. */
const stand = (s: Omit<RequestState, 'at'>, at: number): RequestState =>
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

function describe(packed: number): Omit<RequestState, 'at'> {
  let state = told.get(packed);
  if (!state) {
    const made: any = core.describe(packed);
    Object.freeze(made.features);
    Object.freeze(made.modes);
    state = made as Omit<RequestState, 'at'>;
    told.set(packed, state);
  }
  return state;
}

/** Asks the core; what it cannot answer is shut. `at`: milliseconds since 1970. */
export function rule(ask: (api: typeof core) => number, at: number): RequestState {
  try {
    start();
    return stand(describe(ask(core)), at);
  } catch (error) {
    if (error instanceof BridgeError) throw error;
    // A module that has failed once may be left amid something.
    started = undefined;
    return stand(UNAVAILABLE, at);
  }
}

/** Asks the core for something that is no state. */
export function ask<T>(question: (api: typeof core) => T): T {
  start();
  return question(core);
}

/**
 * What a person's history allowed at a time: the one place where kept answers are judged
 * (src/core/history.rs).
 *
 * The last entry up to `at` counts, whatever their order; of several at the same millisecond
 * the strictest. An entry that cannot be read closes what was open before it. With nothing
 * recorded up to then it is unset (`nothing-recorded`), and unset is never sent.
 *
 * @param entries as receipts say it; `version`, where it was kept, of the policy agreed to
 * @param at milliseconds since 1970
 * @param terms `implied`, `denied`: the words of the options. `version`: a yes to another
 *   version no longer counts (`cmp-expired`). `maxAge`: milliseconds for which a yes counts
 */
export function allowedAt(entries: readonly Entry[], at: number, terms: Terms = {}): RequestState {
  return allowedThrough([entries], [at], terms);
}

/** The strictest of what each history allowed at each time; what is no time allows nothing. */
export function allowedThrough(histories: readonly (readonly Entry[])[], times: readonly number[], terms: Terms): RequestState {
  const latest = Math.max(...times);
  if (!(Math.min(...times) >= 0)) return rule((api) => api.allowedThrough([{}], new Uint32Array([1]), new Float64Array(1), {}), 0);
  return rule(
    (api) =>
      api.allowedThrough(
        histories.flat() as any[],
        Uint32Array.from(histories, (entries) => entries.length),
        Float64Array.from(times),
        terms,
      ),
    latest,
  );
}

/**
 * What answers found in a request are in a person's history: its next event, or `null` where
 * they are no news. `own`: those of the entries that the same device has said.
 */
export const turnOf = (entries: readonly Entry[], own: readonly Entry[], at: number, consent: object): Receipt['event'] | null =>
  (ask((api) => api.turnOf(entries as any[], own as any[], at, consent)) as Receipt['event'] | undefined) ?? null;

/** Shut, for a reason that is not the core's. */
export const shut = (code: string, reason: string, at: number): RequestState =>
  Object.freeze({ ...UNAVAILABLE, code, reason, at });

/** A receipt as a line of the record, unsigned. */
export const recordLine = (receipt: { event?: any; at: number; cmp?: string; consent: object }): string | null =>
  ask((api) => api.recordLine(receipt as any)) ?? null;
