// A FAKE of Secure Privacy. Facts: the aGTM adapter (`sp.checkConsent`, `sp.allGivenConsents`), open source.

import { fake, fire } from './engine.js';

export default fake({
  id: 'secure-privacy',
  product: 'Secure Privacy',
  source: 'the open-source aGTM adapter',
  traps: 'Its global is two letters that others use too; a service that nobody was asked about is simply not allowed.',
  names: { analytics: 'Mixpanel', marketing: 'Facebook' },
  keys: ['sp_consent'],
  boot: 120,
  script(cmp) {
    window.sp = {
      get allGivenConsents() { return cmp.answered ? [{ ComplianceTypeID: 1, ConsentGiven: cmp.kind !== 'reject', PluginPreferences: [] }] : []; },
      checkConsent: (service) => cmp.map((on) => on)[service] === true,
      showPreferences: () => cmp.show(),
    };
  },
  keep: (cmp) => (cmp.answered ? [['cookie', 'sp_consent', '1']] : []),
  tell(why, cmp) {
    if (why === 'load') return;
    fire(window, 'sp_cookie_banner_save');
    for (const [service, on] of Object.entries(cmp.map((yes) => yes))) if (on) fire(window, `sp_unblock_${service}`);
  },
});
