// A FAKE of Usercentrics CMP v3. Facts: the vendor's documentation of UC_CONSENT, a live shop measured by others, the vendor's own WordPress plugin (CybotAS/CookiebotWP).

import { fake, fire } from './engine.js';

const details = (cmp) => ({
  consent: { type: cmp.answered ? 'EXPLICIT' : 'IMPLICIT', status: { accept: 'ALL_ACCEPTED', reject: 'ALL_DENIED' }[cmp.kind] ?? 'SOME_ACCEPTED', required: cmp.mode === 'ask' },
  categories: {},
  services: Object.fromEntries(['analytics', 'marketing'].map((category) => [category === 'analytics' ? 'mp1' : 'ga1', { name: category === 'analytics' ? 'Mixpanel' : 'Google Ads', consent: { given: cmp.on(category) } }])),
});

export default fake({
  id: 'usercentrics',
  product: 'Usercentrics v3',
  source: 'other programs’ adapters and the vendor’s WordPress plugin',
  traps: 'Its calls answer with promises only, a facade `UC_UI` looks like version 2, and what it stores does not say who acted.',
  names: { analytics: 'Mixpanel', marketing: 'Google Ads' },
  modes: ['ask', 'implied-open'],
  keys: ['ucData'],
  script(cmp) {
    window.__ucCmp = {
      isInitialized: async () => true,
      isConsentRequired: async () => cmp.mode === 'ask',
      getConsentDetails: async () => details(cmp),
      showSecondLayer: async () => cmp.show(),
      cmpController: { get consent() { return details(cmp).consent; } },
    };
    window.UC_UI = { isInitialized: async () => true, getServicesBaseInfo: async () => [] };
  },
  keep: (cmp) => [
    ['local', 'ucData', JSON.stringify({
      gcm: {},
      consent: { services: { mp1: { name: 'Mixpanel', consent: cmp.on('analytics') }, ga1: { name: 'Google Ads', consent: cmp.on('marketing') } } },
      ui: { language: 'en' },
    })],
  ],
  tell(why, cmp) {
    if (why === 'load') {
      fire(window, 'UC_UI_INITIALIZED');
      return fire(window, 'UC_CONSENT', details(cmp));
    }
    fire(window, 'UC_UI_CMP_EVENT', { source: 'FIRST_LAYER', type: { accept: 'ACCEPT_ALL', reject: 'DENY_ALL' }[cmp.kind] ?? 'SAVE' });
    return fire(window, 'UC_CONSENT', details(cmp));
  },
});
