// Express: the receipt endpoint, and a route that sends what its visitor allows.

import express from 'express';
import { readConsent, receiptEndpoint } from 'mixpanel-consent-bridge/server';

export function shop({ ledger, mixpanel, origins, personOf, token, key, options }) {
  const app = express();
  const receipts = receiptEndpoint({ ledger, origins, identify: (request) => personOf(request.headers.cookie), token, key, secure: false });
  app.all('/consent', receipts.node);

  app.post('/orders', async (request, response) => {
    const id = personOf(request.headers.cookie);
    await ledger.record(id, readConsent(request, options));
    mixpanel.track('Order paid', { distinct_id: id }, (error) => response.json({ sent: !error, why: error?.code }));
  });
  return app;
}

export const listen = (parts, port) => new Promise((done) => {
  const server = shop(parts).listen(port, '127.0.0.1', () => done(server));
});
