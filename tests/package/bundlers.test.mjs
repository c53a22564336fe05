// The packed package in each bundler without any configuration, run in a real browser: it
// comes up, the core is reached, nothing leaves before a yes, and after it the event does.
// What the bridge does beyond that is tests/browser's.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import esbuild from 'esbuild';
import { build as viteBuild, createServer as viteServer } from 'vite';
import webpack from 'webpack';
import { NAME, pack } from './project.mjs';
import { openBrowser, site } from './site.mjs';

const TOKEN = '0123456789abcdef0123456789abcdef';

const MAIN = `
  import { connect } from '${NAME}';
  window.bridge = connect({
    token: '${TOKEN}',
    cmp: 'manual',
    mixpanel: () => import('mixpanel-browser'),
    config: { api_host: location.origin + '/mixpanel', batch_requests: false },
  });
  window.bridge.mixpanel.track('Packed');
`;
const page = (head) => `<!doctype html><html><head><meta charset="utf-8"><title>Shop</title>${head}</head><body></body></html>`;

let packed;
let browser;
before(async () => { [packed, browser] = await Promise.all([pack(), openBrowser()]); });
after(async () => {
  await browser?.close();
  await packed?.remove();
});

/** Opens the site, and walks from before an answer to the event that a yes releases. */
async function works(folder, prepare) {
  const shop = await site(folder, prepare);
  const context = await browser.newContext();
  try {
    const view = await context.newPage();
    const errors = [];
    view.on('pageerror', (error) => errors.push(String(error)));
    await view.goto(`${shop.origin}/`);
    await view.waitForFunction(() => {
      const bridge = window.bridge ?? window.mixpanelConsent;
      return bridge && bridge.state.code !== 'starting';
    }, null, { timeout: 15_000 });
    const state = () => view.evaluate(() => {
      const { consent, mode, code, reason, held } = (window.bridge ?? window.mixpanelConsent).state;
      return { consent, mode, code, reason, held };
    });
    const first = await state();
    assert.equal(first.consent, 'unset', first.reason);
    assert.notEqual(first.code, 'core-unavailable', first.reason);
    assert.equal(first.held, 1);
    assert.equal(shop.requests(), 0);

    await view.evaluate(() => (window.bridge ?? window.mixpanelConsent).grant());
    await view.waitForFunction(() => (window.bridge ?? window.mixpanelConsent).state.mode === 'on', null, { timeout: 15_000 });
    const until = Date.now() + 10_000;
    while (!shop.events().includes('Packed') && Date.now() < until) await new Promise((again) => setTimeout(again, 50));
    assert.deepEqual(shop.events().filter((name) => name === 'Packed'), ['Packed']);
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
    await shop.close();
  }
}

test('esbuild, one file', async () => {
  const folder = await packed.project({ 'main.js': MAIN, 'index.html': page('<script src="out.js" defer></script>') });
  await esbuild.build({ entryPoints: [join(folder, 'main.js')], bundle: true, outfile: join(folder, 'out.js'), logLevel: 'silent' });
  await works(folder);
});

test('esbuild, split into chunks', async () => {
  const folder = await packed.project({ 'main.js': MAIN, 'index.html': page('<script type="module" src="out/main.js"></script>') });
  const { metafile } = await esbuild.build({
    entryPoints: [join(folder, 'main.js')], bundle: true, splitting: true, format: 'esm', minify: true, outdir: join(folder, 'out'), metafile: true, logLevel: 'silent',
  });
  const entry = Object.entries(metafile.outputs).find(([path]) => path.endsWith('main.js'))[1];
  assert.ok(entry.bytes < 40_000, `the core is in the first chunk: ${entry.bytes} bytes`);
  await works(folder);
});

test('Vite, built', async () => {
  const folder = await packed.project({ 'main.js': MAIN, 'index.html': page('<script type="module" src="/main.js"></script>') });
  await viteBuild({ root: folder, configFile: false, logLevel: 'silent' });
  await works(join(folder, 'dist'));
});

test('Vite, development server', async () => {
  const folder = await packed.project({ 'main.js': MAIN, 'index.html': page('<script type="module" src="/main.js"></script>') });
  let vite;
  try {
    await works(folder, async (server) => {
      vite = await viteServer({
        root: folder, configFile: false, logLevel: 'silent', cacheDir: join(folder, '.vite'),
        server: { middlewareMode: true, hmr: { server } },
      });
      return vite.middlewares;
    });
  } finally {
    await vite?.close();
  }
});

test('webpack', async () => {
  const folder = await packed.project({ 'main.js': MAIN, 'index.html': page('<script src="out/main.js" defer></script>') });
  await new Promise((done, fail) => {
    webpack({ context: folder, entry: './main.js', mode: 'production', output: { path: join(folder, 'out') } }, (error, stats) => {
      if (error) return fail(error);
      const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
      const told = [...errors, ...warnings].map(({ message }) => message).filter((message) => !/size limit|performance/i.test(message));
      return told.length ? fail(new Error(told.join('\n'))) : done();
    });
  });
  await works(folder);
});

test('no bundler: a module script and an import map', async () => {
  const folder = await packed.project({
    'main.js': MAIN,
    'index.html': page(`
      <script type="importmap">${JSON.stringify({ imports: { [NAME]: `/node_modules/${NAME}/dist/index.js`, 'mixpanel-browser': '/sdk.js' } })}</script>
      <script type="module" src="main.js"></script>`),
  });
  await esbuild.build({
    stdin: { contents: `export { default } from 'mixpanel-browser';`, resolveDir: folder },
    bundle: true, format: 'esm', outfile: join(folder, 'sdk.js'), logLevel: 'silent',
  });
  await works(folder);
});

test('no bundler: the script tag above the snippet of a site', async () => {
  const config = { api_host: 'ORIGIN/mixpanel', batch_requests: false };
  const folder = await packed.project({});
  const sdk = join(folder, 'node_modules', 'mixpanel-browser', 'dist');
  await writeFile(join(folder, 'library.js'), await readFile(join(sdk, 'mixpanel.min.js')));
  const snippet = await readFile(join(sdk, 'mixpanel-jslib-snippet.min.js'), 'utf8');
  // Mixpanel's own way to host the library elsewhere.
  await writeFile(join(folder, 'index.html'), page(`
    <script>window.MIXPANEL_CUSTOM_LIB_URL = '/library.js';</script>
    <script src="/node_modules/${NAME}/dist/bridge.js" data-cmp="manual"></script>
    <script>${snippet}</script>
    <script>
      mixpanel.init('${TOKEN}', Object.assign(${JSON.stringify(config)}, { api_host: location.origin + '/mixpanel' }));
      mixpanel.track('Packed');
    </script>`));
  await works(folder);
});
