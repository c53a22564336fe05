// What the core says in letters, in words: receipts, and why Mixpanel is on or off. Part of
// the core's chunk; it judges nothing.

import {
  ANSWER_NAMES, BROWSER_DNT, BROWSER_GPC, CONSENT_EVENT_NAMES, EXPLAIN_RUNNING, EXPLAIN_STORED, FEATURE_NAMES, FLOW_NAMES, RECORD_LINE, RECORD_SEPARATOR,
  type ConsentEventLetter, type Feature,
} from '../contract.ts';
import type { Explanation, Gate, Receipt, State } from '../rooms.js';
import { type Heard, type Program, look } from './probe.js';

const PLACES: Record<string, string> = { g: 'global', q: 'queue', c: 'cookie', p: 'cookie', l: 'local', a: 'local', h: 'heard' };

const each = <Word>(letters: string, words: Record<string, Word>) =>
  Object.fromEntries(FEATURE_NAMES.map((feature, i) => [feature, words[letters[i]!]])) as Record<Feature, Word>;

/** A line of the record (src/core/record.rs). */
export const receipt = (line: string) => {
  const [, answers, event, at, cmp] = line.split(RECORD_SEPARATOR) as [string, string, string, string, string];
  return { event: CONSENT_EVENT_NAMES[event as ConsentEventLetter], at: +at, cmp, consent: each(answers, ANSWER_NAMES) } as Receipt;
};

/** Those of the kept text that can be read. */
export const receipts = (kept: string) => (kept.match(RECORD_LINE) || []).map(receipt);

export function explain({ calls, sdk: { driver } }: Gate, state: State, browser: number, ask: (found: string) => string, program: Program, heard: Heard, kept: string): Explanation {
  const raw: Record<string, unknown>[] = [];
  const found = look(program, heard, (number: number, verb: string, place: string, value: unknown) => {
    (raw[number] ||= {})[PLACES[verb] + ':' + place] = copy(value);
  });
  const [sdk, ...lines] = ask(found).split('\n');
  const read = raw.filter(Boolean);
  const sources = lines.flatMap((line) => {
    const raw = read.shift();
    if (!line) return [];
    // Behind the four answers is what was asked for.
    const [cmp, live, answers, ...pairs] = line.split('\t') as [string, string, string, ...string[]];
    const categories: Record<string, string | undefined> = {};
    let others: string | null | undefined = null;
    for (let i = 0; i < pairs.length; i += 2)
      if (pairs[i]) categories[pairs[i]!] = pairs[i + 1];
      else others = pairs[i + 1];
    return { cmp, live: live == EXPLAIN_RUNNING, consent: each(answers, ANSWER_NAMES), asked: answers.slice(FEATURE_NAMES.length), categories, others, raw };
  });
  return {
    ...state,
    dropped: calls.dropped,
    sdk,
    gate: each(calls.flow, FLOW_NAMES),
    gpc: !!(browser & BROWSER_GPC),
    dnt: !!(browser & BROWSER_DNT),
    sources,
    everGranted: receipts(kept).some(({ consent }) => consent.tracking == 'granted'),
    early: driver?.seenEarly?.(),
    toString: print,
  } as Explanation;
}

/** What the site asked for and what there is; nothing while the consent manager does not run: what it stored may name less. */
export const lacking = ({ sources }: Explanation, cmp: string) => {
  const source = sources!.find((one) => one.cmp == cmp && one.live);
  return source && ` Asked for ${source.asked}; there is ${Object.keys(source.categories).join(', ')}.`;
};

/** A consent manager's own state is not to be handed out: who changes or freezes it would change that. */
const copy = (value: unknown) => {
  try {
    return structuredClone(value);
  } catch {
    // It has functions in it, or is one.
    return show(value);
  }
};

/** What was read is the page's own: it may be circular, or throw when it is looked at. */
const show = (value: unknown) => {
  try {
    return JSON.stringify(value);
  } catch (error) {
    return `(cannot be printed: ${error})`;
  }
};

/** Each field by its name, on a line of its own; what JSON has no text for (a function, nothing) is left out. */
const lines = (fields: object, indent: string) =>
  Object.entries(fields).flatMap(([name, value]) => (show(value) ? [`${indent}${name}: ${typeof value == 'string' ? value : show(value)}`] : []));

function print(this: Explanation) {
  const { mode, reason, code, sources, ...rest } = this;
  return [
    `Mixpanel is ${mode}: ${reason} (${code})`,
    ...lines(rest, ''),
    ...sources!.flatMap(({ cmp, live, ...source }) => [`${cmp} (${live ? EXPLAIN_RUNNING : EXPLAIN_STORED})`, ...lines(source, '  ')]),
  ].join('\n');
}
