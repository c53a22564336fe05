// The development server: sets up, builds, serves the site with its playground and plays Mixpanel's
// API (collector.mjs) on the same address. For this machine alone; it is not a
// server to put before visitors.
//
//   /                       the site (target/site), and www/ for what it is made of: playground, demo
//   /node_modules/…         installed packages, and this package as if it were one of them
//   /bundle/<package>[.js]  an installed package as one ES module
//   /mixpanel/…             Mixpanel's API, for `api_host: location.origin + '/mixpanel'`
//   /collector/…            what arrived there
//   /config.json            { token, real }: with MIXPANEL_TOKEN set, the real project
//
// Environment: PORT (4173, or the next free one), MIXPANEL_TOKEN.

import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { build } from './build.mjs';
import { createCollector } from './collector.mjs';
import { Failure, at, main, root, started } from './lib.mjs';
import { BUNDLES, NAME, bundleOf, importMap } from './bundles.mjs';
import { SITE, buildSite } from './site.mjs';
import { printSizes } from './sizes.mjs';

const PORT = 4173;
// In the shape of a real one: 32 hexadecimal digits.
const PLAY_TOKEN = '00000000000000000000000000000000';

// As they stand, so that what is changed is seen without a build. The site has pages under managers/ too.
const IN_WWW = /^\/(playground|demo)(\/|$)|^\/(managers|fakes|bundles)\/[\w-]+\.js$/;

export const TYPES = {
  '.cjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** Starts the server on a free port; resolves to it, its address and its collector. */
export async function serve({ port = PORT, token = process.env.MIXPANEL_TOKEN } = {}) {
  const collector = createCollector({ base: '/mixpanel' });
  const imports = await importMap();

  const server = createServer(async (request, response) => {
    const send = (status, type, body) => response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    try {
      if (await collector.handle(request, response)) return;
      const path = decodeURIComponent(new URL(request.url, 'http://playground.invalid').pathname);
      if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, TYPES['.txt'], 'Only GET and HEAD are answered here.\n');
      if (path === '/config.json') {
        return send(200, TYPES['.json'], JSON.stringify(token ? { token, real: true } : { token: PLAY_TOKEN, real: false }));
      }
      if (path.startsWith('/bundle/')) {
        const name = path.slice('/bundle/'.length).replace(/\.js$/, '');
        if (!BUNDLES.has(name)) return send(404, TYPES['.txt'], `\`${name}\` is not among the bundles: ${[...BUNDLES].join(', ')}.\n`);
        return send(200, TYPES['.js'], await bundleOf(name));
      }
      const file = await locate(path);
      // Relative addresses in a page need its folder's whole address.
      if (file && extname(file) === '.html' && !/(\/|\.html)$/.test(path)) return response.writeHead(308, { location: `${path}/` }).end();
      if (!file) return send(404, TYPES['.txt'], `There is nothing at ${path}.\n`);
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      let body = await readFile(file);
      if (extname(file) === '.html') {
        body = body.toString('utf8').replace('<!-- import map -->', () => `<script type="importmap">${JSON.stringify({ imports })}</script>`);
      }
      send(200, type, body);
    } catch (error) {
      console.error(error);
      if (!response.headersSent) send(500, TYPES['.txt'], `${error.message}\n`);
      else response.destroy();
    }
  });

  await listen(server, port);
  const address = `http://127.0.0.1:${server.address().port}/`;
  const close = () => new Promise((done) => {
    collector.close();
    server.close(done);
    server.closeAllConnections();
  });
  return { server, address, collector, close };
}

/** The file behind a path, or null; never one outside of what is served. */
async function locate(path) {
  const own = `/node_modules/${NAME}/`;
  const [base, rest] = path.startsWith(own)
    ? [root, path.slice(own.length)]
    : path.startsWith('/node_modules/')
      ? [at('node_modules'), path.slice('/node_modules/'.length)]
      : [IN_WWW.test(path) ? at('www') : SITE, path.slice(1)];
  if (base === root && !/^(dist\/|package\.json$)/.test(rest)) return null;
  let file = normalize(join(base, rest));
  const inside = base === root ? at('dist') : base;
  if (file !== inside && !file.startsWith(inside + sep) && file !== at('package.json')) return null;
  try {
    if ((await stat(file)).isDirectory()) file = join(file, 'index.html');
    return (await stat(file)).isFile() ? file : null;
  } catch {
    return null;
  }
}

/** Listens on the port asked for, or the next free one of the hundred after it. */
async function listen(server, first) {
  for (let port = first; port < first + 100; port += first === 0 ? 100 : 1) {
    const error = await new Promise((done) => {
      server.once('error', done);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', done);
        done(null);
      });
    });
    if (error === null) return;
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
  }
  throw new Failure(`No port from ${first} to ${first + 99} is free: choose another with \`PORT=8080 npm start\`.`);
}

if (started(import.meta)) {
  // Not awaited: where the site is built, its pictures are taken from a server that this module makes, and whoever imports
  // a module waits for its end.
  void main(async () => {
    const port = Number(process.env.PORT ?? PORT);
    if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Failure(`PORT is \`${process.env.PORT}\`, which is no port: run \`PORT=8080 npm start\`.`);
    await build();
    await printSizes({ relaxed: true });
    await buildSite();
    const { address, close } = await serve({ port });
    const real = process.env.MIXPANEL_TOKEN;
    console.log(`\n  Site:       ${address}\n  Playground: ${address}playground/`);
    console.log(real
      ? '  Events go to the Mixpanel project of MIXPANEL_TOKEN.\n'
      : '  Mixpanel is played by this server; for a real project run `MIXPANEL_TOKEN=… npm start`.\n');
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => close().then(() => process.exit(0)));
  });
}
