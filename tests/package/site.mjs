// A folder served as a site, with a collector for Mixpanel at /mixpanel on the same address,
// and a browser to open it. Not a test.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { chromium as engine } from 'playwright-core';
import { createCollector } from '../../tools/collector.mjs';
import { TYPES } from '../../tools/serve.mjs';
import { CHROMIUM_ARGS, shell } from '../../tools/setup.mjs';

const listen = (server) => new Promise((done) => {
  server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${server.address().port}`));
});

/**
 * Serves `folder` and collects what comes to /mixpanel. `prepare` may take the server and
 * return a middleware that answers instead of the folder.
 */
export async function site(folder, prepare) {
  const collector = createCollector({ base: '/mixpanel' });
  const server = createServer(async (request, response) => {
    if (await collector.handle(request, response)) return;
    if (middleware) {
      middleware(request, response, () => response.writeHead(404).end());
      return;
    }
    const path = decodeURIComponent(new URL(request.url, 'http://site.invalid').pathname);
    const file = normalize(join(folder, path.endsWith('/') ? `${path}index.html` : path));
    try {
      if (!file.startsWith(folder + sep)) throw new Error('outside');
      const body = await readFile(file);
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  const middleware = await prepare?.(server);
  const origin = await listen(server);
  return {
    origin,
    events: () => collector.log.flatMap(({ route, items }) => (route.startsWith('/track') ? items : [])).map(({ event }) => event),
    requests: () => collector.log.length,
    close: () => new Promise((done) => {
      collector.close();
      server.close(done);
      server.closeAllConnections();
    }),
  };
}

export async function openBrowser() {
  return engine.launch({
    executablePath: await shell(),
    args: [
      ...CHROMIUM_ARGS,
      // Only this machine can be reached.
      '--host-resolver-rules=MAP * ~NOTFOUND,EXCLUDE 127.0.0.1',
    ],
  });
}
