// What stands in the SDK's place and is none: a gate of connect() or the tag's, which has the SDK's shape. A
// page has both where its app is bundled and its tag manager knows nothing of that, or where old lines of a
// page are to find `window.mixpanel`. And a bridge that the page's own code disconnects while it is at work.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PAGES, TOKEN, noPageError, open, sdkSnippet } from './harness/index.mjs';

let harness;
let snippet;
before(async () => {
  harness = await open();
  snippet = `<script>${await sdkSnippet('2.83.0')}</script>`;
});
after(() => harness.close());

/** A page that has these elements, and this code in a module. */
const page = (code, elements = '') => ({
  form: 'bare-snippet',
  cmp: undefined,
  bridge: false,
  site: `${elements}<script type="module">
    import { connect } from 'mixpanel-consent-bridge';
    const wait = (ms) => new Promise((go) => setTimeout(go, ms));
    const sdk = (await import('/sdk/' + S.sdk + '/module.js')).default;
    const go = (options) => (window.__bridge = connect({ token: S.token, cmp: 'manual', ...options, config: { ...S.config, ...options?.config } }));
    const on = (bridge) => new Promise((go) => bridge.subscribe(({ mode }) => mode == 'on' && go()));
    try { ${code} } catch (error) { window.__thrown = { message: String(error) }; }
    window.__done = true;
  </script>`,
});
const done = async (v, names) => {
  await v.page.waitForFunction(() => window.__done);
  await v.settle(600);
  assert.equal(await v.thrown(), undefined);
  noPageError(v);
  assert.deepEqual(v.names(), names);
};
const TAG = '<script src="/dist/bridge.js" data-cmp="manual"></script>';

describe('a gate in the place of the SDK', { concurrency: PAGES }, () => {
  for (const [what, code] of [
    ['its own, at window.mixpanel', "go(); window.mixpanel = __bridge.mixpanel; __bridge.mixpanel.track('Held'); __bridge.grant(); await wait(600);"],
    ['its own, handed out by a function', "go({ mixpanel: () => __bridge.mixpanel }); __bridge.mixpanel.track('Held'); __bridge.grant(); await wait(600);"],
    ['that of another project', "const { mixpanel } = go({ mixpanel: sdk, token: 'another' }); __bridge.grant(); await on(__bridge); go({ mixpanel, name: 'second' }); __bridge.mixpanel.track('Held'); __bridge.grant(); await wait(600);"],
    ['that of a bridge that is disconnected', "window.mixpanel = go({ mixpanel: sdk }).mixpanel; __bridge.disconnect(); go(); __bridge.mixpanel.track('Held'); __bridge.grant(); await wait(600);"],
  ])
    test(`${what}: it is not taken for the SDK, and that is said`, () =>
      harness.during(page(code), async (v) => {
        await done(v, []);
        assert.deepEqual(await v.page.evaluate(() => [__bridge.state.mode, __bridge.state.code, __bridge.state.held]), ['off', 'sdk-failed', 1]);
        assert.ok(v.console.some(({ text }) => /sdk-failed/.test(text) && /what connect\(\) or the tag has made/.test(text)), v.console.map(({ text }) => text).join(' | '));
      }));

  for (const [what, elements, code, names] of [
    ['without a token, the module takes window.mixpanel', TAG, "go(); __bridge.mixpanel.track('Held'); nothing(); __bridge.grant(); await on(__bridge);", ['Held']],
    ['of another token, the module is handed window.mixpanel', `<script src="/dist/bridge.js" data-cmp="manual" data-token="another"></script>`, "go({ mixpanel: () => window.mixpanel }); __bridge.mixpanel.track('Held'); nothing(); __bridge.grant(); await on(__bridge); mixpanel.track('For the other');", ['Held']],
    ["with the page's init(), the module has an instance of its own", null, "go({ name: 'second' }); __bridge.mixpanel.track('Held'); nothing(); __bridge.grant(); await on(__bridge);", ['Held']],
    ['that comes after connect(), the module waits for window.mixpanel', '', `go(); __bridge.mixpanel.track('Held'); const tag = document.createElement('script'); Object.assign(tag, { src: '/dist/bridge.js' }); Object.assign(tag.dataset, { cmp: 'manual', token: S.token }); const came = new Promise((go) => { tag.onload = go; }); document.head.append(tag); await came; mixpanel.track('By the global'); nothing(); __bridge.grant(); await on(__bridge);`, ['Held', 'By the global']],
    ['and the page puts the module’s gate at window.mixpanel', TAG, "window.mixpanel = go({ mixpanel: sdk }).mixpanel; __bridge.mixpanel.track('Held'); nothing(); __bridge.grant(); await on(__bridge);", ['Held']],
  ])
    test(`a tag on the page, ${what}: nothing before a yes, and then all, once and for its own project`, () =>
      harness.during(
        page(`const nothing = () => { window.__before = performance.getEntriesByType('resource').filter(({ name }) => /mxpnl|mixpanel\\.test/.test(name)).length; }; ${code}`, elements ?? `${TAG}${snippet}<script>mixpanel.init(S.token, S.config); mixpanel.track('Of the tag');</script>`),
        async (v) => {
          await done(v, names);
          assert.equal(await v.page.evaluate(() => window.__before), 0);
          assert.deepEqual(v.events().filter(({ properties }) => properties.token !== TOKEN), []);
        },
      ));
});

describe('a second project on a page with the tag', { concurrency: PAGES }, () => {
  for (const [what, elements, said] of [
    ['by a second tag', `${TAG.replace('src', `data-token="${TOKEN}" src`)}${TAG.replace('src', 'data-token="another" src')}`, /already-connected.*`another`.*mixpanel\.init\('another', \{\}, 'a name'\)/],
    ['by a second init() without a name', `${TAG}<script>mixpanel.init(S.token, S.config); mixpanel.init('another', S.config);</script>`, /init-ignored.*another project needs a name/],
  ])
    test(`${what}: it is not started, and what to write is said once`, () =>
      harness.during(page('await wait(600);', elements), async (v) => {
        await done(v, []);
        assert.equal(v.console.filter(({ text }) => said.test(text)).length, 1, v.console.map(({ text }) => text).join(' | '));
      }));

  test('the same tag once more, as where a body is replaced: nothing is said', () =>
    harness.during(page('await wait(600);', TAG.replace('src', `data-token="${TOKEN}" src`).repeat(2)), async (v) => {
      await done(v, []);
      assert.deepEqual(v.console.map(({ text }) => text).filter((text) => text.includes('mixpanel-consent-bridge')), []);
    }));
});

describe('disconnect() in the page’s own code that the bridge calls', { concurrency: PAGES }, () => {
  for (const [what, code] of [
    ['in loaded', "go({ mixpanel: sdk, config: { batch_requests: false, loaded: () => __bridge.disconnect() } }); await wait(300);"],
    ['in onReceipt', "go({ mixpanel: sdk, config: { batch_requests: false }, onReceipt: () => __bridge.disconnect() }); await wait(1500);"],
    // The SDK is started in the task of the yes then.
    ['where the SDK is handed out, in the task of the yes', "go({ mixpanel: () => (__bridge.disconnect(), sdk), config: { batch_requests: false, track_pageview: true } }); await wait(1500);"],
  ])
    test(`${what}: nothing passes any more, nothing starts, and the state says so`, () =>
      harness.during(page(`${code} __bridge.mixpanel.track('Held'); __bridge.grant(); await wait(600); __bridge.mixpanel.track('After');`), async (v) => {
        // A receipt is handed on when everything has been done already.
        await done(v, what === 'in onReceipt' ? ['Held'] : []);
        assert.deepEqual(await v.page.evaluate(() => [__bridge.state.mode, __bridge.state.code, __bridge.mixpanel.has_opted_out_tracking()]), ['off', 'disconnected', true]);
      }));

  test('connect() after it, on the SDK that it had: nobody is told that Mixpanel was there first', () =>
    harness.during(page("go({ mixpanel: sdk }); __bridge.grant(); await on(__bridge); __bridge.disconnect(); go({ mixpanel: sdk }); __bridge.mixpanel.track('Held'); await on(__bridge);"), async (v) => {
      await done(v, ['Held']);
      assert.deepEqual(v.console.map(({ text }) => text).filter((text) => text.includes('mixpanel-consent-bridge')), []);
    }));
});

describe('the SDK in the hands of a bundler', { concurrency: PAGES }, () => {
  for (const [what, given] of [
    ['a module whose default has a default', '() => ({ default: { __esModule: true, default: sdk } })'],
    ['a promise of one', 'async () => ({ default: { __esModule: true, default: sdk } })'],
  ])
    test(`${what}: it is found`, () =>
      harness.during(page(`go({ mixpanel: ${given} }); __bridge.mixpanel.track('Held'); __bridge.grant(); await on(__bridge);`), (v) => done(v, ['Held'])));
});
