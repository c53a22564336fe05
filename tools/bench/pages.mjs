// The pages that the bench visits: each subject bundled as its users bundle it, and a server for them.

import { createServer } from 'node:http';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { join } from 'node:path';
import { at, locked, run } from '../lib.mjs';

/** What the bench needs of npm and nobody else does, exactly as its own lock file says. */
export async function packages() {
  const lock = at('tools', 'bench', 'package-lock.json');
  const installed = at('tools', 'bench', 'node_modules', '.package-lock.json');
  await locked('install of the bench', async () => {
    if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
    console.log('installing what is measured beside the bridge');
    await run('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: at('tools', 'bench'), fix: 'Run `npm ci` in tools/bench to see what stops it; the registry must be reachable.' });
  });
}

/** @returns the files of a subject's page, by address: split and minified, from npm */
async function bundled(name) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [at('tools', 'bench', 'subjects', `${name}.js`)],
    outdir: at('tools', 'bench', 'out'),
    bundle: true, splitting: true, minify: true, format: 'esm', target: 'es2022', write: false, legalComments: 'none', logLevel: 'error',
    entryNames: 'entry', chunkNames: '[name]-[hash]',
    alias: { 'mixpanel-consent-bridge': at('dist', 'index.js') },
    nodePaths: [at('node_modules')],
  });
  const root = join(at('tools', 'bench', 'out'), '/');
  return new Map(outputFiles.map(({ path, contents }) => [path.slice(root.length), Buffer.from(contents)]));
}

// At an address with `?idle`, what a page wants to do when it has nothing better to do waits for idle().
const IDLE = `if (location.search === '?idle') {
  const wanted = [];
  const { requestIdleCallback } = window;
  window.requestIdleCallback = (f) => wanted.push(f);
  window.idle = () => { window.requestIdleCallback = requestIdleCallback; for (const f of wanted) requestIdleCallback(f); };
}`;
const html = (name) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,"><p>A page.</p><script>${IDLE}</script><script type="module" src="/${name}/entry.js"></script>`;

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;

/** Serves the pages of these subjects, and counts what is fetched. */
export async function serve(names) {
  const files = new Map();
  for (const name of names) {
    files.set(`/${name}/`, Buffer.from(html(name)));
    for (const [path, bytes] of await bundled(name)) files.set(`/${name}/${path}`, bytes);
  }
  // What c15t's helper loads.
  files.set('/mixpanel.js', readFileSync(at('node_modules', 'mixpanel-browser', 'dist', 'mixpanel.min.js')));
  const weights = new Map();
  const fetched = new Set();
  const headers = {
    'cache-control': 'max-age=600',
    // With these a page's clock has steps of 5 microseconds instead of 100.
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  };
  const server = createServer((request, response) => {
    const [path] = request.url.split('?');
    const bytes = files.get(path);
    fetched.add(path);
    if (!bytes) return response.writeHead(path.startsWith('/collect') ? 200 : 404, headers).end('1');
    response.writeHead(200, { ...headers, 'content-type': path.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8' }).end(bytes);
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  return {
    origin: `http://localhost:${server.address().port}`,
    /** What was asked for, to be cleared by who asks. */
    fetched,
    /** Bytes of a file on the wire: brotli 11. */
    weigh(path) {
      if (!weights.has(path)) weights.set(path, path.endsWith('.js') && files.has(path) ? brotli(files.get(path)) : 0);
      return weights.get(path);
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
