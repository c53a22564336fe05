// Fetch handlers, as a Next.js route exports them: `app/consent/route.js` has `POST` and
// `OPTIONS`, `app/orders/route.js` has `POST`.

import { serve } from '@hono/node-server';
import { readConsent, receiptEndpoint } from 'mixpanel-consent-bridge/server';

export function routes({ ledger, mixpanel, origins, personOf, token, key, options }) {
  const receipts = receiptEndpoint({ ledger, origins, identify: (request) => personOf(request.headers.get('cookie')), token, key, secure: false });

  // Resolves when the ledger has what the request says, or when its store could not be reached:
  // nothing is sent then, which the guard's `onBlocked` is told. The sale does not wait for it.
  // (Where a function ends with its answer, hand the promise to `after()` of `next/server`.)
  async function tell(event, request, id) {
    await ledger.record(id, readConsent(request, options));
    mixpanel.track(event, { distinct_id: id });
  }

  return {
    '/consent': { POST: receipts.fetch, OPTIONS: receipts.fetch },
    '/orders': {
      async POST(request) {
        const id = personOf(request.headers.get('cookie'));
        tell('Order paid', request, id).catch(console.error);
        return Response.json({ ordered: true });
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
