// Fetch handlers, as a Next.js route exports them: `app/consent/route.js` has `POST` and
// `OPTIONS`, `app/orders/route.js` has `POST`.

import { serve } from '@hono/node-server';
import { readConsent, receiptEndpoint } from 'mixpanel-consent-bridge/server';

export function routes({ ledger, mixpanel, origins, personOf, token, key, options }) {
  const receipts = receiptEndpoint({ ledger, origins, identify: (request) => personOf(request.headers.get('cookie')), token, key, secure: false });
  return {
    '/consent': { POST: receipts.fetch, OPTIONS: receipts.fetch },
    '/orders': {
      async POST(request) {
        const id = personOf(request.headers.get('cookie'));
        await ledger.record(id, readConsent(request, options));
        const error = await new Promise((done) => mixpanel.track('Order paid', { distinct_id: id }, done));
        return Response.json({ sent: !error, why: error?.code });
      },
    },
  };
}

/** What Next.js does with them. */
export const listen = (parts, port) => new Promise((done) => {
  const made = routes(parts);
  const fetch = (request) => made[new URL(request.url).pathname]?.[request.method]?.(request) ?? new Response(null, { status: 405 });
  const server = serve({ fetch, port, hostname: '127.0.0.1' }, () => done(server));
});
