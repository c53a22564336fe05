// A FAKE of TermsFeed’s Free Cookie Consent. Facts: the product’s own scripts, 3 and 4.

import { encoded, fake, fire } from './engine.js';

const EVENTS = { accept: 'cc_noticeBannerOkOrAgreePressed', reject: 'cc_noticeBannerRejectPressed', some: 'cc_preferencesCenterSavePressed' };

export default fake({
  id: 'termsfeed',
  product: 'Free Cookie Consent (TermsFeed)',
  source: 'the product’s own scripts, 3 and 4',
  traps: 'Its global has the name of another product’s; a no is `user_accepted` too.',
  names: { analytics: 'tracking', marketing: 'targeting', functional: 'functionality' },
  keys: ['cookie_consent_level', 'cookie_consent_user_accepted'],
  script(cmp) {
    window.cookieconsent = { run() {}, openPreferencesCenter: () => cmp.show() };
  },
  keep(cmp) {
    if (!cmp.answered) return [];
    return [
      ['cookie', 'cookie_consent_level', encoded({ 'strictly-necessary': true, ...cmp.map((on) => on) })],
      ['cookie', 'cookie_consent_user_accepted', 'true'],
    ];
  },
  tell: (why, cmp) => why === 'change' && fire(document, EVENTS[cmp.kind]),
});
