// A FAKE of Usercentrics CMP v3. Facts: walkerOS and nuxt/scripts adapters, the vendor's own WordPress plugin (CybotAS/CookiebotWP).

import { fake, fire } from './engine.js';

const details = (cmp) => ({
  consent: { type: cmp.answered ? 'EXPLICIT' : 'IMPLICIT', status: { accept: 'ALL_ACCEPTED', reject: 'ALL_DENIED' }[cmp.kind] ?? 'SOME_ACCEPTED', required: cmp.mode === 'ask' },
  categories: {},
  services: cmp.map((given) => ({ consent: { given } })),
});

export default fake({
  id: 'usercentrics',
  product: 'Usercentrics v3',
  source: 'other programs’ adapters and the vendor’s WordPress plugin',
  traps: 'Its calls answer with promises only, and a facade `UC_UI` looks like version 2.',
  names: { analytics: 'Mixpanel', marketing: 'Google Ads' },
  modes: ['ask', 'implied-open'],
  keys: ['ucData', 'uc_user_interaction'],
  script(cmp) {
    window.__ucCmp = {
      isInitialized: async () => true,
      isConsentRequired: async () => cmp.mode === 'ask',
      getConsentDetails: async () => details(cmp),
      showSecondLayer: async () => cmp.show(),
    };
    window.UC_UI = { isInitialized: async () => true, getServicesBaseInfo: async () => [] };
  },
  keep: (cmp) => [
    ['local', 'ucData', JSON.stringify({
      gcm: {},
      consent: { services: { mp1: { name: 'Mixpanel', consent: cmp.on('analytics') }, ga1: { name: 'Google Ads', consent: cmp.on('marketing') } } },
      ui: { language: 'en' },
    })],
    ['local', 'uc_user_interaction', String(cmp.answered)],
  ],
  tell(why, cmp) {
    if (why === 'load') return fire(window, 'UC_UI_INITIALIZED');
    fire(window, 'UC_UI_CMP_EVENT', { source: 'FIRST_LAYER', type: { accept: 'ACCEPT_ALL', reject: 'DENY_ALL' }[cmp.kind] ?? 'SAVE' });
    return fire(window, 'UC_CONSENT', details(cmp));
  },
});
