// A FAKE of Piwik PRO. Facts: developers.piwik.pro and public sites’ cookies.

import { encoded, fake } from './engine.js';

export default fake({
  id: 'piwik-pro',
  product: 'Piwik PRO',
  source: 'developers.piwik.pro and public sites’ cookies',
  traps: 'An undecided consent is -1, and its API answers later.',
  names: { analytics: 'analytics', marketing: 'remarketing' },
  keys: ['ppms_privacy_demo'],
  script(cmp) {
    window.ppms = { cm: { api: (command) => command === 'openConsentForm' && cmp.show() } };
  },
  keep: (cmp) => [['cookie', 'ppms_privacy_demo', encoded({ visitorId: 'demo', domain: { normalized: location.hostname }, consents: cmp.map((on) => ({ status: cmp.answered ? +on : -1 })) })]],
});
