// One loopback server behind several names: the pages (`www.shop.test`, or what `open()` asks for), and Mixpanel's API,
// a name of its own for each visit (`api-7.mixpanel.test`), so that each request tells which
// visit it came from. Not a browser's view of things: what was asked for and never left is
// seen by the hooks, not here.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { OWN_ENTRY } from '../../../tools/bundles.mjs';
import { decode, reply } from './decode.mjs';
import { pageOf } from './page.mjs';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
// A broken copy of dist can be tried without touching the real one.
export const DIST = process.env.BRIDGE_DIST ?? join(ROOT, 'dist');

// Those of every `npm test` are packages of the root; every minor version is in tests/versions, for
// `npm run test:versions`. 2.41.0: its snippet alone, that of 2021.
const VERSIONS = [ROOT, join(ROOT, 'tests/versions')].flatMap((folder) => {
  const { devDependencies, dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.keys({ ...devDependencies, ...dependencies })
    .filter((name) => /^mixpanel-\d/.test(name))
    .map((name) => [name.slice('mixpanel-'.length), join(folder, 'node_modules', name, 'dist')]);
});

export const SDK = { ...Object.fromEntries(VERSIONS.reverse()), '2.83.0': join(ROOT, 'node_modules/mixpanel-browser/dist') };

export const TYPES = {
  '': 'text/javascript; charset=utf-8', // bundles have package names
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** The library as one ES module; versions before 2.55 come only as CommonJS. */
export async function sdkModule(version) {
  const dist = SDK[version];
  try {
    return await readFile(join(dist, 'mixpanel.module.js'), 'utf8');
  } catch {
    const text = await readFile(join(dist, 'mixpanel.cjs.js'), 'utf8');
    return `const module = { exports: {} };\n${text}\nexport default module.exports;\n`;
  }
}

export const sdkScript = (version) => readFile(join(SDK[version], 'mixpanel.min.js'), 'utf8');
export const sdkSnippet = (version) =>
  readFile(join(SDK[version], 'mixpanel-jslib-snippet.min.js'), 'utf8');

// The few packages whose modules import others by name, which no browser resolves.
const bundles = new Map();
function bundle(name) {
  if (!bundles.has(name)) {
    bundles.set(name, build({
      entryPoints: [OWN_ENTRY[name] ?? name],
      absWorkingDir: ROOT,
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      target: 'es2020',
    }).then(({ outputFiles: [file] }) => file.contents));
  }
  return bundles.get(name);
}

export async function asset(path) {
  const [, first, ...rest] = normalize(path).split('/');
  if (first === 'sdk') return sdkModule(rest[0]);
  // As the site's folder has them, with an ending; a package's own name may be without.
  if (first === 'bundle') return bundle(rest.join('/').replace(/\.js$/, ''));
  const base = {
    dist: DIST,
    managers: join(ROOT, 'www/managers'),
    fakes: join(ROOT, 'www/fakes'),
    node_modules: join(ROOT, 'node_modules'),
  }[first];
  return base && readFile(join(base, ...rest));
}

/** `domain`: under which the pages stand, as `www.<domain>`. */
export async function startServer(domain = 'shop.test') {
  const situations = new Map();
  const requests = [];
  const watchers = new Set();

  const api = (request, response, host) => {
    const origin = request.headers.origin ?? '*';
    const cors = {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
    };
    if (request.method === 'OPTIONS') {
      response.writeHead(204, cors).end();
      return;
    }
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const decoded = decode({
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: Buffer.concat(chunks),
      });
      const entry = { at: Date.now(), host, url: `http://${request.headers.host}${request.url}`, ...decoded };
      requests.push(entry);
      for (const watcher of watchers) watcher(entry);
      const { type, text } = reply(decoded);
      response.writeHead(200, { ...cors, 'content-type': type }).end(text);
    });
  };

  const server = createServer(async (request, response) => {
    const host = request.headers.host?.split(':')[0] ?? '';
    if (host.endsWith('.mixpanel.test')) {
      api(request, response, host);
      return;
    }
    const { pathname } = new URL(request.url, `http://${host}`);
    try {
      const visit = /^\/v(\d+)(\/|$)/.exec(pathname);
      const situation = visit && situations.get(Number(visit[1]));
      if (situation) {
        const headers = { 'content-type': TYPES['.html'], ...situation.headers };
        // A site of its own: what it has at each path, with a type where it is no page.
        const own = situation.pages?.(pathname.split('/')[2], situation);
        const { type, body = own ?? (await pageOf(situation)) } = own?.type ? own : {};
        response.writeHead(200, type ? { 'content-type': type, 'service-worker-allowed': '/' } : headers).end(body);
        return;
      }
      if (pathname === '/plain') {
        response.writeHead(200, { 'content-type': TYPES['.html'] }).end('<!doctype html><title>plain</title>');
        return;
      }
      const body = await asset(decodeURIComponent(pathname));
      if (body === undefined) throw new Error('not there');
      // As a site would serve them: kept a while, so that a reload is a warm one.
      response
        .writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'text/plain', 'cache-control': 'max-age=600' })
        .end(body);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not here');
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    port,
    domain,
    origin: `http://www.${domain}:${port}`,
    situations,
    requests,
    watchers,
    /** Answers a request that came in through another port. */
    handle: (request, response) => void server.emit('request', request, response),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
