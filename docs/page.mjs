// A page with the code of a document in it: the built package and the real SDK by their names,
// Mixpanel's hosts played. Not a test.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { transformSync } from 'esbuild';
import { openBrowser } from '../tests/package/site.mjs';
import { at } from '../tools/lib.mjs';
import { serve } from '../tools/serve.mjs';

const sdk = dirname(createRequire(import.meta.url).resolve('mixpanel-browser/package.json'));
export const snippet = `<script>${readFileSync(join(sdk, 'dist', 'mixpanel-jslib-snippet.min.js'), 'utf8')}</script>`;

const MAP = JSON.stringify({
  imports: {
    'mixpanel-consent-bridge': '/node_modules/mixpanel-consent-bridge/dist/index.js',
    'mixpanel-consent-bridge/no-wasm': '/node_modules/mixpanel-consent-bridge/dist/no-wasm.js',
    'mixpanel-browser': '/bundle/mixpanel-browser.js',
  },
});

// The SDK sends a batch five seconds after an event. What a document shows is run as it stands; the wait is not what it shows.
const SOONER = `{ const later = window.setTimeout; window.setTimeout = (work, ms, ...given) => later(work, ms === 5000 ? 300 : ms, ...given); }`;

/** Code of a document as a module of a page; `bridge` is told to the test. */
export const module = (code) => `<script type="module">${transformSync(code, { loader: 'ts', target: 'es2022' }).code}\nwindow.bridge = bridge;</script>`;

export async function openPages() {
  const [server, browser] = await Promise.all([serve({ port: 0 }), openBrowser()]);

  /** Opens a page of this HTML; what it asked Mixpanel's hosts for is in `asked`, what it sent in `sent`. */
  async function open(html, { headers = {}, htmlAttributes = '', init } = {}) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked = [];
    const sent = [];
    const errors = [];
    const said = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => said.push(message.text()));
    await page.addInitScript(SOONER);
    if (init) await page.addInitScript(init);
    await context.route(/\/bundle\/mixpanel-browser(\.js)?$/, (route) => {
      asked.push('sdk');
      return route.continue();
    });
    await context.route('https://cdn.mxpnl.com/**', (route) => {
      asked.push('sdk');
      return route.fulfill({ contentType: 'text/javascript', body: readFileSync(join(sdk, 'dist', 'mixpanel.min.js'), 'utf8') });
    });
    await context.route(/^https:\/\/api(-js|-eu|-in)?\.mixpanel\.com\//, (route) => {
      const data = new URLSearchParams(route.request().postData() ?? '').get('data');
      const events = data ? [JSON.parse(data.startsWith('[') || data.startsWith('{') ? data : Buffer.from(data, 'base64').toString())].flat() : [];
      sent.push(...events);
      asked.push('api');
      return route.fulfill({ headers: { 'access-control-allow-origin': '*' }, contentType: 'application/json', body: '1' });
    });
    for (const chunk of ['adapter.js', 'drive.js', 'bridge.js', 'bridge.all.js', 'bridge.no-wasm.js', 'bridge-*/*.js'])
      await context.route(server.address + chunk, (route) => route.fulfill({
        contentType: 'text/javascript', body: readFileSync(at('dist', new URL(route.request().url()).pathname), 'utf8'),
      }));
    await context.route(`${server.address}shop`, (route) => route.fulfill({
      contentType: 'text/html',
      headers,
      body: `<!doctype html><html${htmlAttributes}><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,"><script type="importmap">${MAP}</script></head><body>${html}</body></html>`,
    }));
    await page.goto(`${server.address}shop`);
    const state = () => page.evaluate(() => (window.bridge ?? window.mixpanelConsent)?.state);
    const code = (wanted) => page.waitForFunction((wanted) => (window.bridge ?? window.mixpanelConsent)?.state.code === wanted, wanted, { timeout: 10_000 })
      .catch(async () => assert.fail(`not ${wanted} but ${JSON.stringify(await state())}; ${errors.concat(said).join('; ')}`));
    const until = async (condition) => {
      for (const late = Date.now() + 10_000; !condition(); await page.waitForTimeout(50)) assert.ok(Date.now() < late, `asked ${asked}, sent ${JSON.stringify(sent)}, ${JSON.stringify(await state())}, ${errors.concat(said).join('; ')}`);
    };
    const stored = () => page.evaluate(() => [document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)].join());
    return { page, asked, sent, errors, said, state, code, until, stored, close: () => context.close() };
  }

  return { open, address: server.address, close: async () => { await browser.close(); await server.close(); } };
}

// A consent manager as small as may be: Google consent mode's commands need no script.
export const tell = (page, what) => page.evaluate((what) => {
  (window.dataLayer ??= []).push(['consent', 'default', { analytics_storage: 'denied' }]);
  if (what) window.dataLayer.push(['consent', 'update', { analytics_storage: what }]);
}, what);
