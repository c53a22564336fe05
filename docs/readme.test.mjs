// The code of README.md and of the site's pages, taken from there and run in a page, with the real SDK
// and the built dist/: the first use, the dialog of one's own, own adapters, the tag above Mixpanel's
// snippet, the Content-Security-Policy, moving from code by hand; and what docs/moving.md says of
// `disable_persistence`. Not what the promises say, nor the rest of the comparison (tests/browser).
//
//   node --test docs/readme.test.mjs

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build, transformSync } from 'esbuild';
import { open as harness } from '../tests/browser/harness/index.mjs';
import { at, root } from '../tools/lib.mjs';
import { block, coming } from './blocks.mjs';
import { module, openPages, snippet, tell } from './page.mjs';

const README = 'README.md';
test('in a fresh clone no command of package.json imports a package before it has installed it', async () => {
  const { scripts } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  const entries = [...new Set(Object.values(scripts).flatMap((line) => [...line.matchAll(/\bnode (tools\/[\w-]+\.mjs)/g)].map(([, path]) => path)))];
  assert.ok(entries.includes('tools/serve.mjs') && entries.includes('tools/test.mjs'), entries.join());
  const { metafile } = await build({ entryPoints: entries, bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20', metafile: true, write: false, outdir: 'x', absWorkingDir: root, logLevel: 'silent' });
  const early = new Set();
  const seen = new Set();
  const walk = (path) => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { path: wanted, kind, external } of metafile.inputs[path].imports) {
      if (kind !== 'import-statement') continue;
      if (!external) walk(wanted);
      else if (!wanted.startsWith('node:')) early.add(`${path} imports ${wanted}`);
    }
  };
  entries.forEach(walk);
  assert.ok(seen.size > 15, `${seen.size} files`);
  assert.deepEqual([...early], []);
});

let pages;
const open = (...given) => pages.open(...given);
before(async () => { pages = await openPages(); });
after(() => pages?.close());

describe('README.md', { concurrency: 5 }, () => {
  test('disable_persistence by itself: no id cookie, batches in local storage, and without them events leave at once', async () => {
    const visits = await harness();
    try {
      for (const sdk of ['2.45.0', '2.65.0', '2.83.0'])
        for (const batch_requests of [true, false])
          await visits.during({ form: 'bare-module', sdk, config: { disable_persistence: true, batch_requests, batch_flush_interval_ms: 60_000 }, before: [['track', 'Early']] }, async (v) => {
            await v.settle(700);
            const { mixpanel } = await v.stored();
            const some = (pattern) => mixpanel.some((name) => pattern.test(name));
            assert.equal(some(/^cookie /), false);
            assert.equal(some(/^local __mpq_/), batch_requests);
            assert.equal(some(/^session mp_tab_id/), sdk === '2.65.0');
            assert.deepEqual(v.names(), batch_requests ? [] : ['Early']);
          });
    } finally {
      await visits.close();
    }
  });

  test('five lines: nothing before a yes, and after it the held event', async () => {
    const v = await open(module(block(README, "track('Page Loaded')")));
    await v.code('cmp-looking');
    await tell(v.page);
    await v.code('cmp-asking');
    assert.deepEqual(v.asked, []);
    assert.equal(await v.stored(), '');
    await tell(v.page, 'granted');
    await v.until(() => v.sent.some(({ event }) => event === 'Page Loaded'));
    assert.ok(v.sent.some(({ event }) => event === '$mp_web_page_view'));
    const explained = await v.page.evaluate(async () => String(await window.bridge.explain()));
    assert.match(explained, /Mixpanel is on/);
    assert.doesNotMatch(explained, /undefined/);
    assert.deepEqual(v.errors, []);
    await v.close();
  });

  test('subscribe: the line as it stands', async () => {
    const v = await open(module(`${block(README, "track('Page Loaded')")}\n${block('docs/start/bundler.md', 'const stop = bridge.subscribe').replace('console.log', '(window.told ??= []).push')}`));
    await v.code('cmp-looking');
    assert.ok((await v.page.evaluate(() => window.told)).includes('cmp-looking'));
    await v.close();
  });

  const manual = block(README, "cmp: 'manual'");
  test('a dialog of one\'s own', { todo: coming(manual) }, async () => {
    if (coming(manual)) return;
    const v = await open(`<button id="yes">Yes</button><button id="no">No</button>${module(
      `const yesButton = document.getElementById('yes'), noButton = document.getElementById('no'), showYourDialog = () => { window.shown = (window.shown ?? 0) + 1; };\n${manual}`,
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
    const v = await open(module(`${block('docs/own-adapter.md', "cookie: 'shop_consent', granted")}\nbridge.mixpanel.track('Held');`));
    await v.code('cmp-looking');
    await say(v, 'yes');
    await v.until(() => v.sent.some(({ event }) => event === 'Held'));
    await say(v, 'no');
    await v.code('denied');
    await v.close();
    const attribute = /`(data-cmp='\{[^`]*)`/.exec(readFileSync(at('docs', 'own-adapter.md'), 'utf8'))[1];
    const tagged = await open(`<script src="/bridge.js" data-token="YOUR_PROJECT_TOKEN" ${attribute}></script>`);
    await tagged.code('cmp-looking');
    await say(tagged, 'no');
    await tagged.code('denied');
    await tagged.close();
  });

  test('an adapter with a read, and the suite on it', async () => {
    const code = transformSync(block('docs/own-adapter.md', "probes: { now: ['global', 'shopConsent.get()']"), { loader: 'ts' }).code;
    const v = await open(`<script>window.shopConsent = { get: () => window.said ?? { answered: false } };</script>
      ${module(`${code}\nbridge.mixpanel.track('Held');`)}`);
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
    const worded = await open(`<script>window.shopConsent = { get: () => window.said ?? { answered: false } };</script>
      ${module(`${block('docs/own-adapter.md', 'rules: [')}\nbridge.mixpanel.track('Held');`)}`);
    await worded.code('cmp-asking');
    await worded.page.evaluate(() => { window.said = { answered: true, categories: { statistics: true } }; window.dispatchEvent(new Event('shop-consent')); });
    await worded.until(() => worded.sent.some(({ event }) => event === 'Held'));
    await worded.page.evaluate(() => { window.said = { answered: true, categories: { statistics: false } }; window.dispatchEvent(new Event('shop-consent')); });
    await worded.code('denied');
    await worded.close();

    // CONTRIBUTING.md's lines, with a folder of fixtures for it.
    const folder = mkdtempSync(join(tmpdir(), 'fixtures-'));
    const fixture = (snapshot, statistics, live = true) => JSON.stringify({ version: '1', captured: '2026-11-23', by: 'shopConsent.set(…)', snapshot, expect: { live, answers: { statistics } } });
    const now = (on, answered = true) => ({ 'global:shopConsent.get()': { answered, categories: { statistics: on } } });
    const stored = (on) => ({ 'cookie:shop_consent': JSON.stringify({ statistics: on }) });
    mkdirSync(join(folder, 'fixtures', 'shop'), { recursive: true });
    for (const [name, text] of Object.entries({
      'not-answered': fixture(now(false, false), 'unset'), 'accept-all': fixture(now(true), 'granted'), 'reject-all': fixture(now(false), 'denied'),
      'changed-mind': fixture(now(false), 'denied'), 'stored-accept': fixture(stored(true), 'granted', false), 'stored-reject': fixture(stored(false), 'denied', false),
      none: JSON.stringify(Object.fromEntries(['statistics-only', 'all-but-statistics', 'implied-open', 'implied-closed', 'expired', 'stored-default', 'early'].map((situation) => [situation, 'The shop has one category, and asks everybody once.']))),
    })) writeFileSync(join(folder, 'fixtures', 'shop', `${name}.json`), text);
    const lines = /```js\n(import \{ checkAdapter[\s\S]*?)```/.exec(readFileSync(at('CONTRIBUTING.md'), 'utf8'))[1];
    const program = join(folder, 'check.mjs');
    writeFileSync(program, `${code.split('const bridge')[0].replace(/^import .*$/gm, '')}${lines.replace('mixpanel-consent-bridge/testing', pathToFileURL(join(root, 'dist', 'testing.js')).href)}`);
    assert.match(execFileSync(process.execPath, [program], { encoding: 'utf8' }), /accept all +G/);
    rmSync(folder, { recursive: true });
  });

  test('the tag above the snippet, and the page as it was', async () => {
    const tag = block(README, '<script src="/bridge.js"').replace(/<!--[\s\S]*?-->/, '').replace('onetrust', 'google-consent-mode').replace('C0002', 'analytics_storage');
    const v = await open(`${tag}${snippet}
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
    const v = await open(module(block(README, "track('Page Loaded')")), policy("'wasm-unsafe-eval'"));
    await v.code('cmp-looking');
    await tell(v.page, 'granted');
    await v.until(() => v.sent.some(({ event }) => event === 'Page Loaded'));
    await v.close();
  });

  test('and without it: shut, with a code', async () => {
    const v = await open(module(block(README, "track('Page Loaded')")), policy(''));
    await v.code('core-unavailable');
    await tell(v.page, 'granted');
    await v.page.waitForTimeout(400);
    assert.deepEqual(v.asked, []);
    await v.close();
  });

  test('on a server: the same shape, dropping everything', async () => {
    const { connect } = await import(pathToFileURL(join(root, 'dist', 'index.js')).href);
    const bridge = connect({ token: 'YOUR_PROJECT_TOKEN' });
    bridge.mixpanel.track('Rendered');
    assert.deepEqual([bridge.state.code, bridge.state.held], ['no-window', 0]);
  });
});
