// The patterns of docs/recipes/own-banner.md and what docs/moving.md says to write instead, taken from
// there and run: before an answer nothing, after a yes the held event, after a no nothing more. And the
// code by hand that docs/moving.md shows, with what is wrong with it.

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build } from 'esbuild';
import { at, root } from '../tools/lib.mjs';
import { block, blocks, coming } from './blocks.mjs';
import { module, openPages } from './page.mjs';

const PAGE = 'docs/recipes/own-banner.md';
const MOVING = 'docs/moving.md';
let pages;
before(async () => { pages = await openPages(); });
after(() => pages?.close());

/** Walks a page: nothing before, what was held after `yes`, nothing after `no`. */
async function walk(html, { yes, no, waiting = 'cmp-looking', ...options }) {
  const v = await pages.open(html, options);
  try {
    await v.page.waitForFunction(() => window.bridge);
    await v.page.waitForFunction((codes) => codes.includes(window.bridge.state.code), [waiting].flat(), { timeout: 10_000 })
      .catch(async () => assert.fail(JSON.stringify(await v.state())));
    await v.page.evaluate(() => window.bridge.mixpanel.track('Held'));
    await v.page.waitForTimeout(200);
    assert.deepEqual(v.asked, []);
    assert.doesNotMatch(await v.stored(), /mp_|__mp/);
    await v.page.evaluate(yes);
    await v.until(() => v.sent.some(({ event }) => event === 'Held'));
    await v.page.evaluate(no);
    await v.code('denied');
    const last = v.asked.length;
    await v.page.evaluate(() => window.bridge.mixpanel.track('Unwanted'));
    await v.page.waitForTimeout(700);
    assert.equal(v.asked.length, last);
    assert.doesNotMatch(await v.stored(), /mp_\w+_mixpanel|__mpq/);
    assert.deepEqual(v.errors, []);
  } finally {
    await v.close();
  }
}

describe('your own banner', { concurrency: 3 }, () => {
  const first = block(PAGE, "cmp: 'manual',\n  ask:");
  test('the bridge keeps the answer: asked once, and not on the next page', { todo: coming(first) }, async () => {
    if (coming(first)) return;
    const dialog = '<dialog id="consent"><button id="yes">Yes</button><button id="no">No</button></dialog><button id="change">Change</button>';
    await walk(dialog + module(first), {
      waiting: 'manual-unset',
      yes: () => { if (!document.getElementById('consent').open) throw new Error('not shown'); document.getElementById('yes').click(); },
      no: () => { document.getElementById('change').click(); document.getElementById('no').click(); },
    });
    const v = await pages.open(dialog + module(first));
    await v.code('manual-unset');
    await v.page.click('#yes');
    await v.page.reload();
    await v.code('granted');
    assert.equal(await v.page.evaluate(() => document.getElementById('consent').open), false);
    await v.close();
  });

  test('a cookie with JSON', () => walk(module(block(PAGE, "cookie: 'consent', field: 'analytics'")), {
    yes: () => { document.cookie = `consent=${encodeURIComponent('{"analytics":true,"ads":false}')}; path=/`; },
    no: () => { document.cookie = `consent=${encodeURIComponent('{"analytics":false,"ads":false}')}; path=/`; },
  }));

  test('and one with another value: shut, and the value is told', async () => {
    const v = await pages.open(module(block(PAGE, "cookie: 'consent', field: 'analytics'")), { init: () => { document.cookie = 'consent=%7B%22analytics%22%3A%22maybe%22%7D; path=/'; } });
    await v.code('cmp-unreadable');
    assert.deepEqual(v.asked, []);
    await v.close();
  });

  test('local storage and an event', () => walk(module(block(PAGE, "local: 'consent', event: 'consent-changed'")), {
    yes: () => { localStorage.setItem('consent', 'accepted'); dispatchEvent(new Event('consent-changed')); },
    no: () => { localStorage.setItem('consent', 'rejected'); dispatchEvent(new Event('consent-changed')); },
  }));

  test('local storage with a list', () => walk(module(block(PAGE, "local: 'cookie-consent', field: 'accepted'")), {
    yes: () => { localStorage.setItem('cookie-consent', '{"accepted":["necessary","analytics"]}'); dispatchEvent(new Event('cookie-consent-changed')); },
    no: () => { localStorage.setItem('cookie-consent', '{"accepted":["necessary"]}'); dispatchEvent(new Event('cookie-consent-changed')); },
  }));

  test('a React context', async () => {
    const folder = at('target', 'docs-banner');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'consent.tsx'), block(PAGE, 'export function MixpanelConsent'));
    writeFileSync(join(folder, 'main.tsx'), `
      import { useState, StrictMode } from 'react';
      import { createRoot } from 'react-dom/client';
      import { Answer, ConsentContext, MixpanelConsent, bridge } from './consent';
      (window as any).bridge = bridge;
      function App() {
        const [answer, set] = useState<Answer>(null);
        (window as any).answer = set;
        return <ConsentContext value={answer}><MixpanelConsent /></ConsentContext>;
      }
      createRoot(document.getElementById('app')!).render(<StrictMode><App /></StrictMode>);
    `);
    const { outputFiles } = await build({
      entryPoints: [join(folder, 'main.tsx')], bundle: true, write: false, format: 'esm', jsx: 'automatic', logLevel: 'silent', ignoreAnnotations: true,
      external: ['mixpanel-browser'], define: { 'process.env.NODE_ENV': '"production"' }, alias: { 'mixpanel-consent-bridge': join(root, 'dist', 'index.js') },
    });
    rmSync(folder, { recursive: true, force: true });
    await walk(`<div id="app"></div><script type="module">${outputFiles[0].text.replaceAll('</script', '<\\/script')}</script>`, {
      waiting: 'manual-unset', yes: () => window.answer('accepted'), no: () => window.answer('rejected'),
    });
  });

  test('a flag rendered by the server', async () => {
    const code = module(block(PAGE, 'document.documentElement.dataset.consent'));
    await walk(code, {
      waiting: ['cmp-looking', 'cmp-asking'],
      yes: () => { document.documentElement.dataset.consent = 'yes'; dispatchEvent(new Event('consent-changed')); },
      no: () => { document.documentElement.dataset.consent = 'no'; dispatchEvent(new Event('consent-changed')); },
    });
    const v = await pages.open(code, { htmlAttributes: ' data-consent="yes"' });
    await v.code('granted');
    await v.close();
  });
});

describe('moving from hand-written code', { concurrency: 3 }, () => {
  const manager = (id) => `<script type="module">import manager from '/managers/fake-${id}.js'; await manager.load({ base: '' }); window.manager = manager;</script>`;
  for (const id of ['onetrust', 'cookiebot']) {
    test(`instead, with ${id}`, () => walk(manager(id) + module(block(MOVING, `cmp: '${id}'`)), {
      waiting: 'cmp-asking', yes: () => void window.manager.api.acceptAll(), no: () => void window.manager.api.rejectAll(),
    }));
  }

  test('instead of a flag', () => walk(module(block(MOVING, "local: 'consent', granted: 'yes'")), {
    yes: () => localStorage.setItem('consent', 'yes'), no: () => localStorage.setItem('consent', 'no'),
  }));

  test('instead of disable_persistence: events without storage', async () => {
    const v = await pages.open(module(block(MOVING, "pending: 'cookieless'").replace('pending:', 'cmpTimeout: 300,\n  pending:')));
    await v.until(() => v.sent.some(({ event }) => event === 'Page Loaded'));
    assert.doesNotMatch(await v.stored(), /mp_|__mp/);
    await v.close();
  });

  // Each by hand, as it stands, in a page with the SDK at hand.
  const byHand = (words, more = '') => `<script type="module">import mixpanel from 'mixpanel-browser'; window.mixpanel = mixpanel; window.bridge = { state: {} };\n${block(MOVING, words)}\n${more}</script>`;
  test('by hand, opted out by default: a cookie before an answer', async () => {
    const v = await pages.open(byHand('opt_out_tracking_by_default: true'));
    await v.page.waitForFunction(() => /mp_YOUR_PROJECT_TOKEN_mixpanel/.test(document.cookie));
    await v.close();
  });
  test('by hand, disable_persistence: events before an answer, and a queue in local storage', async () => {
    const v = await pages.open(byHand('disable_persistence: true'));
    await v.page.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith('__mpq_')));
    await v.until(() => v.sent.some(({ event }) => event === 'Page Loaded'));
    await v.close();
  });
  test('by hand, a flag around each call: what is tracked before the answer is lost', async () => {
    const v = await pages.open(byHand("localStorage.getItem('consent')", "mixpanel.init('YOUR_PROJECT_TOKEN', { batch_requests: false }); track('Early'); localStorage.setItem('consent', 'yes'); track('Late');"));
    await v.until(() => v.sent.some(({ event }) => event === 'Late'));
    assert.ok(!v.sent.some(({ event }) => event === 'Early'));
    await v.close();
  });
  test('by hand, init() after a yes: a call before it throws or is lost', async () => {
    const v = await pages.open(`<script>window.OneTrust = { OnConsentChanged: (f) => { window.answered = f; } }; window.OnetrustActiveGroups = ',C0001,C0002,';</script>${byHand('OneTrust.OnConsentChanged', "try { mixpanel.track('Early'); window.threw = false; } catch { window.threw = true; }\nwindow.answered();")}`);
    await v.until(() => v.sent.some(({ event }) => event === 'Page Loaded'));
    assert.equal(await v.page.evaluate(() => window.threw), true);
    assert.ok(!v.sent.some(({ event }) => event === 'Early'));
    await v.close();
  });
});

test('every TypeScript block of the two pages was taken', () => {
  const named = ["cookie: 'consent', field", 'consent-changed', "field: 'accepted'", 'MixpanelConsent', 'ask:', "cmp: 'onetrust'", "cmp: 'cookiebot'", "pending: 'cookieless'", "local: 'consent', granted"];
  assert.deepEqual(blocks.filter(({ page, kind, code }) => [PAGE, MOVING].includes(page) && /^tsx?$/.test(kind) && !named.some((words) => code.includes(words))), []);
});
