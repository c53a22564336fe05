// A small shop: its page with a consent manager, its orders, which the server tells Mixpanel
// of, and its erasure. Node's own `http`, as little as there can be.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import Mixpanel from 'mixpanel';
import { consentLedger, erase, guard, receiptEndpoint } from 'mixpanel-consent-bridge/server';

const TOKEN = '0123456789abcdef0123456789abcdef';
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html; charset=utf-8' };

/**
 * `store`: a ledger's store. `collector`: what plays Mixpanel for the page and for the server.
 * `gdpr`: the host of its GDPR API. `root`: where the page's files are.
 */
export async function startShop({ store, collector, gdpr, oauthToken, root, key }) {
  const ledger = consentLedger({ store });
  const blocked = [];
  let mixpanel;

  const cookie = (request, name) => (request.headers.cookie ?? '').split('; ').find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  const personOf = (request) => cookie(request, 'session') ?? null;
  const server = createServer(async (request, response) => {
    try {
      await answer(request, response);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const receipts = receiptEndpoint({ ledger, origins: [origin], identify: personOf, token: TOKEN, key, secure: false });

  async function answer(request, response) {
    const { pathname } = new URL(request.url, origin);
    if (pathname.startsWith('/mixpanel') || pathname.startsWith('/collector')) return collector.handle(request, response);
    if (pathname === '/consent') return receipts.node(request, response);
    const json = (value) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));

    if (pathname === '/orders') {
      const id = personOf(request);
      let text = '';
      for await (const part of request) text += part;
      // Who the browser's device is; the page knows it while Mixpanel is on.
      const { device } = JSON.parse(text);
      if (typeof device === 'string' && device.startsWith('$device:')) await ledger.merge(device, id);
      return mixpanel.track('Order paid', { distinct_id: id, total: 42 }, (error) => json({ sent: !error, why: error?.code }));
    }
    if (pathname === '/erase') {
      const job = await erase({ projectToken: TOKEN, oauthToken, host: gdpr, ledger, person: personOf(request), store, pollEvery: 10, sleep: () => new Promise((done) => setTimeout(done, 5)) });
      return json(job);
    }
    if (pathname === '/') {
      response.writeHead(200, { 'content-type': TYPES['.html'], ...(personOf(request) ? {} : { 'set-cookie': `session=user-${crypto.randomUUID()}; Path=/; HttpOnly; SameSite=Lax` }) });
      return response.end(await readFile(new URL('index.html', import.meta.url)));
    }
    if (!/^\/(dist|node_modules)\//.test(pathname)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'application/octet-stream' });
    return response.end(await readFile(join(root, normalize(pathname))));
  }

  mixpanel = guard(Mixpanel.init(TOKEN, { host: `127.0.0.1:${server.address().port}`, protocol: 'http', path: '/mixpanel/server', keepAlive: false }), { ledger, onBlocked: (one) => blocked.push(one) });
  return {
    origin, ledger, blocked,
    async stop() { server.closeAllConnections(); server.close(); },
  };
}
