// A FAKE of Usercentrics CMP v2. Facts: payloads of @usercentrics/cmp-browser-sdk 4.64.0 (read, not used), walkerOS and nuxt/scripts adapters.

import { fake, fire } from './engine.js';

const history = (cmp, status) => [
  { action: cmp.mode === 'ask' ? 'onInitialPageLoad' : 'onNonEURegion', type: 'implicit', status: cmp.mode === 'implied-open' },
  ...(cmp.answered ? [{ action: { accept: 'onAcceptAllServices', reject: 'onDenyAllServices' }[cmp.kind] ?? 'onUpdateServices', type: 'explicit', status }] : []),
];
const service = (cmp, id, name, categorySlug, status) => ({ id, name, categorySlug, isEssential: false, consent: { status, history: history(cmp, status) } });

export default fake({
  id: 'usercentrics-v2',
  product: 'Usercentrics v2',
  source: 'the payloads that its published SDK builds and other programs’ adapters',
  traps: 'A status exists before any choice: only the history tells who made it. The data event has a name that the site chooses.',
  names: { analytics: 'Mixpanel', marketing: 'Google Ads' },
  modes: ['ask', 'implied-open'],
  keys: ['uc_settings', 'uc_user_interaction'],
  boot: 120,
  script(cmp) {
    window.UC_UI = {
      isInitialized: () => true,
      isConsentRequired: () => cmp.mode === 'ask',
      getServicesBaseInfo: () => [
        service(cmp, 'mp1', 'Mixpanel', 'customCategory-analytics', cmp.on('analytics')),
        service(cmp, 'ga1', 'Google Ads', 'marketing', cmp.on('marketing')),
      ],
      showSecondLayer: () => cmp.show(),
    };
  },
  keep: (cmp) => [
    ['local', 'uc_settings', JSON.stringify({
      id: 'demo', version: '1.0.0',
      services: [['mp1', 'analytics'], ['ga1', 'marketing']].map(([id, category]) => ({ id, status: cmp.on(category), history: history(cmp, cmp.on(category)) })),
    })],
    ['local', 'uc_user_interaction', String(cmp.answered)],
  ],
  tell(why, cmp) {
    if (why === 'load') fire(window, 'UC_UI_INITIALIZED');
    else fire(window, 'UC_UI_CMP_EVENT', { source: 'FIRST_LAYER', type: { accept: 'ACCEPT_ALL', reject: 'DENY_ALL' }[cmp.kind] ?? 'SAVE' });
    fire(window, 'ucEvent', { event: 'consent_status', action: why, type: cmp.answered ? 'explicit' : 'implicit', ...cmp.map((on) => on) });
  },
});
