// Long functions of the gate and of the core are compiled with their script, beside the main thread, and
// not at their first call (tools/eager.mjs): in a site's own bundle, and of the tag. V8 says of each
// function how it was compiled.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import test from 'node:test';
import { chromium as engine } from 'playwright-core';
import { build } from 'esbuild';
import { at } from '../../tools/lib.mjs';
import { CHROMIUM_ARGS, chromium } from '../../tools/setup.mjs';

/** Characters of a function that is long. */
const LONG = 600;
const SDK = "{ init() {}, track(name, properties, options, callback) { if (typeof callback === 'function') callback(0); }, config: {}, people: {} }";

/** The long functions that were compiled at their first call, by file, on a page of these files. */
async function late(files) {
  const folder = mkdtempSync(join(tmpdir(), 'v8-'));
  const log = join(folder, 'v8.log');
  const server = createServer(({ url }, response) => {
    const file = files(url);
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': extname(url) === '.js' ? 'text/javascript' : 'text/html' }).end(file);
  }).listen(0, '127.0.0.1');
  try {
    const browser = await engine.launch({ executablePath: await chromium(), args: [...CHROMIUM_ARGS, `--js-flags=--log-function-events --logfile=${log} --no-logfile-per-isolate`] });
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      await page.waitForFunction(() => window.bridge?.state.code === 'manual-unset');
    } finally {
      await browser.close();
    }
    const lines = readFileSync(log, 'utf8').split('\n').map((line) => line.split(','));
    const scripts = new Map(lines.filter(([kind]) => kind === 'script-details').map(([, id, url]) => [id, url]));
    const seen = new Set();
    const found = [];
    for (const [kind, how, id, start, end] of lines) {
      const name = scripts.get(id)?.replace(/^http:\/\/[^/]*\/|-[A-Z\d]{8}(?=\.js$)/g, '');
      if (kind !== 'function' || !name) continue;
      seen.add(name);
      if (how === 'parse-function' && end - start >= LONG) found.push(`${name}: ${end - start} characters: ${files(new URL(scripts.get(id)).pathname)?.slice(start, Number(start) + 60)}`);
    }
    return { seen, found };
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test('a bundle that esbuild has made small: no long function is compiled at its first call', async () => {
  const { outputFiles } = await build({
    stdin: { contents: `import { connect } from './dist/index.js'; window.bridge = connect({ token: '0123456789abcdef0123456789abcdef', cmp: 'manual', mixpanel: ${SDK} });`, resolveDir: at('.') },
    outdir: '/', bundle: true, splitting: true, minify: true, format: 'esm', write: false, chunkNames: '[name]-[hash]',
  });
  const { seen, found } = await late((url) => (url === '/' ? '<script type="module" src="/stdin.js"></script>' : outputFiles.find(({ path }) => path === url)?.text));
  assert.ok(seen.has('stdin.js') && seen.has('core.js'), [...seen].join());
  assert.deepEqual(found, []);
});

test('the tag: no long function is compiled at its first call', async () => {
  const { seen, found } = await late((url) => {
    if (url === '/') return '<script src="/bridge.js" data-token="0123456789abcdef0123456789abcdef" data-cmp="manual" data-sdk="/none.js"></script><script>bridge = mixpanelConsent</script>';
    try {
      return readFileSync(at('dist', url.slice(1)), 'utf8');
    } catch {
      return undefined;
    }
  });
  assert.ok(seen.has('bridge.js') && [...seen].some((name) => name.endsWith('/core.js')), [...seen].join());
  assert.deepEqual(found, []);
});
