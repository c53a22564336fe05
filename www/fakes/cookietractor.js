// A FAKE of CookieTractor. Facts: public sites’ code and cookies.

import { encoded, fake, fire } from './engine.js';

export default fake({
  id: 'cookietractor',
  product: 'CookieTractor',
  source: 'public sites’ code and cookies',
  traps: 'A consent named `undefined` stands among the others.',
  names: { analytics: 'statistical', marketing: 'marketing', functional: 'functional' },
  keys: ['_cc_cookieConsent'],
  script(cmp) {
    window.cookieTractor = { consentGivenFor: (name) => cmp.map((on) => on)[name] === true, openConsentSettings: () => cmp.show() };
  },
  keep(cmp) {
    if (!cmp.answered) return [];
    const names = Object.entries(cmp.map((on) => on));
    return [['cookie', '_cc_cookieConsent', encoded({ consents: ['necessary', 'undefined', ...names.filter(([, on]) => on).map(([name]) => name)], availableConsents: ['necessary', ...names.map(([name]) => name)] })]];
  },
  tell: (why) => why === 'change' && fire(window, 'CookieConsent'),
});
