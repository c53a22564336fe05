// Express: the receipt endpoint, and a route that sells, and sends what its visitor allows.

import express from 'express';
import { readConsent, receiptEndpoint } from 'mixpanel-consent-bridge/server';

export function shop({ ledger, mixpanel, origins, personOf, token, key, options }) {
  const app = express();
  const receipts = receiptEndpoint({ ledger, origins, identify: (request) => personOf(request.headers.cookie), token, key, secure: false });
  app.all('/consent', receipts.node);

  // Resolves when the ledger has what the request says, or when its store could not be reached:
  // nothing is sent then, which the guard's `onBlocked` is told. The sale does not wait for it.
  async function tell(event, request, id) {
    await ledger.record(id, readConsent(request, options));
    mixpanel.track(event, { distinct_id: id });
  }

  app.post('/orders', (request, response) => {
    const id = personOf(request.headers.cookie);
    response.json({ ordered: true });
    tell('Order paid', request, id).catch(console.error);
  });
  return app;
}

export const listen = (parts, port) => new Promise((done) => {
  const server = shop(parts).listen(port, '127.0.0.1', () => done(server));
});
