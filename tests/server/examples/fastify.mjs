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

  app.post('/orders', async (request) => {
    const id = personOf(request.headers.cookie);
    await ledger.record(id, readConsent(request, options));
    return new Promise((done) => mixpanel.track('Order paid', { distinct_id: id }, (error) => done({ sent: !error, why: error?.code })));
  });
  return app;
}

export async function listen(parts, port) {
  const app = shop(parts);
  await app.listen({ port, host: '127.0.0.1' });
  return app.server;
}
