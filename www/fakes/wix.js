// A FAKE of Wix cookie banner. Facts: dev.wix.com and public sites’ cookies.

import { encoded, fake, fire } from './engine.js';

export default fake({
  id: 'wix',
  product: 'Wix cookie banner',
  source: 'dev.wix.com and public sites’ cookies',
  traps: 'The default policy allows where the visitor has to be asked, too; the stored policy does not say whether it is the default.',
  names: { analytics: 'analytics', marketing: 'advertising', functional: 'functional' },
  modes: ['ask', 'implied-open'],
  keys: ['consent-policy'],
  script(cmp) {
    window.wixTagManager = { getConfig: () => ({ gdprEnforcedGeo: cmp.mode === 'ask' }) };
    window.consentPolicyManager = {
      initRan: true,
      getCurrentConsentPolicy: () => ({ defaultPolicy: !cmp.answered, policy: { essential: true, dataToThirdParty: true, ...cmp.map((on) => on || !cmp.answered) } }),
    };
  },
  keep: (cmp) => (cmp.answered ? [['cookie', 'consent-policy', encoded({ ess: 1, func: +cmp.on('functional'), anl: +cmp.on('analytics'), adv: +cmp.on('marketing'), dt3: 1, ts: 29493585 })]] : []),
  tell: (why) => fire(document, why === 'load' ? 'consentPolicyInitialized' : 'consentPolicyChanged'),
});
