// The same answers as in the browser: every fixture of tests/fixtures, asked of the server's
// module and of readConsent(). What the native core makes of them (examples/vectors.rs) is what
// pages are held to as well (tests/wasm/decisions.test.mjs), so that all agree.
//
// Tried by breaking: the option `implied` left out in src/wasm/server.rs; bits of `pack` and `unpack`
// in different places. What no fixture holds: read-bad-input.test.mjs.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { at, root } from '../../tools/lib.mjs';
import { openInNode } from '../wasm/harness.mjs';
import * as core from '../../pkg/server/server.js';

const { explainConsent, readConsent } = await import(at('dist', 'server.js'));
core.initSync({ module: readFileSync(at('pkg', 'server', 'server_bg.wasm')) });

const FEATURES = ['tracking', 'replay', 'profile', 'flags'];
const WORDS = { denied: ['off', 'cookieless'], implied: ['accept', 'ask'], gpc: ['respect', 'strict', 'ignore'], dnt: ['respect', 'strict', 'ignore'] };

/** The options that the digits of a vector stand for; a server has no `start` and no `pending`. */
const rules = ([, , denied, implied, gpc, dnt]) => ({
  denied: WORDS.denied[denied], implied: WORDS.implied[implied], gpc: WORDS.gpc[gpc], dnt: WORDS.dnt[dnt],
});
/** The categories of each feature, from a vector's lines. */
const named = (categories) => categories.split('\n').map((line) => line.split('\t').filter(Boolean));

const folders = readdirSync(at('tests', 'fixtures'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
const fixtures = folders.flatMap((of) => readdirSync(at('tests', 'fixtures', of))
  .filter((name) => name.endsWith('.json') && name !== 'none.json')
  .map((name) => ({ of, situation: name.slice(0, -5), ...JSON.parse(readFileSync(at('tests', 'fixtures', of, name), 'utf8')) })));
const byName = new Map(fixtures.map((fixture) => [`${fixture.of}/${fixture.situation}`, fixture]));

const cookies = (snapshot) => Object.entries(snapshot).filter(([key]) => key.startsWith('cookie:'));
const header = (snapshot) => cookies(snapshot).map(([key, text]) => `${key.slice(7)}=${text}`).join('; ');
const only = ({ snapshot }) => Object.keys(snapshot).every((key) => key.startsWith('cookie:'));

let vectors;
before(async () => {
  const { stdout } = await promisify(execFile)('cargo', ['run', '--quiet', '--locked', '--example', 'vectors'], { cwd: root, maxBuffer: 2 ** 28 });
  vectors = JSON.parse(stdout);
});

/** What a vector says in the end: consent, mode, source, code. */
const last = ({ expect }) => expect.findLast((line) => line.startsWith('say ')).split(' ').slice(1).join(' ');
/** Where nobody spoke a page goes on looking; a request is all that there is. */
const silent = (words) => words.replace(/ (cmp-looking|cmp-missing)$/, ' request-silent');
const words = ({ consent, mode, cmp, code }) => [consent, mode, cmp ?? '', code].join(' ');
/** Those that a server can be asked: one page, and nothing that is sent before an answer. */
const askable = () => vectors.filter(({ looks, policy }) => looks.length === 1 && policy[1] !== '2');

test('the server\'s module decides of every fixture as the native core and the browser do', async () => {
  const node = await openInNode();
  const pages = [...new Set(vectors.filter(({ looks }) => looks.length === 1).map(({ ids, of, looks }) => `${ids} ${of}/${looks[0]}`))];
  const found = new Map(await node.page.evaluate(([asked, snapshots]) => {
    const programs = new Map();
    return asked.map((page) => {
      const [ids, name] = page.split(' ');
      if (!programs.has(ids)) programs.set(ids, JSON.parse(core.program(connect(ids).bridge)));
      lay(snapshots[name]);
      return [page, look(programs.get(ids), __heard)];
    });
  }, [pages, Object.fromEntries([...byName].map(([name, { snapshot }]) => [name, snapshot]))]));

  const readers = new Map();
  const reader = (ids, policy, categories) => {
    const key = `${ids} ${policy} ${categories}`;
    if (!readers.has(key)) readers.set(key, core.reader({ cmp: [ids], category: named(categories), rules: rules(policy), record_keys: [] }));
    return readers.get(key);
  };
  const asked = askable();
  const wrong = [];
  for (const vector of asked) {
    const { of, ids, policy, categories, browser, looks } = vector;
    const state = core.describe(core.found(reader(ids, policy, categories), found.get(`${ids} ${of}/${looks[0]}`), browser));
    if (words(state) !== silent(last(vector))) wrong.push({ ...vector, expect: silent(last(vector)), state });
  }
  assert.ok(asked.length > 9000, `only ${asked.length} vectors`);
  assert.equal(new Set(asked.map(({ of, looks }) => `${of}/${looks[0]}`)).size, fixtures.length, 'every fixture is asked');
  assert.equal(wrong.length, 0, `${wrong.length} of ${asked.length} differ, the first:\n${JSON.stringify(wrong.slice(0, 3), null, 2)}`);
});

test('readConsent() decides of cookies as the browser does', () => {
  const wrong = [];
  let asked = 0;
  for (const vector of askable()) {
    const { of, ids, policy, categories, browser, looks } = vector;
    const fixture = byName.get(`${of}/${looks[0]}`);
    if (!only(fixture) || browser & 4) continue;
    asked += 1;
    const category = Object.fromEntries(named(categories).map((names, at) => [FEATURES[at], names]).filter(([, names]) => names.length));
    const state = readConsent(
      { cookie: header(fixture.snapshot), ...(browser & 1 && { 'sec-gpc': '1' }), ...(browser & 2 && { dnt: '1' }) },
      { cmp: ids, category, ...rules(policy) },
    );
    if (words(state) !== silent(last(vector))) wrong.push({ ...vector, expect: silent(last(vector)), state });
  }
  assert.ok(asked > 2000, `only ${asked} vectors`);
  assert.equal(wrong.length, 0, `${wrong.length} of ${asked} differ, the first:\n${JSON.stringify(wrong.slice(0, 3), null, 2)}`);
});

test('of a page whose script is not there yet the browser says what readConsent() says', async () => {
  const node = await openInNode();
  const given = fixtures.filter(({ snapshot }) => cookies(snapshot).length).map(({ of, situation, snapshot }) => ({ of, situation, snapshot: Object.fromEntries(cookies(snapshot)) }));
  assert.ok(given.length > 250);
  for (const ids of ['its own', 'auto']) {
    const said = await node.page.evaluate(([pages, which]) => pages.map(({ of, snapshot }) => {
      lay(snapshot);
      const { bridge, said } = connect(which === 'auto' ? 'auto' : of);
      core.looked(bridge, look(JSON.parse(core.program(bridge)), {}), 0);
      return said.at(-1);
    }), [given, ids]);
    for (const [at, { of, situation, snapshot }] of given.entries()) {
      const [consent, mode, cmp, code] = said[at];
      const state = readConsent({ cookie: header(snapshot) }, { cmp: ids === 'auto' ? 'auto' : of });
      assert.equal(words(state), silent([consent, mode, cmp, code].join(' ')), `${of}/${situation}, ${ids}`);
    }
  }
});

describe('what was stored means what the visitor did', () => {
  for (const of of folders) {
    const given = fixtures.filter((fixture) => fixture.of === of && only(fixture) && cookies(fixture.snapshot).length);
    if (!given.length) continue;
    test(of, () => {
      for (const { situation, snapshot, expect } of given) {
        if (!expect) {
          assert.equal(readConsent({ cookie: header(snapshot) }, { cmp: of }).code, 'request-silent', situation);
          continue;
        }
        for (const [category, answer] of Object.entries(expect.answers)) {
          const { consent, code } = of === 'iab-usp' || of === 'iab-gpp'
            // It only limits what others say; alone it is heard, and gives no answer.
            ? { consent: explainConsent({ cookie: header(snapshot) }, { cmp: of }).sources[0].consent.tracking }
            : readConsent({ cookie: header(snapshot) }, { cmp: of, category });
          assert.equal(consent, answer ?? 'unset', `${situation}: ${category}`);
          if (answer === null) assert.equal(code, 'category-unknown', `${situation}: ${category}`);
        }
      }
    });
  }
});

test('a program in Rust says the same of the same headers', async () => {
  const headers = fixtures.map(({ snapshot }) => header(snapshot));
  const all = [...new Set([...headers, headers.slice(0, 40).join('; '), 'a=b', `x=${'y'.repeat(70_000)}`])];
  await promisify(execFile)('cargo', ['build', '--quiet', '--locked', '--example', 'server'], { cwd: root });
  const cases = [
    [[], {}, {}],
    [['--gpc', '--denied', 'cookieless'], { denied: 'cookieless' }, { 'sec-gpc': '1' }],
    [['--dnt', '--implied', 'ask'], { implied: 'ask' }, { dnt: '1' }],
    [['--cmp', 'onetrust', '--cmp', 'complianz', '--category', 'C0002', '--category', 'C0003'], { cmp: ['onetrust', 'complianz'], category: ['C0002', 'C0003'] }, {}],
  ];
  for (const [args, options, more] of cases) {
    const told = await new Promise((done, fail) => {
      const child = spawn('cargo', ['run', '--quiet', '--locked', '--example', 'server', '--', ...args], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.on('data', (chunk) => { text += chunk; });
      child.on('error', fail).on('close', (code) => (code ? fail(new Error(`it ended with ${code}`)) : done(text.trim().split('\n').map((line) => JSON.parse(line)))));
      child.stdin.end(all.join('\n'));
    });
    assert.equal(told.length, all.length);
    for (const [at, cookie] of all.entries()) {
      const { at: _, ...state } = readConsent({ cookie, ...more }, options);
      assert.deepEqual(told[at], state, cookie.slice(0, 500));
    }
  }
});
