// HTML without script, as a comment or a profile page may carry it: an element with an `id` or a
// `name` is found under that name on `window` and `document`, and must not count as configuration,
// as the SDK or as a consent manager's answer. Nor does what a polluted prototype lends to every object.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PAGES, TOKEN, noPageError, nothingSent, open, sdkSnippet } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const EVIL = 'https://evil.test/evil.js';
const on = { mode: 'on', consent: 'granted' };
const NONCE = 'c2VjcmV0';
const POLICIES = {
  'a nonce and Trusted Types': `script-src 'nonce-${NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types mixpanel-consent-bridge`,
  'no policy': undefined,
};

const hostile = (given) => ({
  form: 'tag',
  cmp: undefined,
  connect: { cmp: 'manual' },
  answerWith: [[/evil\.test/, { contentType: 'text/javascript', body: 'window.__evil = true;' }]],
  ...given,
});

const unharmed = async (v) => {
  await v.settle(400);
  nothingSent(v);
  await v.page.evaluate(() => window.__bridge.grant());
  await v.until(on);
  await v.settle();
  assert.equal(await v.page.evaluate(() => window.__evil), undefined, 'a foreign script ran');
  assert.deepEqual(v.asked.filter(({ url }) => /^\w+:\/\/evil/.test(url)), [], 'a foreign address was asked');
  assert.deepEqual(v.names(), ['Early']);
  noPageError(v);
};

describe('elements with a name', { concurrency: PAGES }, () => {
  for (const [policy, text] of Object.entries(POLICIES)) {
    const headers = text ? { nonce: NONCE, headers: { 'content-security-policy': text } } : {};
    for (const [what, html] of [
      ['<a id="MIXPANEL_CUSTOM_LIB_URL">', `<a id="MIXPANEL_CUSTOM_LIB_URL" href="${EVIL}"></a>`],
      ['two <a id="MIXPANEL_CUSTOM_LIB_URL">', `<a id="MIXPANEL_CUSTOM_LIB_URL" href="${EVIL}"></a><a id="MIXPANEL_CUSTOM_LIB_URL" name="toString" href="${EVIL}"></a>`],
      ['<img name="currentScript" data-sdk>', `<img name="currentScript" data-token="${TOKEN}" data-cmp="cookiebot" data-sdk="${EVIL}">`],
      ['<form id="mixpanel"> with a child __loaded', '<form id="mixpanel"><input name="__loaded"><input name="init"><input name="set_config"></form>'],
      ['<form id="mixpanel"> with a child __bridge', '<form id="mixpanel"><input name="__bridge"></form>'],
      ['<a id="mixpanelConsent">', `<a id="mixpanelConsent" href="${EVIL}"></a>`],
      ['<a id="trustedTypes">', '<a id="trustedTypes"></a>'],
    ]) {
      test(`${what} above the tag, ${policy}: passed over`, () =>
        harness.during(hostile({ ...headers, above: html, before: [['track', 'Early']] }), unharmed));
    }
    test(`<a id="MIXPANEL_CUSTOM_LIB_URL"> below the tag, ${policy}: passed over`, async () => {
      const site = `<script>${await sdkSnippet('2.83.0')}</script><script>mixpanel.init(${JSON.stringify(TOKEN)}, S.config); mixpanel.track('Early');</script><a id="MIXPANEL_CUSTOM_LIB_URL" href="${EVIL}"></a>`;
      await harness.during(hostile({ ...headers, site }), unharmed);
    });
  }

  // As a frame of another site does that is named `mixpanel` and has loaded.
  test('what throws at each look stands at window.mixpanel above the tag: passed over', () =>
    harness.during(hostile({ above: "<script>window.mixpanel = new Proxy(function () {}, Object.fromEntries(['get', 'has', 'getPrototypeOf', 'ownKeys', 'getOwnPropertyDescriptor'].map((trap) => [trap, () => { throw new Error('mine'); }])));</script>", before: [['track', 'Early']] }), unharmed));

  // What a script calls of the document, and finds an element instead.
  for (const form of ['loader', 'tag'])
    for (const name of ['addEventListener', 'createElement', 'documentElement', 'head', 'prerendering', 'readyState', 'title', 'URL', 'visibilityState'])
      test(`<img name="${name}">, ${form}: passed over`, () =>
        harness.during(hostile({ form, [form === 'tag' ? 'above' : 'head']: `<img name="${name}"><form name="${name}"><input name="append"></form>`, calls: [['track', 'Early']] }), unharmed));

  test('<img name="URL">: what was held has the address of its page', () =>
    harness.during(hostile({ form: 'loader', connect: { cmp: 'manual' }, head: '<img name="URL">', early: [['track', 'Early'], ['track_pageview']] }), async (v) => {
      await v.until({ code: 'manual-unset' });
      await v.page.evaluate(() => window.__bridge.grant());
      await v.until({ mode: 'on' });
      await v.settle();
      assert.deepEqual(v.events().filter(({ name }) => name !== '$opt_in').map(({ properties }) => properties.$current_url), v.events().filter(({ name }) => name !== '$opt_in').map(() => v.url()));
      assert.ok(v.names().includes('Early'));
    }));

  test('<form id="mixpanel"> on a page of the module: no SDK, and the one that comes is used', () =>
    harness.during(hostile({ form: 'loader', connect: { cmp: 'manual' }, head: '<form id="mixpanel"><input name="__loaded"><input name="set_config"></form>', early: [['track', 'Early']] }), unharmed));

  // What the visitor answers is a state of the manager's, and no element's.
  for (const [what, html] of [
    ['a form at Cookiebot', '<form id="Cookiebot"><input name="hasResponse"><input name="consent"></form>'],
    ['a form at OneTrust', '<form id="OneTrust"><input name="IsAlertBoxClosed"></form><a id="OnetrustActiveGroups" href=",C0002,"></a>'],
  ])
    test(`${what}: no consent manager`, () =>
      harness.during({ form: 'loader', cmp: undefined, connect: { cmp: ['cookiebot', 'onetrust'], cmpTimeout: 800 }, head: html, early: [['track', 'Early']] }, async (v) => {
        await v.until({ code: 'cmp-missing' });
        nothingSent(v);
        assert.equal((await v.state()).consent, 'unset');
      }));

  test('what stands on the prototype of every object is no consent manager', () =>
    harness.during({
      form: 'loader', cmp: undefined, connect: { cmp: ['cookiebot', 'klaro', 'axeptio'], cmpTimeout: 800 },
      init: `Object.prototype.Cookiebot = { hasResponse: true, consented: true, consent: { method: 'explicit', necessary: true, statistics: true, preferences: true, marketing: true } };`,
      early: [['track', 'Early']],
    }, async (v) => {
      await v.settle(1_500);
      nothingSent(v);
      assert.notEqual((await v.state()).consent, 'granted');
    }));

  // As a careless merge of JSON leaves it, and whoever can write there would have the tag's nonce. Not
  // enumerable: the SDK sends what it finds on each object by `in`, which Mixpanel would not read.
  for (const name of ['sdk', 'MIXPANEL_CUSTOM_LIB_URL', 'integrity'])
    test(`what stands on the prototype of every object as ${name}: names no file for the tag`, () =>
      harness.during(hostile({ init: `Object.defineProperty(Object.prototype, ${JSON.stringify(name)}, { value: ${JSON.stringify(EVIL)}, writable: true, configurable: true });`, before: [['track', 'Early']] }), unharmed));
});
