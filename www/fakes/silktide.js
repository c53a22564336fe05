// A FAKE of Silktide Consent Manager 2. Facts: silktide/consent-manager (open source) and a published copy of version 2, read.

import { fake } from './engine.js';

export default fake({
  id: 'silktide',
  product: 'Silktide',
  source: 'its published source, read',
  traps: 'It tells only the callbacks of the site’s own configuration, and stores a key for each answer.',
  names: { analytics: 'analytics', marketing: 'marketing' },
  keys: ['stcm.consent.analytics', 'stcm.consent.marketing', 'stcm.hasConsented'],
  script(cmp) {
    window.silktideConsentManager = {
      init() {},
      getInstance: () => ({ getConsentChoice: (id) => (cmp.answered ? cmp.map((on) => on)[id] ?? null : null), toggleModal: () => cmp.show() }),
    };
  },
  keep: (cmp) => (cmp.answered
    ? [...Object.entries(cmp.map((on) => String(on))).map(([id, on]) => ['local', `stcm.consent.${id}`, on]), ['local', 'stcm.hasConsented', '1']]
    : []),
  tell: () => (window.dataLayer ??= []).push({ event: 'stcm_consent_update' }),
});
