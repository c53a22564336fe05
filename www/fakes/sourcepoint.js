// A FAKE of Sourcepoint's unified CMP. Facts: docs.sourcepoint.com, article 4405397484307; IAB TCF "CMP API v2".

import { fake } from './engine.js';
import { tcf } from './tcf.js';

const VENDOR = '5f1b2fbeb8e05c30686fd72c';
let now;
const api = tcf(6, {
  getCustomVendorConsents: () => ({
    grants: { [VENDOR]: { vendorGrant: now.on('analytics'), purposeGrants: {} } }, consentedPurposes: [], consentedVendors: [], newUser: !now.answered,
  }),
});

export default fake({
  id: 'sourcepoint',
  product: 'Sourcepoint',
  source: 'docs.sourcepoint.com and the IAB’s TCF',
  traps: 'The site’s configuration is there before the script; `onConsentReady` may come once a page only, the TCF listener each time.',
  names: { analytics: 'purposes 1, 7–10', marketing: 'purposes 1–4' },
  modes: ['ask', 'implied-open'],
  stub() {
    window._sp_queue ??= [];
    window._sp_ = { config: { accountId: 1, baseEndpoint: 'https://cdn.privacy-mgmt.com', propertyHref: location.origin, gdpr: {}, events: {} } };
    api.stub();
  },
  script(cmp) {
    now = cmp;
    window._sp_.addEventListener = () => {};
    window._sp_.gdpr = { loadPrivacyManagerModal: () => cmp.show() };
    api.script();
    window._sp_queue.splice(0).forEach((run) => run());
  },
  tell(why, cmp) {
    api.tell(why, cmp);
    if (cmp.answered) window._sp_.config.events.onConsentReady?.('gdpr', 'demo', '', {});
  },
});
