// Hono: its requests are fetch's.

import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { readConsent, receiptEndpoint } from 'mixpanel-consent-bridge/server';

export function shop({ ledger, mixpanel, origins, personOf, token, key, options }) {
  const app = new Hono();
  const receipts = receiptEndpoint({ ledger, origins, identify: (request) => personOf(request.headers.get('cookie')), token, key, secure: false });
  app.all('/consent', (context) => receipts.fetch(context.req.raw));

  // Resolves when the ledger has what the request says, or when its store could not be reached:
  // nothing is sent then, which the guard's `onBlocked` is told. The sale does not wait for it.
  // (On Cloudflare, hand the promise to `context.executionCtx.waitUntil()`.)
  async function tell(event, request, id) {
    await ledger.record(id, readConsent(request, options));
    mixpanel.track(event, { distinct_id: id });
  }

  app.post('/orders', (context) => {
    const id = personOf(context.req.header('cookie'));
    tell('Order paid', context.req.raw, id).catch(console.error);
    return context.json({ ordered: true });
  });
  return app;
}

export const listen = (parts, port) => new Promise((done) => {
  const server = serve({ fetch: shop(parts).fetch, port, hostname: '127.0.0.1' }, () => done(server));
});
