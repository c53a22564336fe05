// A FAKE of CookieYes. Facts: cookieyes.com/documentation (getCkyConsent, the events); its WordPress plugin's published source, read.

import { fake, fire } from './engine.js';

const kept = (cmp) => Object.entries({ consentid: 'demo', consent: cmp.answered ? (cmp.kind === 'reject' ? 'no' : 'yes') : '', action: cmp.answered ? 'yes' : '', necessary: 'yes', ...cmp.map((on) => (on ? 'yes' : 'no')) })
  .map((pair) => pair.join(':')).join();

export default fake({
  id: 'cookieyes',
  product: 'CookieYes',
  source: 'cookieyes.com/documentation',
  traps: 'Its update event also comes at a first load, with defaults, and never for a visitor who returns.',
  names: { analytics: 'analytics', marketing: 'advertisement', functional: 'functional' },
  modes: ['ask', 'implied-open'],
  keys: ['cookieyes-consent'],
  script(cmp) {
    window.getCkyConsent = () => ({
      activeLaw: cmp.mode === 'ask' ? 'gdpr' : 'ccpa', categories: { necessary: true, ...cmp.map((on) => on) },
      isUserActionCompleted: cmp.answered, consentID: 'demo', languageCode: 'en',
    });
    window.revisitCkyConsent = () => cmp.show();
  },
  keep: (cmp) => [['cookie', 'cookieyes-consent', kept(cmp)]],
  tell(why, cmp) {
    if (why === 'load') fire(document, 'cookieyes_banner_load', window.getCkyConsent());
    if (why === 'load' && cmp.answered) return;
    const named = Object.entries({ necessary: true, ...cmp.map((on) => on) });
    fire(document, 'cookieyes_consent_update', { accepted: named.filter(([, on]) => on).map(([slug]) => slug), rejected: named.filter(([, on]) => !on).map(([slug]) => slug) });
  },
});
