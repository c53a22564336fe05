// Posts receipts: a chunk that comes with the core where the site names an address for them.

import type { Gate, Receipt } from '../rooms.js';

/** A page may have put a fetch of its own there, which throws, or answers with nothing. */
export const poster = (address: string, report: Gate['report']) => (made: Receipt) =>
  (async () =>
    fetch(address, {
      method: 'POST',
      keepalive: true,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(made),
    }))().catch((error) => report('receipt-not-posted', address, error));
