// A FAKE of Borlabs Cookie 3. Facts: borlabs.io/kb; aGTM (cc_borlabs3) and autoconsent adapters.

import { encoded, fake, fire } from './engine.js';

const consents = (cmp) => Object.fromEntries([
  ['essential', ['borlabs-cookie']],
  ...(cmp.on('analytics') ? [['statistics', ['mixpanel', 'matomo']]] : []),
  ...(cmp.on('marketing') ? [['marketing', ['pixel']]] : []),
]);

export default fake({
  id: 'borlabs',
  product: 'Borlabs Cookie',
  source: 'borlabs.io/kb and other programs’ adapters',
  traps: 'Its module comes late; what is refused is simply not in its cookie; events are on the document or the window, by version.',
  names: { analytics: 'statistics', marketing: 'marketing' },
  keys: ['borlabs-cookie'],
  boot: 250,
  stub() {
    window.borlabsCookieConfig ??= {};
  },
  script(cmp) {
    const all = () => (cmp.answered ? consents(cmp) : {});
    window.BorlabsCookie = {
      Consents: { hasConsent: (service) => Object.values(all()).flat().includes(service), hasConsentForServiceGroup: (group) => group in all() },
      Dialog: { show: () => cmp.show() },
    };
  },
  keep: (cmp) => (cmp.answered ? [['cookie', 'borlabs-cookie', encoded({ consents: consents(cmp), domainPath: '/', expires: 'Tue, 23 Nov 2027 09:00:00 GMT', uid: 'anonymous', version: '1' })]] : []),
  tell: (why) => fire(document, why === 'load' ? 'borlabs-cookie-after-init' : 'borlabs-cookie-consent-saved'),
});
