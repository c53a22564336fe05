// Fastify reads bodies itself, so the receipt endpoint is given what it has read.

import fastify from 'fastify';
import { readConsent, receiptEndpoint } from 'mixpanel-consent-bridge/server';

export function shop({ ledger, mixpanel, origins, personOf, token, key, options }) {
  const app = fastify({ bodyLimit: 4096 });
  const receipts = receiptEndpoint({ ledger, origins, identify: (request) => personOf(request.headers.cookie), token, key, secure: false });
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => done(null, body));
  app.route({
    method: ['POST', 'OPTIONS'],
    url: '/consent',
    async handler(request, reply) {
      const { status, headers, body } = await receipts.take({ method: request.method, headers: request.headers, body: request.body, request });
      return reply.code(status).headers(headers).send(body);
    },
  });

  // Resolves when the ledger has what the request says, or when its store could not be reached:
  // nothing is sent then, which the guard's `onBlocked` is told. The sale does not wait for it.
  async function tell(event, request, id) {
    await ledger.record(id, readConsent(request, options));
    mixpanel.track(event, { distinct_id: id });
  }

  app.post('/orders', async (request) => {
    const id = personOf(request.headers.cookie);
    tell('Order paid', request, id).catch((error) => request.log.error(error));
    return { ordered: true };
  });
  return app;
}

export async function listen(parts, port) {
  const app = shop(parts);
  await app.listen({ port, host: '127.0.0.1' });
  return app.server;
}
