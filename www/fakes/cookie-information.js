// A FAKE of Cookie Information. Facts: public sites’ cookies and a third party’s reading of the script.

import { encoded, fake, fire } from './engine.js';

export default fake({
  id: 'cookie-information',
  product: 'Cookie Information',
  source: 'public sites’ cookies and a third party’s reading of the script',
  traps: 'Its event comes on each load with a stored answer.',
  names: { analytics: 'cookie_cat_statistic', marketing: 'cookie_cat_marketing', functional: 'cookie_cat_functional' },
  keys: ['CookieInformationConsent'],
  script(cmp) {
    window.CookieInformation = { getConsentGivenFor: (name) => cmp.map((on) => on)[name] === true, renew: () => cmp.show() };
  },
  keep(cmp) {
    if (!cmp.answered) return [];
    const all = Object.entries(cmp.map((on) => on));
    const named = (wanted) => all.filter(([, on]) => on === wanted).map(([name]) => name);
    return [['cookie', 'CookieInformationConsent', encoded({ website_uuid: 'demo', timestamp: cmp.at, consents_approved: ['cookie_cat_necessary', ...named(true)], consents_denied: named(false) })]];
  },
  tell: (why, cmp) => cmp.answered && fire(window, 'CookieInformationConsentGiven', { consents: cmp.map((on) => on) }),
});
