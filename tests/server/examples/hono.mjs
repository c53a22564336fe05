// Hono: its requests are fetch's.

import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { readConsent, receiptEndpoint } from 'mixpanel-consent-bridge/server';

export function shop({ ledger, mixpanel, origins, personOf, token, key, options }) {
  const app = new Hono();
  const receipts = receiptEndpoint({ ledger, origins, identify: (request) => personOf(request.headers.get('cookie')), token, key, secure: false });
  app.all('/consent', (context) => receipts.fetch(context.req.raw));

  app.post('/orders', async (context) => {
    const id = personOf(context.req.header('cookie'));
    await ledger.record(id, readConsent(context.req.raw, options));
    const error = await new Promise((done) => mixpanel.track('Order paid', { distinct_id: id }, done));
    return context.json({ sent: !error, why: error?.code });
  });
  return app;
}

export const listen = (parts, port) => new Promise((done) => {
  const server = serve({ fetch: shop(parts).fetch, port, hostname: '127.0.0.1' }, () => done(server));
});
