// A FAKE of iubenda's Cookie Solution. Facts: iubenda.com/en/help/1205.

import { encoded, fake } from './engine.js';

const said = (cmp) => ({ timestamp: cmp.at, version: '1.75.0', purposes: { 1: true, ...cmp.map((on) => on) }, id: 1234567, cons: { rand: 'demo' } });

export default fake({
  id: 'iubenda',
  product: 'iubenda',
  source: 'iubenda.com/en/help/1205',
  traps: 'It tells only the callbacks of the site’s own configuration, and `_iub` is the site’s before it is the product’s.',
  names: { analytics: '4', marketing: '5', functional: '2' },
  keys: ['_iub_cs-s1234567'],
  boot: 120,
  stub() {
    window._iub ??= [];
    window._iub.csConfiguration ??= { siteId: 1234567, cookiePolicyId: 7654321, lang: 'en', perPurposeConsent: true, callback: {} };
  },
  script(cmp) {
    window._iub.cs = {
      get consent() { return cmp.answered ? said(cmp) : {}; },
      api: { isConsentGiven: () => cmp.on('analytics'), getPreferences: () => (cmp.answered ? said(cmp) : {}), openPreferences: () => cmp.show() },
    };
  },
  keep: (cmp) => (cmp.answered ? [['cookie', '_iub_cs-s1234567', encoded(said(cmp))]] : []),
  tell(why, cmp) {
    const { callback } = window._iub.csConfiguration;
    if (why === 'load') callback.onReady?.(cmp.on('analytics'));
    if (cmp.answered) callback.onPreferenceExpressed?.(said(cmp));
  },
});
