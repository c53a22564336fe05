// Cookies that nobody wrote: those of the fixtures, cut, doubled, mixed and with letters changed.
// Each is read by readConsent() and by the page's own probes and wasm, which must agree; and no
// change to a signed record may keep it open. read-fuzz.test.mjs runs a little of it, and
// `npm run fuzz` (tools/fuzz.mjs) goes on with it. By itself:
//
//   FUZZ_SECONDS=3600 FUZZ_SEED=7 node tests/server/read-fuzz.mjs

import { readFileSync, readdirSync } from 'node:fs';
import { at, started } from '../../tools/lib.mjs';
import { openInNode } from '../wasm/harness.mjs';

const { readConsent, recordName, signRecord } = await import(at('dist', 'server.js'));

const TOKEN = '0123456789abcdef0123456789abcdef';
const KEY = 'a secret of the site, for tests';
const FORMS = [{}, { implied: 'ask' }, { denied: 'cookieless' }, { gpc: 'strict' }];
/** What hurts decoders: encodings begun and not ended, separators, marks, other scripts, no text at all. */
const HURTS = [
  '%', '%2', '%00', '%C3', '%C3%A4', '%ED%A0%80', '%F0%9F%8D%AA', '%u0041', '"', '\\u0000', '\\u00e4', '\\ud83c', '\\udf6a', '\\ud83c\\udf6a', '{', '}', '[', ']', ':', ',', '=', '==', '&', '|', '+', ' ', '~', '.', '-1', '0', '1', '1e5', '1.5', '-0',
  'null', 'true', 'false', 'NaN', '__proto__', 'constructor', 'ä', '€', '🍪', '\u00a0', '\ufeff', '\u2028', 'A'.repeat(9000), '9'.repeat(400), '[['.repeat(200),
];

/** Numbers that look like chance and come again with the same seed (mulberry32). */
function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { below: (n) => Math.floor(next() * n), one: (list) => list[Math.floor(next() * list.length)] };
}

const given = readdirSync(at('tests', 'fixtures'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap(({ name: of }) => readdirSync(at('tests', 'fixtures', of))
  .filter((name) => name.endsWith('.json') && name !== 'none.json')
  .map((name) => Object.entries(JSON.parse(readFileSync(at('tests', 'fixtures', of, name), 'utf8')).snapshot).filter(([key]) => key.startsWith('cookie:')).map(([key, text]) => [key.slice(7), text]))
  .filter((jar) => jar.length)
  .map((jar) => ({ of, jar })));

/** A cookie's text with something done to it. */
function changed(given, random) {
  const text = given.toWellFormed();
  const at = random.below(text.length + 1);
  switch (random.below(8)) {
    case 0: return text.slice(0, at);
    case 1: return text.slice(at);
    case 2: return text.slice(0, at) + random.one(HURTS) + text.slice(at);
    case 3: return text.slice(0, at) + random.one(HURTS) + text.slice(at + 1 + random.below(4));
    case 4: return text + text;
    case 5: try { return decodeURIComponent(text); } catch { return encodeURIComponent(text); }
    case 6: return encodeURIComponent(text);
    default: return text.slice(0, at) + String.fromCharCode(32 + random.below(95)) + text.slice(at + 1);
  }
}

/** As a browser would send it: no control characters, no semicolons in a value, no spaces around it. */
const sendable = (text) => text.toWellFormed().replace(/[\0-\x1f\x7f;]/g, '').trim();

function page(random) {
  const { of, jar } = random.one(given);
  let pairs = jar.map((pair) => [...pair]);
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const pair = random.one(pairs);
    switch (random.below(10)) {
      case 0: pairs.push(...random.one(given).jar.map((other) => [...other])); break;
      case 1: pairs.unshift([pair[0], changed(pair[1], random)]); break;
      case 2: pairs = pairs.filter((one) => one !== pair || pairs.length === 1); break;
      case 3: pair[0] = changed(pair[0], random).replace(/=/g, ''); break;
      default: pair[1] = changed(pair[1], random);
    }
  }
  // A nameless cookie is sent without `=`; no place asks for one.
  pairs = pairs.map(([name, text]) => [sendable(name), sendable(text)]).filter(([name]) => name);
  return { of, ids: random.below(2) ? 'auto' : of, cookie: pairs.map(([name, text]) => `${name}=${text}`).join('; '), options: random.one(FORMS) };
}

const DIGITS = { implied: { ask: '000100' }, denied: { cookieless: '001000' }, gpc: { strict: '000010' } };
const digits = (options) => { const [[option, word]] = [...Object.entries(options), ['', '']]; return DIGITS[option]?.[word] ?? '000000'; };

/** What the page's own probes and wasm say of these headers, as if they were `document.cookie`. */
const ask = (node, pages) => node.page.evaluate((asked) => {
  lay({});
  const programs = {};
  return asked.map(({ ids, cookie, policy, around }) => {
    Object.defineProperty(document, 'cookie', { configurable: true, get: () => cookie });
    const said = [];
    const host = new Proxy({ run: () => 255, say: (...state) => { said.push(state); } }, { get: (own, key) => own[key] ?? (() => {}) });
    const bridge = core.connect(host, [`${policy}000`, '\n\n\n', ''].join('\0'), known(ids));
    programs[ids] ??= JSON.parse(core.program(bridge));
    core.looked(bridge, look(programs[ids], {}), around, 0);
    return said.at(-1).slice(0, 4);
  });
}, pages);

/**
 * Runs until `until(count)` says so. Resolves to how many were read, or throws with what makes it
 * happen again.
 */
export async function fuzz({ seed, until }) {
  const random = chance(seed);
  let node = await openInNode();
  const modes = { on: 0, off: 0, cookieless: 0 };
  let count = 0;
  while (!until(count)) {
    // A page's bridges stay as long as their page.
    if (count % 20_000 < 500) node = await openInNode();
    const pages = Array.from({ length: 500 }, () => page(random));
    const asked = pages.map(({ ids, cookie, options }, at) => ({ ids, cookie, policy: digits(options), around: at % 3 === 2 ? 1 : 0 }));
    const said = await ask(node, asked);
    for (const [at, { ids, cookie, options }] of pages.entries()) {
      const gpc = asked[at].around;
      const state = readConsent({ cookie, ...(gpc && { 'sec-gpc': '1' }) }, { cmp: ids, ...options });
      // A page goes on looking for the script; of a cookie that is damaged a server says so.
      const code = state.cmp === null ? state.code.replace(/^(request-silent|cmp-unreadable)$/, 'cmp-looking') : state.code;
      const mine = [state.consent, state.mode, state.cmp ?? '', code];
      modes[state.mode] += 1;
      if (mine.join() !== said[at].join()) {
        throw new Error(`A page says ${said[at].join(' ')}, readConsent() ${mine.join(' ')} (seed ${seed}, after ${count}):\n${JSON.stringify({ ids, options, gpc, cookie })}`);
      }
      count += 1;
    }
    // A signed record, changed somewhere: it is closed, or it is what it was.
    const whole = signRecord('1.gggg.g.1764000000000.usercentrics', { token: 'T', key: KEY });
    for (let times = 0; times < 100; times += 1) {
      const line = sendable(changed(whole, random));
      const { mode, code } = readConsent({ cookie: `${recordName(TOKEN)}=${line}` }, { token: TOKEN, recordKey: KEY });
      if (mode !== 'off' && line !== whole) throw new Error(`A forged record is ${mode} (seed ${seed}): ${line}`);
      if (mode === 'off' && !/^record-/.test(code)) throw new Error(`A damaged record is called ${code} (seed ${seed}): ${line}`);
    }
  }
  return { count, modes };
}

if (started(import.meta)) {
  const seconds = Number(process.env.FUZZ_SECONDS ?? 600);
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
  console.log(`seed ${seed}, ${seconds} seconds`);
  const end = Date.now() + seconds * 1000;
  const { count, modes } = await fuzz({ seed, until: () => Date.now() > end });
  console.log(`${count} headers, a page and readConsent() agree on each: ${JSON.stringify(modes)}`);
}
