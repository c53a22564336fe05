// The custom pixel of examples/shopify, run with stand-ins for what Shopify hands to a pixel: before a
// yes, after it, after a no, after a withdrawal. Not run inside of Shopify.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { at } from '../tools/lib.mjs';

const code = readFileSync(at('examples', 'shopify', 'pixel.js'), 'utf8');
const event = (name) => ({
  id: `sh-${name}`, clientId: 'abc-123', name, timestamp: '2026-11-28T09:00:00.000Z',
  data: { checkout: { currencyCode: 'EUR', totalPrice: { amount: 42, currencyCode: 'EUR' } } },
});

/** A pixel of a visitor; `sent` is what it posted. */
function pixel(analyticsProcessingAllowed) {
  const listeners = {};
  let consent;
  const sent = [];
  new Function('init', 'api', 'analytics', 'fetch', code)(
    { customerPrivacy: { analyticsProcessingAllowed } },
    { customerPrivacy: { subscribe: (name, f) => { assert.equal(name, 'visitorConsentCollected'); consent = f; } } },
    { subscribe: (name, f) => { listeners[name] = f; } },
    (address, options) => { sent.push({ address, options, items: JSON.parse(options.body) }); return Promise.resolve(); },
  );
  return {
    sent,
    happens: (name) => listeners[name](event(name)),
    answer: (on) => consent({ customerPrivacy: { analyticsProcessingAllowed: on } }),
    listeners: Object.keys(listeners),
  };
}

describe('the custom pixel', () => {
  test('before a yes it sends nothing, and nothing of that time later', () => {
    const v = pixel(false);
    v.happens('checkout_started');
    v.answer(true);
    assert.equal(v.sent.length, 0);
    v.happens('checkout_completed');
    assert.deepEqual(v.sent.map(({ items }) => items[0].event), ['Order Completed']);
  });

  test('with a yes it sends each of its events once, with its time and its own id, and without an address', () => {
    const v = pixel(true);
    for (const name of v.listeners) v.happens(name);
    assert.deepEqual(v.sent.map(({ items }) => items[0].event), ['Checkout Started', 'Payment Info Submitted', 'Order Completed']);
    for (const { address, options, items: [{ properties }] } of v.sent) {
      assert.equal(address, 'https://api-js.mixpanel.com/track/?ip=0');
      assert.equal(options.method, 'POST');
      assert.deepEqual([properties.token, properties.distinct_id, properties.time, properties.total], ['YOUR_PROJECT_TOKEN', '$device:abc-123', Date.UTC(2026, 10, 28, 9) / 1000, 42]);
    }
    assert.equal(new Set(v.sent.map(({ items }) => items[0].properties.$insert_id)).size, 3);
  });

  test('after a withdrawal it sends nothing', () => {
    const v = pixel(true);
    v.answer(false);
    v.happens('checkout_completed');
    assert.equal(v.sent.length, 0);
  });

  test('an answer that is none is no yes', () => {
    for (const odd of [undefined, null, 'yes', 1, {}]) {
      const v = pixel(odd);
      v.happens('checkout_completed');
      assert.equal(v.sent.length, 0, String(odd));
    }
  });
});
