// A custom pixel for Shopify's checkout: sends a few of its events to Mixpanel, after a yes alone.
// Paste it under Settings, Customer events, Add custom pixel, with the permissions "Required" and
// "Analytics". It runs in Shopify's sandbox, which no script of the theme reaches, so it has no part
// of the bridge in it: it asks Shopify's own Customer Privacy API, and writes nothing to the device.
//
// Facts: https://shopify.dev/docs/api/web-pixels-api/standard-api/customerprivacy and
// https://developer.mixpanel.com/reference/track-event, read November 2026. Not run inside of Shopify.

const TOKEN = 'YOUR_PROJECT_TOKEN';
const API_HOST = 'https://api-js.mixpanel.com'; // https://api-eu.mixpanel.com in the EU

// Which events are sent, and as what.
const EVENTS = {
  checkout_started: 'Checkout Started',
  payment_info_submitted: 'Payment Info Submitted',
  checkout_completed: 'Order Completed',
};

let allowed = init.customerPrivacy.analyticsProcessingAllowed === true;
api.customerPrivacy.subscribe('visitorConsentCollected', ({ customerPrivacy }) => {
  allowed = customerPrivacy.analyticsProcessingAllowed === true;
});

for (const [name, event] of Object.entries(EVENTS)) {
  analytics.subscribe(name, (given) => {
    if (!allowed) return;
    const checkout = given.data.checkout;
    const properties = {
      token: TOKEN,
      distinct_id: `$device:${given.clientId}`,
      $device_id: given.clientId,
      $insert_id: given.id,
      time: Date.parse(given.timestamp) / 1000,
      currency: checkout.currencyCode,
      total: checkout.totalPrice && checkout.totalPrice.amount,
    };
    fetch(`${API_HOST}/track/?ip=0`, {
      method: 'POST',
      keepalive: true,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ event, properties }]),
    }).catch(() => {});
  });
}
