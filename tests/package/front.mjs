// A shop whose front end is in Rust, walked through in Chromium: the crate's feature `web`, a real consent
// manager, the real SDK, and no npm package of ours. How it is built is for the tests that walk: from the packed
// crate without a framework (front.test.mjs), and examples/leptos (tests/recipes/leptos.test.mjs). Not a test.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { createCollector } from '../../tools/collector.mjs';
import { at } from '../../tools/lib.mjs';
import { openBrowser } from './site.mjs';

const EXAMPLE = at('examples', 'leptos');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };

/**
 * The tests of a shop.
 * @param make puts the shop's module into a folder as `shop.js`, and into `plain/` below it that of the program of docs/start/rust.md
 */
export function walk(make) {
  let app;
  let site;
  let origin;
  let collector;
  let browser;
  before(async () => {
    app = await mkdtemp(join(tmpdir(), 'front-'));
    await make(app);
    const files = {
      '/': join(EXAMPLE, 'index.html'),
      '/plain': at('docs', 'start', 'rust.md'),
      '/consent.js': join(EXAMPLE, 'consent.js'),
      '/cookieconsent.css': at('node_modules', 'vanilla-cookieconsent', 'dist', 'cookieconsent.css'),
      '/cookieconsent.umd.js': at('node_modules', 'vanilla-cookieconsent', 'dist', 'cookieconsent.umd.js'),
      '/mixpanel.module.js': at('node_modules', 'mixpanel-browser', 'dist', 'mixpanel.module.js'),
    };
    collector = createCollector({ base: '/mp' });
    site = createServer(async (request, response) => {
      if (await collector.handle(request, response)) return;
      const { pathname } = new URL(request.url, 'http://site.invalid');
      const file = files[pathname] ?? (pathname.startsWith('/app/') ? join(app, pathname.slice('/app/'.length)) : undefined);
      try {
        let bytes = await readFile(file ?? '');
        // The page of docs/start/rust.md, with the program that stands there.
        if (pathname === '/plain') {
          const html = /```html\n([\s\S]*?)```/.exec(String(bytes))[1].replace('/app/', '/app/plain/');
          response.writeHead(200, { 'content-type': 'text/html' }).end(`${html}<link rel="stylesheet" href="/cookieconsent.css"><script src="/cookieconsent.umd.js"></script><body><script src="/consent.js"></script>`);
          return;
        }
        // A deployment that has forgotten its token.
        if (pathname === '/' && request.url.includes('forgotten')) bytes = String(bytes).replace(/content="[0-9a-f]{32}"/, 'content=""');
        response.writeHead(200, { 'content-type': TYPES[extname(file)] }).end(bytes);
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise((done) => site.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${site.address().port}`;
    browser = await openBrowser();
  }, { timeout: 15 * 60_000 });
  after(async () => {
    await browser?.close();
    collector?.close();
    site?.close();
    site?.closeAllConnections();
    await rm(app, { recursive: true, force: true });
  });

  const bought = () => collector.log.flatMap(({ route, items }) => (route.startsWith('/track') ? items : [])).filter(({ event }) => event === 'Bought');
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  /** A visitor's page; `shows` waits until an element has a text. */
  async function visit(context, path = '/') {
    const page = await context.newPage();
    const asked = [];
    const threw = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    page.on('pageerror', (error) => threw.push(String(error)));
    await page.goto(origin + path);
    const shows = (id, text) => page.waitForFunction(([id, text]) => document.getElementById(id)?.textContent === text, [id, text], { timeout: 10_000 });
    const stored = () => page.evaluate(() => [...Object.keys(localStorage), ...document.cookie.split('; ').map((pair) => pair.split('=')[0])].filter((key) => /^(mp_|__mp)/.test(key)));
    return { page, asked, threw, shows, stored };
  }

  test('before an answer, a yes, a reload, a withdrawal', async () => {
    const context = await browser.newContext();
    try {
      collector.clear();
      const { page, asked, threw, shows, stored } = await visit(context);
      await shows('state', 'unset off');
      await shows('earlier', 'none');
      await page.waitForSelector('#cc-main .cm__btn[data-role=all]');
      await page.click('#buy');
      await pause(800);
      assert.deepEqual(collector.log, [], 'nothing leaves before an answer');
      assert.ok(!asked.includes('/mixpanel.module.js'), 'and no Mixpanel code is fetched');
      assert.deepEqual(await stored(), [], 'and nothing is stored');
      assert.equal(await page.textContent('#answered'), '');

      await page.click('#cc-main .cm__btn[data-role=all]');
      await shows('state', 'granted on');
      await shows('answered', 'granted');
      for (let n = 0; bought().length === 0 && n < 100; n += 1) await pause(100);
      assert.deepEqual(bought().map(({ properties: { article, price } }) => [article, price]), [['Teapot', 18]], 'what waited leaves, once');
      assert.ok(Number(await page.textContent('#told')) > 3, 'what the bridge did was told');
      await page.click('#why');
      assert.match(await page.textContent('#explained'), /Mixpanel is on: The visitor said yes\..*vanilla-cookieconsent/s);

      await page.reload();
      await shows('earlier', 'granted');
      await shows('state', 'granted on');
      await page.click('#buy');
      for (let n = 0; bought().length === 1 && n < 100; n += 1) await pause(100);
      assert.equal(bought().length, 2);

      await page.evaluate(() => CookieConsent.showPreferences());
      await page.click('#cc-main .pm__btn[data-role=necessary]');
      await shows('state', 'denied off');
      await pause(600);
      const last = collector.log.length;
      await page.click('#buy');
      await pause(1_500);
      assert.equal(collector.log.length, last, 'nothing leaves after the withdrawal');
      assert.deepEqual((await stored()).filter((key) => !key.startsWith('__mp_opt_in_out_')), [], 'and nothing remains');
      await page.reload();
      await shows('earlier', 'denied');
      await shows('state', 'denied off');
      await pause(800);
      assert.equal(collector.log.length, last);
      assert.equal(await page.textContent('#problem'), '');
      assert.deepEqual(threw, []);
    } finally {
      await context.close();
    }
  });

  test('the program of docs/start/rust.md, in its page: off and said so before an answer, and after a yes the event leaves', async () => {
    const context = await browser.newContext();
    try {
      const sent = [];
      await context.route(/^https:\/\/api-js\.mixpanel\.com\//, (route) => {
        sent.push(decodeURIComponent(route.request().postData() ?? ''));
        return route.fulfill({ headers: { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }, body: '{"status":1,"error":null}' });
      });
      const page = await context.newPage();
      const said = [];
      const threw = [];
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => threw.push(String(error)));
      const heard = async (text) => { for (let n = 0; !said.includes(text); n += 1, await pause(50)) assert.ok(n < 200, `${text} of ${said}`); };
      await page.goto(`${origin}/plain`);
      await heard('The visitor has not answered yet.');
      assert.deepEqual(sent, []);
      await page.click('#cc-main .cm__btn[data-role=all]');
      await heard('The visitor said yes.');
      for (let n = 0; sent.length === 0 && n < 150; n += 1) await pause(100);
      assert.match(sent[0], /"event":"Page Loaded"/);
      assert.deepEqual(threw, []);
    } finally {
      await context.close();
    }
  });

  test('a subscription that was dropped hears nothing more', async () => {
    const context = await browser.newContext();
    try {
      const { page, threw, shows } = await visit(context);
      await shows('state', 'unset off');
      await page.click('#stop');
      await page.click('#cc-main .cm__btn[data-role=all]');
      await shows('answered', 'granted');
      await pause(300);
      assert.equal(await page.textContent('#state'), 'unset off');
      assert.deepEqual(threw, []);
    } finally {
      await context.close();
    }
  });

  test('a mistake in the options is an error, and the page goes on', async () => {
    const context = await browser.newContext();
    try {
      const { page, asked, threw, shows } = await visit(context, '/?forgotten');
      await page.waitForFunction(() => document.querySelector('#problem')?.textContent.includes('token-missing'));
      await shows('earlier', 'none');
      await page.click('#cc-main .cm__btn[data-role=all]');
      await pause(500);
      assert.ok(!asked.includes('/mixpanel.module.js'));
      assert.deepEqual(threw, []);
    } finally {
      await context.close();
    }
  });
}
