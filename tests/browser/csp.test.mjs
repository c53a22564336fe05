// Content Security Policy and Trusted Types: where it works, and where it stays shut and says so.
// What the README's table says, row by row.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ENGINE, PAGES, closed, noPageError, nothingSent, open, swept } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const NONCE = 'c2VjcmV0';
const on = { mode: 'on', consent: 'granted' };
const policy = (text) => ({ nonce: NONCE, headers: { 'content-security-policy': `script-src ${text.replace('NONCE', `'nonce-${NONCE}'`)}` } });
// The site's own dialog: a policy is to try the bridge, and not a consent manager's scripts.
const manual = (given) => ({ cmp: undefined, connect: { cmp: 'manual' }, ...given });
const VIOLATIONS = 'window.__violations = []; document.addEventListener("securitypolicyviolation", (event) => __violations.push(event.effectiveDirective + " " + event.blockedURI));';
// But that of the harness's own form.
const violations = (v) => v.page.evaluate(() => window.__violations.filter((one) => !one.startsWith('script-src-attr')));

async function works(v, refused = []) {
  await v.settle(400);
  nothingSent(v);
  assert.deepEqual(v.code(), []);
  await v.page.evaluate(() => window.__bridge.grant());
  await v.until(on);
  await v.settle();
  assert.deepEqual(v.names(), ['Early']);
  await v.page.evaluate(() => window.__bridge.deny());
  await v.until({ mode: 'off', consent: 'denied' });
  await v.settle(900);
  await swept(v);
  assert.deepEqual(await violations(v), refused);
  noPageError(v);
}

async function shut(v, code, words) {
  await v.page.evaluate(() => window.__bridge.grant());
  await v.until({ code });
  await v.call('track', 'Later');
  await v.settle(700);
  nothingSent(v);
  assert.match((await v.state()).reason, words);
  assert.equal(v.console.filter(({ text }) => text.includes(code)).length, 1, 'said once');
  assert.equal((await v.state()).held, 2, 'what was called is kept');
  noPageError(v);
}

const EARLY = { calls: [['track', 'Early']], init: VIOLATIONS };

describe('under a policy', { concurrency: PAGES }, () => {
  for (const [what, text] of [
    ['a nonce and strict-dynamic', "NONCE 'strict-dynamic' 'wasm-unsafe-eval'"],
    ['a nonce alone, which is handed on', "NONCE 'wasm-unsafe-eval'"],
    ['hosts', "'self' NONCE https://cdn.mxpnl.com 'wasm-unsafe-eval'"],
    ['a nonce and Trusted Types', "NONCE 'strict-dynamic' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types mixpanel-consent-bridge"],
    ['Trusted Types with a default policy of the page\'s', "NONCE 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types default"],
  ]) {
    const head = /default/.test(text) ? "<script>trustedTypes.createPolicy('default', { createScriptURL: (url) => url });</script>" : '';
    // The refused name is reported; the page's own policy then lets the address through.
    const refused = /default/.test(text) ? ['trusted-types trusted-types-policy'] : [];
    test(`tag: ${what}`, () => harness.during(manual({ ...EARLY, form: 'tag', head, ...policy(text) }), (v) => works(v, refused)));
  }

  test('connect(): a nonce, strict-dynamic and Trusted Types', () =>
    harness.during(manual({ ...EARLY, form: 'loader', ...policy("NONCE 'strict-dynamic' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types 'none'") }), async (v) => {
      await v.page.evaluate(() => window.__bridge.grant());
      await v.until(on);
      await v.settle();
      assert.deepEqual(v.names(), ['Early']);
      assert.deepEqual(await violations(v), []);
    }));

  test('tag: Trusted Types that allow neither: shut, and said', () =>
    harness.during(manual({ ...EARLY, form: 'tag', ...policy("NONCE 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types 'none'") }), (v) => shut(v, 'sdk-failed', /SDK/)));

  test('tag: a policy that refuses the library: shut, and said', () =>
    harness.during(manual({ ...EARLY, form: 'tag', ...policy("NONCE 'wasm-unsafe-eval'"), attributes: { sdk: 'https://elsewhere.test/lib.js' }, init: `${VIOLATIONS} Object.defineProperty(HTMLScriptElement.prototype, 'nonce', { get: () => '', set() {} });` }), async (v) => {
      await shut(v, 'sdk-failed', /SDK/);
    }));

  const NO_WASM = "NONCE 'strict-dynamic'";
  for (const form of ['tag', 'loader']) {
    test(`${form}: WebAssembly refused, and nothing else carried: shut, and said`, () =>
      harness.during(manual({ ...EARLY, form, ...policy(NO_WASM) }), async (v) => {
        await shut(v, 'core-unavailable', /wasm-unsafe-eval.*no-wasm/);
        await closed(v, 'core-unavailable');
      }));
  }

  test('tag: WebAssembly refused, data-no-wasm: the core as JavaScript, in its place', () =>
    harness.during(manual({ ...EARLY, form: 'tag', ...policy(NO_WASM), attributes: { 'no-wasm': '/dist/bridge.no-wasm.js' } }), async (v) => {
      assert.ok(!v.asked.some(({ url }) => url.includes('mxpnl')));
      // DIFFERENCE: WebKit refuses without telling the page.
      await works(v, ENGINE === 'webkit' ? [] : ['script-src wasm-eval']);
      assert.equal(v.asked.filter(({ url }) => url.endsWith('bridge.no-wasm.js')).length, 1);
    }));

  test('tag: WebAssembly refused, data-no-wasm without an address: the core as JavaScript from the tag\'s folder', () =>
    harness.during(manual({ ...EARLY, form: 'tag', ...policy(NO_WASM), attributes: { 'no-wasm': '' } }), async (v) => {
      await works(v, ENGINE === 'webkit' ? [] : ['script-src wasm-eval']);
      assert.equal(v.asked.filter(({ url }) => url.endsWith('/core.no-wasm.js')).length, 1);
    }));

  test('tag in one file: WebAssembly refused, data-no-wasm: the core as JavaScript by its address; without one shut, and said', async () => {
    await harness.during(manual({ ...EARLY, form: 'tag', tag: 'bridge.all', ...policy(NO_WASM), attributes: { 'no-wasm': '/dist/bridge.no-wasm.js' } }), (v) =>
      works(v, ENGINE === 'webkit' ? [] : ['script-src wasm-eval']));
    await harness.during(manual({ ...EARLY, form: 'tag', tag: 'bridge.all', ...policy(NO_WASM), attributes: { 'no-wasm': '' } }), (v) => shut(v, 'core-unavailable', /data-no-wasm/));
  });

  test('tag: data-no-wasm where WebAssembly is allowed: not fetched', () =>
    harness.during(manual({ ...EARLY, form: 'tag', ...policy("NONCE 'strict-dynamic' 'wasm-unsafe-eval'"), attributes: { 'no-wasm': '/dist/bridge.no-wasm.js' } }), async (v) => {
      await works(v);
      assert.ok(!v.asked.some(({ url }) => url.endsWith('bridge.no-wasm.js')));
    }));

  for (const [what, path] of [['not there', '/dist/nothing.js'], ['something else', '/managers/kit.js']]) {
    test(`tag: WebAssembly refused, and what data-no-wasm names is ${what}: shut, and said`, () =>
      harness.during(manual({ ...EARLY, form: 'tag', ...policy(NO_WASM), attributes: { 'no-wasm': path } }), async (v) => {
        await v.until({ code: 'core-unavailable' });
        await v.page.evaluate(() => window.__bridge.grant());
        await v.settle(600);
        nothingSent(v);
        assert.match((await v.state()).reason, /bridge\.no-wasm\.js/);
        assert.equal(v.console.filter(({ text }) => text.includes('core-unavailable')).length, 1);
      }));
  }

  test('the tag without WebAssembly, and connect() of /no-wasm: nothing is even tried', async () => {
    await harness.during(manual({ ...EARLY, form: 'tag', tag: 'bridge.no-wasm', ...policy(NO_WASM) }), (v) => works(v));
    await harness.during(manual({ ...EARLY, form: 'loader', entry: 'no-wasm', ...policy(NO_WASM) }), async (v) => {
      await works({ ...v, code: () => [] });
      assert.ok(v.asked.some(({ url }) => url.endsWith('/core.no-wasm.js')));
      assert.ok(!v.asked.some(({ url }) => url.endsWith('/core.js')));
    });
  });
});
