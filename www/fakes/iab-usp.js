// A FAKE of a US Privacy notice. Facts: InteractiveAdvertisingBureau/USPrivacy, "USP API". It can only limit, so the site's default is open,
// said in Google consent mode: a refusal here is an opt-out of sale.

import { fake } from './engine.js';

const string = (cmp) => `1Y${cmp.answered && !cmp.on('analytics') ? 'Y' : 'N'}N`;

export default fake({
  id: 'iab-usp',
  cmp: ['google-consent-mode', 'iab-usp'],
  product: 'IAB US Privacy notice',
  source: 'the IAB’s USP API',
  traps: 'It has no event and no purpose for analytics: it opens nothing, and closes what a default opened.',
  names: { analytics: 'sale of data' },
  keys: ['usprivacy'],
  stub() {
    (window.dataLayer ??= []).push(['consent', 'default', { analytics_storage: 'granted' }]);
  },
  script(cmp) {
    window.__uspapi = (command, version, callback) => callback({ version: 1, uspString: string(cmp) }, true);
  },
  keep: (cmp) => [['cookie', 'usprivacy', string(cmp)]],
});
