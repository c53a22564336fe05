// A FAKE of Civic's Cookie Control. Facts: civicuk.com/cookie-control/documentation; the cookie as others read it.

import { fake } from './engine.js';

export default fake({
  id: 'civic',
  product: 'Cookie Control (Civic)',
  source: 'civicuk.com/cookie-control/documentation',
  traps: 'It has no events; its cookie is there before an answer, with `interactedWith: false`.',
  names: { analytics: 'analytics', marketing: 'marketing' },
  modes: ['ask', 'implied-open'],
  keys: ['CookieControl'],
  script(cmp) {
    const order = ['analytics', 'marketing'];
    window.CookieControl = { load() {}, open: () => cmp.show(), getCategoryConsent: (index) => cmp.on(order[index]) };
  },
  keep: (cmp) => [['cookie', 'CookieControl', JSON.stringify({
    necessaryCookies: [], optionalCookies: cmp.answered || cmp.mode === 'implied-open' ? cmp.map((on) => (on ? 'accepted' : 'revoked')) : {}, statement: {},
    consentDate: Date.parse(cmp.at ?? '2026-11-23'), consentExpiry: 90, interactedWith: cmp.answered, user: 'DEMO',
  })]],
});
