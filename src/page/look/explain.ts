// Why Mixpanel is on or off, for people who ask: each source, what was read there, what it means. A chunk of
// its own that the first explain() fetches, since visitors do not ask. It judges nothing.

import { ANSWER_NAMES, BROWSER_DNT, BROWSER_GPC, EXPLAIN_RUNNING, EXPLAIN_STORED, FEATURE_NAMES, FLOW_NAMES, SDK_NAMES } from '../contract.ts';
import type { Explanation, Gate, State } from '../rooms.js';
import type { Seen } from './probe.js';
import { each, receipts } from './receipt.js';

const PLACES: Record<string, string> = { g: 'global', q: 'queue', c: 'cookie', p: 'cookie', l: 'local', a: 'local', h: 'heard' };

/**
 * @param browser the bits of what the browser says
 * @param look looks once more at everything, and tells each thing that was found
 * @param ask what the core makes of what was found: `Tell::Explain` in src/core/protocol.rs
 * @param kept the kept record
 */
export function explain({ calls, sdk: { driver }, site }: Gate, state: State, browser: number, look: (seen: Seen) => string, ask: (found: string) => string, kept: string): Explanation {
  const raw: Record<string, unknown>[] = [];
  const found = look((number: number, verb: string, place: string, value: unknown) => {
    (raw[number] ||= {})[PLACES[verb] + ':' + place] = value === undefined ? '(threw, or cannot be decoded)' : copy(value);
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
    reason: state.reason + (advice({ ...state, sources } as Explanation, site.cmp) ?? ''),
    dropped: calls.dropped,
    sdk: SDK_NAMES[+sdk!],
    gate: each(calls.flow, FLOW_NAMES),
    gpc: !!(browser & BROWSER_GPC),
    dnt: !!(browser & BROWSER_DNT),
    sources,
    everGranted: receipts(kept).some(({ consent }) => consent.tracking == 'granted'),
    early: driver?.seenEarly?.(),
    toString: print,
  } as Explanation;
}

/**
 * What a developer can do about a code for which the reason alone is not enough.
 * @param wanted the site's option `cmp`
 * @returns undefined while it cannot be said: of a consent manager that does not run yet, what it stored may name less than it has
 */
export function advice({ code, cmp, sources }: Explanation, wanted: unknown): string | undefined {
  if (code == 'category-unknown') {
    const source = sources!.find((one) => one.cmp == cmp && one.live);
    return source && ` Asked for ${source.asked}; there is ${Object.keys(source.categories).join(', ')}.`;
  }
  if (code != 'cmp-missing') return '';
  const named = [wanted || 'auto'].flat().map((one) => (Object(one) === one ? (one as { id?: string }).id || 'your own adapter' : one));
  return named.includes('auto')
    ? " None of those that the bridge knows is on this page: is its script blocked, or does it load later? For another product give `cmp` an adapter of your own, for your own dialog 'manual'."
    : ` There is no ${named.map((one) => `\`${one}\``).join(' and no ')} on this page: is its script blocked, or does it load later? If this page has another consent manager, name that in \`cmp\`, or leave \`cmp\` out.`;
}

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
