// The two functions that cross to the wasm: `tell` goes in (src/wasm/page.rs), and `call` comes out
// (src/wasm/host.rs), with the arguments in one text. So the wasm imports one function, exports one,
// and holds no object of the page's. What each number means is the contract's.

import {
  ADAPTER_SEPARATOR, CALL_GIVEN, CALL_NAMES, FIELD_SEPARATOR, SEPARATOR,
  TELL_ADAPTERS, TELL_ANSWER, TELL_CONNECT, TELL_EXPLAIN, TELL_HAPPENED, TELL_KEPT, TELL_LOOKED, TELL_PEER,
  type Call, type CallNumber, type CommandLetter, type HappeningNumber, type NOTHING, type PaceNumber, type SiteAnswerNumber, type TellNumber,
} from '../contract.ts';
import type { Program } from './probe.js';

/** What the core calls, by the names of the contract. What throws ends itself alone. */
export interface Host extends Record<Exclude<Call, 'given'>, unknown> {
  gate(flow: string): void;
  run(command: CommandLetter, features: string): HappeningNumber | typeof NOTHING;
  say(consent: string, mode: string, cmp: string, code: string, reason: string): void;
  tell(text: string): void;
  record(line: string, forAll: string): void;
  optedIn(): void;
}

type Called = Record<Call, (...parts: string[]) => number | void>;

const hosts: Called[] = [];
/** What the core answers with, within a call of ours. */
let given: string;

/** By number and by text, as the core calls; what each takes is said in {@link Host}. */
export function call(id: number, what: CallNumber, text: string) {
  if (what == CALL_GIVEN) given = text;
  else
    try {
      return hosts[id]![CALL_NAMES[what]](...text.split(SEPARATOR));
    } catch (error) {
      // The core goes on with what is to follow; the page's own lines do not fail, and who watches for errors sees it.
      setTimeout(() => { throw error; });
    }
  return;
}

/** The wasm's `tell`. */
export type Send = (id: number, what: number, text: string, number: number, now: number) => void;

/** Of our adapters in a text those of these ids; `auto` is all. */
export const named = (ids: readonly string[], text: string) =>
  text.split(ADAPTER_SEPARATOR).filter((one) => ids.some((id) => id == 'auto' || one.startsWith(id + FIELD_SEPARATOR)));

/**
 * A bridge of the core's.
 * @param setup its options
 */
export function open(send: Send, host: Host, setup: string) {
  const id = hosts.push(host as unknown as Called) - 1;
  const tell = (what: TellNumber, text = '', number = 0, now = 0) => send(id, what, text, number, now);
  tell(TELL_CONNECT, setup);
  return {
    /** Gives it adapters; answers with what `look` and `watch` are to do for all that it has. */
    add(adapters: readonly string[]) {
      tell(TELL_ADAPTERS, adapters.join(ADAPTER_SEPARATOR));
      return JSON.parse(given) as Program;
    },
    looked(found: string, browser: number, now: number) {
      tell(TELL_LOOKED, found, browser, now);
      return +given as PaceNumber;
    },
    answer: (number: SiteAnswerNumber) => tell(TELL_ANSWER, '', number),
    happened: (number: HappeningNumber) => tell(TELL_HAPPENED, '', number),
    kept: (record: string) => tell(TELL_KEPT, record),
    peer: (answers: string) => tell(TELL_PEER, answers),
    explain(found: string) {
      tell(TELL_EXPLAIN, found);
      return given;
    },
  };
}
