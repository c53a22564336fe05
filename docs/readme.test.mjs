// The code of README.md, taken from there and run: the first use in a page, the dialog of
// one's own, the tag above Mixpanel's snippet, the Content-Security-Policy, the server; and what
// it says of `disable_persistence`. With the real SDK and the built dist/. Not what the
// promises say, nor the rest of the comparison (tests/browser).
//
//   node --test docs/readme.test.mjs

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium as engine } from 'playwright-core';
import { open as harness } from '../tests/browser/harness/index.mjs';
import { serve } from '../tools/serve.mjs';
import { CHROMIUM_ARGS, chromium } from '../tools/setup.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const sdk = dirname(createRequire(import.meta.url).resolve('mixpanel-browser/package.json'));
const file = (...parts) => readFileSync(join(...parts), 'utf8');
const blocks = [...file(root, 'README.md').matchAll(/```(js|html)\n([\s\S]*?)```/g)].map(([, kind, code]) => ({ kind, code }));
const block = (words) => blocks.find(({ code }) => code.includes(words))?.code ?? assert.fail(`README.md has no code with \`${words}\``);

let server;
let browser;
before(async () => {
  server = await serve({ port: 0 });
  browser = await engine.launch({
    executablePath: await chromium(),
    args: [...CHROMIUM_ARGS, '--host-resolver-rules=MAP * ~NOTFOUND,EXCLUDE 127.0.0.1'],
  });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** Opens a page of this HTML; what it asked Mixpanel's hosts for is in `asked`, what it sent in `sent`. */
async function open(html, { headers = {} } = {}) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const asked = [];
  const sent = [];
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await context.route(/\/bundle\/mixpanel-browser$/, (route) => {
    asked.push('sdk');
    return route.continue();
  });
  await context.route('https://cdn.mxpnl.com/**', (route) => {
    asked.push('sdk');
    return route.fulfill({ contentType: 'text/javascript', body: file(sdk, 'dist', 'mixpanel.min.js') });
  });
  await context.route('https://api-js.mixpanel.com/**', (route) => {
    const data = new URLSearchParams(route.request().postData() ?? '').get('data');
    const events = data ? [JSON.parse(data.startsWith('[') || data.startsWith('{') ? data : Buffer.from(data, 'base64').toString())].flat() : [];
    sent.push(...events);
    asked.push('api');
    return route.fulfill({ headers: { 'access-control-allow-origin': '*' }, contentType: 'application/json', body: '1' });
  });
  const map = JSON.stringify({ imports: { 'mixpanel-consent-bridge': '/node_modules/mixpanel-consent-bridge/dist/index.js', 'mixpanel-browser': '/bundle/mixpanel-browser' } });
  for (const chunk of ['adapter.js', 'drive.js'])
    await context.route(server.address + chunk, (route) => route.fulfill({ contentType: 'text/javascript', body: file(root, 'dist', chunk) }));
  await context.route(`${server.address}bridge.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: file(root, 'dist', 'bridge.js') }));
  await context.route(`${server.address}shop`, (route) => route.fulfill({
    contentType: 'text/html',
    headers,
    body: `<!doctype html><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,"><script type="importmap">${map}</script>${html}`,
  }));
  await page.goto(`${server.address}shop`);
  const code = (wanted) => page.waitForFunction((wanted) => (window.bridge ?? window.mixpanelConsent)?.state.code === wanted, wanted, { timeout: 10_000 });
  const until = async (condition) => {
    for (const late = Date.now() + 10_000; !condition(); await page.waitForTimeout(50)) assert.ok(Date.now() < late, `asked ${asked}, sent ${JSON.stringify(sent)}`);
  };
  const stored = () => page.evaluate(() => [document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)].join());
  return { page, asked, sent, errors, code, until, stored, close: () => context.close() };
}

const module = (code) => `<script type="module">${code}\nwindow.bridge = bridge;</script>`;
// A consent manager as small as may be: Google consent mode's commands need no script.
const tell = (page, what) => page.evaluate((what) => {
  (window.dataLayer ??= []).push(['consent', 'default', { analytics_storage: 'denied' }]);
  if (what) window.dataLayer.push(['consent', 'update', { analytics_storage: what }]);
}, what);

describe('README.md', () => {
  test('disable_persistence by itself: no id cookie, batches in local storage, and without them events leave at once', async () => {
    const pages = await harness();
    try {
      for (const sdk of ['2.45.0', '2.65.0', '2.83.0'])
        for (const batch_requests of [true, false])
          await pages.during({ form: 'bare-module', sdk, config: { disable_persistence: true, batch_requests, batch_flush_interval_ms: 60_000 }, before: [['track', 'Early']] }, async (v) => {
            await v.settle(700);
            const { mixpanel } = await v.stored();
            const some = (pattern) => mixpanel.some((name) => pattern.test(name));
            assert.equal(some(/^cookie /), false);
            assert.equal(some(/^local __mpq_/), batch_requests);
            assert.equal(some(/^session mp_tab_id/), sdk === '2.65.0');
            assert.deepEqual(v.names(), batch_requests ? [] : ['Early']);
          });
    } finally {
      await pages.close();
    }
  });

  test('five lines: nothing before a yes, and after it the held event', async () => {
    const v = await open(module(block("track('Page Loaded')")));
    await v.code('cmp-looking');
    await tell(v.page);
    await v.code('cmp-asking');
    assert.deepEqual(v.asked, []);
    assert.equal(await v.stored(), '');
    await tell(v.page, 'granted');
    await v.until(() => v.sent.some(({ event }) => event === 'Page Loaded'));
    assert.ok(v.sent.some(({ event }) => event === '$mp_web_page_view'));
    assert.match(await v.page.evaluate(() => String(window.bridge.explain())), /Mixpanel is on/);
    assert.deepEqual(v.errors, []);
    await v.close();
  });

  test('subscribe: the line as it stands', async () => {
    const v = await open(module(`${block("track('Page Loaded')")}\n${block('const stop = bridge.subscribe').replace('console.log', '(window.told ??= []).push')}`));
    await v.code('cmp-looking');
    assert.ok((await v.page.evaluate(() => window.told)).includes('cmp-looking'));
    await v.close();
  });

  test('a dialog of one\'s own', async () => {
    const v = await open(`<button id="yes">Yes</button><button id="no">No</button>${module(
      `const yesButton = document.getElementById('yes'), noButton = document.getElementById('no'), showYourDialog = () => {};\nimport { connect } from 'mixpanel-consent-bridge';\n${block("cmp: 'manual'")}`,
    )}`);
    await v.code('manual-unset');
    await v.page.evaluate(() => window.bridge.mixpanel.track('Held'));
    await v.page.click('#yes');
    await v.until(() => v.sent.some(({ event }) => event === 'Held'));
    await v.page.click('#no');
    await v.code('denied');
    await v.page.waitForTimeout(500);
    assert.doesNotMatch(await v.stored(), /_mixpanel|__mpq|mp_tab_id/);
    assert.match(await v.stored(), /mixpanel-consent-bridge:YOUR_PROJECT_TOKEN/);
    await v.close();
  });

  test('an adapter of data alone, in a module and in the tag', async () => {
    const say = (v, word) => v.page.evaluate((given) => {
      document.cookie = `shop_consent=${given}; path=/`;
      document.dispatchEvent(new Event('shop-consent'));
    }, word);
    const five = "import { connect } from 'mixpanel-consent-bridge';\n";
    const v = await open(module(`${five}${block("cookie: 'shop_consent', granted")}\nbridge.mixpanel.track('Held');`));
    await v.code('cmp-looking');
    await say(v, 'yes');
    await v.until(() => v.sent.some(({ event }) => event === 'Held'));
    await say(v, 'no');
    await v.code('denied');
    await v.close();
    const attribute = /`(data-cmp='\{[^`]*)`/.exec(file(root, 'README.md'))[1];
    const tagged = await open(`<script src="/bridge.js" data-token="YOUR_PROJECT_TOKEN" ${attribute}></script>`);
    await tagged.code('cmp-looking');
    await say(tagged, 'no');
    await tagged.code('denied');
    await tagged.close();
  });

  test('an adapter with a read, and the suite on it', async () => {
    const code = block("probes: { now: ['global', 'shopConsent.get()']");
    const v = await open(`<script>window.shopConsent = { get: () => window.said ?? { answered: false } };</script>
      ${module(`import { connect } from 'mixpanel-consent-bridge';\n${code}\nbridge.mixpanel.track('Held');`)}`);
    await v.code('cmp-asking');
    const say = (statistics) => v.page.evaluate((on) => {
      window.said = { answered: true, categories: { statistics: on } };
      window.dispatchEvent(new Event('shop-consent'));
    }, statistics);
    await say(true);
    await v.until(() => v.sent.some(({ event }) => event === 'Held'));
    await say(false);
    await v.code('denied');
    await v.close();

    // CONTRIBUTING.md's lines, with a folder of fixtures for it.
    const folder = mkdtempSync(join(tmpdir(), 'fixtures-'));
    const fixture = (snapshot, statistics, live = true) => JSON.stringify({ version: '1', captured: '2026-11-23', by: 'shopConsent.set(…)', snapshot, expect: { live, answers: { statistics } } });
    const now = (on, answered = true) => ({ 'global:shopConsent.get()': { answered, categories: { statistics: on } } });
    const stored = (on) => ({ 'cookie:shop_consent': JSON.stringify({ statistics: on }) });
    mkdirSync(join(folder, 'fixtures', 'shop'), { recursive: true });
    for (const [name, text] of Object.entries({
      'not-answered': fixture(now(false, false), 'unset'), 'accept-all': fixture(now(true), 'granted'), 'reject-all': fixture(now(false), 'denied'),
      'changed-mind': fixture(now(false), 'denied'), 'stored-accept': fixture(stored(true), 'granted', false), 'stored-reject': fixture(stored(false), 'denied', false),
      none: JSON.stringify(Object.fromEntries(['statistics-only', 'all-but-statistics', 'implied-open', 'implied-closed', 'expired'].map((situation) => [situation, 'The shop has one category, and asks everybody once.']))),
    })) writeFileSync(join(folder, 'fixtures', 'shop', `${name}.json`), text);
    const lines = /```js\n(import \{ checkAdapter[\s\S]*?)```/.exec(file(root, 'CONTRIBUTING.md'))[1];
    const program = join(folder, 'check.mjs');
    writeFileSync(program, `${code.split('const bridge')[0]}${lines.replace('mixpanel-consent-bridge/testing', pathToFileURL(join(root, 'dist', 'testing.js')).href)}`);
    assert.match(execFileSync(process.execPath, [program], { encoding: 'utf8' }), /accept all +G/);
    rmSync(folder, { recursive: true });
  });

  test('the tag above the snippet, and the page as it was', async () => {
    const tag = block('<script src="/bridge.js"').replace(/<!--[\s\S]*?-->/, '').replace('onetrust', 'google-consent-mode').replace('C0002', 'analytics_storage');
    const v = await open(`${tag}<script>${file(sdk, 'dist', 'mixpanel-jslib-snippet.min.js')}</script>
      <script>mixpanel.init('YOUR_PROJECT_TOKEN', { track_pageview: true }); mixpanel.track('Page Loaded');</script>`);
    await v.code('cmp-looking');
    await tell(v.page);
    await v.code('cmp-asking');
    assert.deepEqual(v.asked, []);
    assert.equal(await v.stored(), '');
    await tell(v.page, 'granted');
    await v.until(() => v.sent.some(({ event }) => event === 'Page Loaded'));
    assert.deepEqual(v.errors, []);
    await v.close();
  });

  const policy = (script) => ({ headers: { 'content-security-policy': `script-src 'self' 'unsafe-inline' ${script}; connect-src https://api-js.mixpanel.com` } });
  test('Content-Security-Policy as the table says', async () => {
    const v = await open(module(block("track('Page Loaded')")), policy("'wasm-unsafe-eval'"));
    await v.code('cmp-looking');
    await tell(v.page, 'granted');
    await v.until(() => v.sent.some(({ event }) => event === 'Page Loaded'));
    await v.close();
  });

  test('and without it: shut, with a code', async () => {
    const v = await open(module(block("track('Page Loaded')")), policy(''));
    await v.code('core-unavailable');
    await tell(v.page, 'granted');
    await v.page.waitForTimeout(400);
    assert.deepEqual(v.asked, []);
    await v.close();
  });

  test('on a server: the same shape, dropping everything', async () => {
    const { connect } = await import('../dist/index.js');
    const bridge = connect({ token: 'YOUR_PROJECT_TOKEN' });
    bridge.mixpanel.track('Rendered');
    assert.deepEqual([bridge.state.code, bridge.state.held], ['no-window', 0]);
  });
});
