// The adapters as a page gets them: in parts of a few, and, for `cmp: 'auto'`, a table of what each
// part's consent managers are noticed by, so that only the parts of those that are there are loaded.

import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { at } from './lib.mjs';

/**
 * How many parts the adapters come in, by measure: an address in the gate is 11 bytes of brotli, and with
 * this many a part is three adapters on average. More would cost what blocks a page more than they save
 * it later.
 */
export const PARTS = 19;
/** The part of an id, as src/page/gate/adapters.ts finds it. */
export const partOf = (id) => (sumOf(id) % spread()) % PARTS;
const sumOf = (id) => [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);

let chosen;
/**
 * The number that spreads the ids over the parts most evenly: of those tried, that whose heaviest part is lightest.
 * Adapters weigh less together than apart, and compressing every part for every number would take a minute: those
 * that are best by the sum of their adapters are compared by what their parts weigh.
 */
export function spread() {
  if (chosen) return chosen;
  const all = adapters().map(({ id, text }) => ({ sum: sumOf(id), text, weight: weigh(text) }));
  const heaviest = (number, weighed) => Math.max(...weighed(Array.from({ length: PARTS }, (_, part) => all.filter(({ sum }) => (sum % number) % PARTS === part))));
  const numbers = Array.from({ length: 1199 - PARTS }, (_, at) => at + PARTS + 1);
  const lightest = (some, weighed) => some.map((number) => [heaviest(number, weighed), number]).sort(([one, number], [other, next]) => one - other || number - next);
  const apart = lightest(numbers, (parts) => parts.map((part) => part.reduce((sum, { weight }) => sum + weight, 0)));
  const together = lightest(apart.slice(0, 20).map(([, number]) => number), (parts) => parts.map((part) => weigh(part.map(({ text }) => text).join(BETWEEN))));
  [[, chosen]] = together;
  return chosen;
}
const weigh = (text) => brotliCompressSync(text).length;
/** As src/cmp/registry.rs reads them. */
const BETWEEN = '\u0001';
const WITHIN = '\u0002';

const adapters = () => JSON.parse(readFileSync(at('pkg', 'adapters.json'), 'utf8'));
const texts = (some) => JSON.stringify(some.map(({ text }) => text).join(BETWEEN));

/** The text of all adapters, as JavaScript has it: for what is one file. */
export const allTexts = () => texts(adapters());

/** The files of the parts, `cmp-0.js` and on; each as JavaScript. */
export async function partFiles() {
  const { transform } = await import('esbuild');
  const all = adapters();
  return Promise.all(Array.from({ length: PARTS }, async (_, part) => {
    const { code } = await transform(`export default ${texts(all.filter(({ id }) => partOf(id) === part))}`, { minify: true, charset: 'utf8' });
    return [`cmp-${part}.js`, code];
  }));
}

/**
 * What each part is noticed by: an entry is the letter of a place (src/page/contract.ts, PLACE), where,
 * and behind `=` what more the place takes. `events` are those whose payload an adapter needs, which is
 * lost where it is not heard from the start: as adapters list what they listen to.
 */
export function noticing(all = adapters()) {
  const signs = Array.from({ length: PARTS }, () => new Set());
  const events = [];
  for (const adapter of all) {
    const part = partOf(adapter.id);
    for (const sign of signsOf(adapter)) signs[part].add(sign);
    const kept = page(adapter).listens.filter(([verb, , , name]) => name && (verb === 'w' || verb === 'd'));
    events.push(...kept);
  }
  return { signs: signs.map((set) => [...set]), events };
}

const page = ({ text }) => {
  const [, , , places, rules] = text.split(WITHIN);
  const [probes, listens] = JSON.parse(`[${places}]`);
  return { probes, listens, rules };
};

/**
 * What one adapter is noticed by: at least one of it is on each page that the adapter reads anything from
 * (tests/wasm/noticed.test.mjs). More may be noticed than it reads; then its part is loaded in vain.
 */
export function signsOf(adapter) {
  const { probes, listens, rules } = page(adapter);
  const needed = placesOf(rules);
  const choices = [...probes.keys()].reduce((sets, place) => [...sets, ...sets.map((set) => [...set, place])], [[]])
    .filter((set) => needed.every((conditions) => conditions.some((places) => places.every((place) => set.includes(place)))));
  const signs = choices.map((set) => set.flatMap((place) => signsAt(probes[place], listens)));
  const cost = (some) => [...new Set(some)].reduce((sum, sign) => sum + sign.length + 2 + (SHARED.test(sign) ? 20 : 0), 0);
  return joined([...new Set(signs.reduce((least, some) => (cost(some) < cost(least) ? some : least)))]);
}
/** What is there for many consent managers tells little of one. */
const SHARED = /^g__(tcfapi|cmp|gpp|uspapi)$|^ceuconsent-v2$|^qdataLayer/;

/** How a place is noticed without what the place takes to be read. */
function signsAt([verb, where, more], listens) {
  switch (verb) {
    // Objects of the browser's own are everywhere, and an element is looked for by its id.
    case 'g': return [`g${/^(document|navigator)\./.test(where) ? where : where.replace('@parsed.', '').replace(/[.(].*/, '')}`];
    case 'q': return [`q${where}=${more}`];
    // Heard by an event, or of a function that has to be there.
    case 'h': return listens.filter(([, , , name]) => name === where).map(([kind, path]) => (kind === 'c' ? `g${path.replace(/[.(].*/, '')}` : `h${where}`));
    default: return [verb + where];
  }
}

/** Several cookies of one beginning are noticed by that. */
function joined(signs) {
  const left = signs.filter((sign) => sign[0] !== 'c');
  for (let cookies = signs.filter((sign) => sign[0] === 'c'); cookies.length;) {
    const [first, ...others] = cookies;
    const like = others.filter((other) => common(first, other).length >= 7);
    left.push(like.length ? `p${like.reduce(common, first).slice(1)}` : first);
    cookies = others.filter((other) => !like.includes(other));
  }
  return left;
}
const common = (one, other) => {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return one.slice(0, length);
};

/**
 * For each rule that reads something, its conditions that hold only where something is: each as the
 * places one of which is there then.
 */
function placesOf(rules) {
  return rules.split('\n').filter((rule) => / > (?!none)/.test(rule)).map((rule) => rule.split(' > ')[0].split(' ').slice(1)
    .map((condition) => condition.split('|'))
    .filter((alternatives) => !alternatives.some((one) => one.startsWith('!')))
    .map((alternatives) => alternatives.flatMap((one) => /^[a-z](\/[a-z])*/.exec(one)[0].split('/').map((letter) => letter.charCodeAt(0) - 97))));
}
