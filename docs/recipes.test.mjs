// The recipes and the ways in that need no framework, taken from there and run in Chromium with
// the real SDK: what they print, in a page. Not run inside of GTM, WordPress or Shopify, which
// the recipes say. The frameworks are tests/recipes/frameworks.test.mjs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { openBrowser, site } from '../tests/package/site.mjs';
import { at } from '../tools/lib.mjs';
import { block } from './blocks.mjs';

const sdk = dirname(createRequire(import.meta.url).resolve('mixpanel-browser/package.json'));
const snippet = `<script>${readFileSync(join(sdk, 'dist', 'mixpanel-jslib-snippet.min.js'), 'utf8')}\nmixpanel.init('YOUR_PROJECT_TOKEN', {}); mixpanel.track('Landed');</script>`;

let shop;
let browser;
before(async () => {
  [shop, browser] = await Promise.all([site(at('dist')), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await shop?.close();
});

/** A page of this HTML, walked from before an answer through a yes and a no. */
async function walk(html, { later, manager = '/managers/fake-onetrust.js', address = '/bridge.js', sends = 'Landed', library } = {}) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const asked = [];
  const sent = [];
  const errors = [];
  try {
    page.on('pageerror', (error) => errors.push(error.message));
    // The one that is named, and no other.
    await context.route(library ? `${shop.origin}${library}` : /^https:\/\/cdn\.mxpnl\.com\//, (route) => {
      asked.push('sdk');
      return route.fulfill({ contentType: 'text/javascript', body: readFileSync(join(sdk, 'dist', 'mixpanel.min.js'), 'utf8') });
    });
    await context.route(/^https:\/\/api-js\.mixpanel\.com\//, (route) => {
      asked.push('api');
      const data = new URLSearchParams(route.request().postData() ?? '').get('data');
      if (data) sent.push(...[JSON.parse(/^[[{]/.test(data) ? data : Buffer.from(data, 'base64').toString())].flat().map(({ event }) => event));
      return route.fulfill({ headers: { 'access-control-allow-origin': '*' }, contentType: 'application/json', body: '1' });
    });
    await context.route(`${shop.origin}${address}*`, (route) => route.fulfill({ contentType: 'text/javascript', body: readFileSync(at('dist', /[^/?]+(?=$|\?)/.exec(address)[0]), 'utf8') }));
    await context.route(`${shop.origin}/shop`, (route) => route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><html><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">${html}</head><body>
        <script type="module">import manager from '${manager}'; await manager.load({ base: '' }); window.manager = manager;</script></body></html>`,
    }));
    // The playground's stand-in for the product, set up as a site does.
    await context.route(new RegExp(`^${shop.origin}/(managers|fakes)/`), (route) => route.fulfill({
      contentType: 'text/javascript', body: readFileSync(at('www', new URL(route.request().url()).pathname.slice(1)), 'utf8'),
    }));
    await page.goto(`${shop.origin}/shop`);
    await page.waitForFunction(() => window.manager);
    if (later) await later(page);
    const code = (wanted) => page.waitForFunction((one) => window.mixpanelConsent?.state.code === one, wanted, { timeout: 10_000 })
      .catch(async () => assert.fail(`not ${wanted} but ${await page.evaluate(() => JSON.stringify(window.mixpanelConsent?.state))}`));
    await code('cmp-asking');
    await page.evaluate(() => window.mixpanel.track('Held'));
    await page.waitForTimeout(300);
    assert.deepEqual(asked, []);
    assert.doesNotMatch(await page.evaluate(() => [document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)].join()), /mp_|__mp|mixpanel/);
    await page.evaluate(() => window.manager.api.acceptAll());
    for (const end = Date.now() + 15_000; !sent.includes('Held') || !sent.includes(sends); await page.waitForTimeout(50)) {
      assert.ok(Date.now() < end, `asked ${asked}, sent ${sent}, ${await page.evaluate(async () => String(await window.mixpanelConsent.explain()))}`);
    }
    await page.evaluate(() => window.manager.api.rejectAll());
    await code('denied');
    await page.waitForTimeout(500);
    const last = asked.length;
    await page.evaluate(() => window.mixpanel.track('Unwanted'));
    await page.waitForTimeout(1_000);
    assert.equal(asked.length, last);
    assert.doesNotMatch(await page.evaluate(() => document.cookie), /mp_/);
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
  }
}

describe('recipes', { concurrency: 4 }, () => {
  test('plain HTML, above the snippet', () => walk(block('docs/start/script-tag.md', "Mixpanel's snippet and").replace(/<!--.*-->/, () => snippet)));
  const latch = block('docs/start/script-tag.md', '__latch').replace(/<!--.*-->/, '');
  test('plain HTML, with the latch above the tag', () => walk(latch + block('docs/start/script-tag.md', "Mixpanel's snippet and").replace(/<!--.*-->/, () => snippet)));
  test('the latch alone, where the tag does not arrive: nothing is asked for', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked = [];
    const said = [];
    page.on('request', (request) => { if (/mxpnl|mixpanel\.com/.test(request.url())) asked.push(request.url()); });
    page.on('console', (message) => said.push(message.text()));
    await context.route(`${shop.origin}/shop`, (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><meta charset="utf-8">${latch}<script src="/not-there.js"></script>${snippet}` }));
    await page.goto(`${shop.origin}/shop`);
    await page.waitForTimeout(500);
    assert.deepEqual(asked, []);
    assert.equal(await page.evaluate(() => document.cookie + Object.keys(localStorage)), '');
    assert.ok(said.some((text) => /did not arrive/.test(text)));
    await context.close();
  });
  test('plain HTML, the tag alone', () => walk(block('docs/start/script-tag.md', "mixpanel.track('Landed')")));
  test('WordPress: the line that it prints', () => {
    const php = block('docs/recipes/wordpress.md', 'add_action');
    const format = JSON.parse(/printf\(\s*("(?:[^"\\]|\\.)*")/.exec(php)[1]);
    return walk(`${format.replace('%s', '/wp-content/themes/shop/bridge.all.js')}${snippet}`, { address: '/wp-content/themes/shop/bridge.all.js', manager: '/fakes/wp-consent-api.js' });
  });
  test('Shopify: the line that it prints', () => {
    const line = block('docs/recipes/shopify.md', 'asset_url').replace(/\{\{.*\}\}/, '/cdn/shop/t/1/assets/bridge.all.js?v=1');
    return walk(`${line}${snippet}`, { address: '/cdn/shop/t/1/assets/bridge.all.js?v=1', manager: '/fakes/shopify.js' });
  });

  for (const sequenced of [false, true]) test(`GTM, custom HTML: what it contains, put into a page that has loaded${sequenced ? ', and the next tag of a sequence waits for the file' : ''}`, () =>
    walk('', {
      sends: 'Held',
      // GTM makes each script of such a tag anew and appends it, with its variables filled in.
      later: (page) => page.evaluate(async ({ html, sequenced }) => {
        const said = new Promise((done) => {
          window.google_tag_manager = { 'GTM-1': { onHtmlSuccess: (id) => done(`success ${id} ${typeof window.mixpanel?.track}`), onHtmlFailure: () => done('failure') } };
        });
        const holder = document.createElement('div');
        holder.innerHTML = html;
        for (const old of holder.querySelectorAll('script')) {
          const script = document.createElement('script');
          script.text = old.text;
          document.body.append(script);
        }
        if (sequenced && (await said) !== 'success 7 function') throw new Error(await said);
      }, {
        sequenced,
        html: block('docs/start/gtm.md', 'tag.dataset.token')
          .replace(/(?=^ *document\.head\.appendChild)/m, sequenced ? block('docs/start/gtm.md', 'onHtmlSuccess') : '')
          .replaceAll('{{Container ID}}', '"GTM-1"').replaceAll('{{HTML ID}}', '7'),
      }),
    }));

  test('GTM, template: its parts can be read, and it asks for no more than it may', () => {
    const { sections, code } = template();
    for (const name of ['INFO', 'TEMPLATE_PARAMETERS', 'WEB_PERMISSIONS']) JSON.parse(sections[name]);
    assert.deepEqual(Object.keys(sections), ['TERMS_OF_SERVICE', 'INFO', 'TEMPLATE_PARAMETERS', 'SANDBOXED_JS_FOR_WEB_TEMPLATE', 'WEB_PERMISSIONS', 'TESTS', 'NOTES']);
    const permitted = JSON.parse(sections.WEB_PERMISSIONS).map(({ instance }) => instance.key.publicId).sort();
    assert.deepEqual(permitted, ['inject_script', 'logging']);
    assert.deepEqual(patterns(), ['https://www.example.com/bridge.all.js*']);
    // Those of GTM's functions that need no permission, and the two that have it.
    const required = [...code.matchAll(/require\('(\w+)'\)/g)].map(([, name]) => name);
    assert.deepEqual(required, ['encodeUriComponent', 'injectScript', 'JSON', 'logToConsole', 'queryPermission']);
    const fields = JSON.parse(sections.TEMPLATE_PARAMETERS).map(({ name }) => name);
    for (const [, name] of code.matchAll(/data\.(\w+)/g)) assert.ok(fields.includes(name) || /^gtmOn/.test(name), name);
  });

  for (const own of [false, true]) test(`GTM, template: a tag of it${own ? ', with the library on the site' : ''}`, () =>
    walk('', {
      library: own ? '/mixpanel.min.js' : undefined,
      sends: '$mp_web_page_view',
      later: (page) => page.evaluate(async ({ code, origin, own, pattern }) => {
        // Of the whole address, what stands behind its # included.
        const permitted = new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.?/]/g, '\\$&')).join('.*')}$`);
        const given = { scriptUrl: `${origin}/bridge.all.js`, libraryUrl: own ? `${origin}/mixpanel.min.js` : '', token: 'YOUR_PROJECT_TOKEN', cmp: 'onetrust', category: 'C0002', implied: 'accept', apiHost: '', pageViews: true };
        await new Promise((done, fail) => {
          const functions = {
            encodeUriComponent: encodeURIComponent,
            JSON,
            logToConsole: console.log,
            queryPermission: (permission, address) => permission === 'inject_script' && permitted.test(address),
            injectScript(address, success, failure) {
              const script = document.createElement('script');
              script.async = true;
              script.onload = success;
              script.onerror = failure;
              script.src = address;
              document.head.append(script);
            },
          };
          new Function('require', 'data', code)((name) => functions[name], { ...given, gtmOnSuccess: done, gtmOnFailure: () => fail(new Error('gtmOnFailure')) });
        });
      }, { code: template().code, origin: shop.origin, own, pattern: patterns()[0].replace('https://www.example.com', shop.origin) }),
    }));
});

/** Which addresses the template may load, as it is delivered. */
const patterns = () => JSON.parse(template().sections.WEB_PERMISSIONS).find(({ instance }) => instance.key.publicId === 'inject_script')
  .instance.param.find(({ key }) => key === 'urls').value.listItem.map(({ string }) => string);

function template() {
  const parts = readFileSync(at('examples', 'gtm', 'template.tpl'), 'utf8').split(/^___(\w+)___$/m).slice(1);
  const sections = Object.fromEntries(parts.flatMap((part, n) => (n % 2 ? [] : [[part, parts[n + 1].trim()]])));
  return { sections, code: sections.SANDBOXED_JS_FOR_WEB_TEMPLATE };
}
