// A FAKE of TrustArc's Cookie Consent Manager. Facts: the vendor's Privacy Manager API text; cookies as public sites have them.

import { fake } from './engine.js';

const levels = (cmp) => [1, ...(cmp.on('analytics') ? [2] : []), ...(cmp.on('marketing') ? [3] : [])];
const open = (cmp) => cmp.answered || cmp.mode === 'implied-open';

export default fake({
  id: 'trustarc',
  product: 'TrustArc',
  source: 'the vendor’s Privacy Manager API text',
  traps: 'It answers levels and not names, counts from one in one cookie and from zero in others, and tells a frame by `postMessage`.',
  names: { analytics: 'functional (level 2)', marketing: 'advertising (level 3)' },
  modes: ['ask', 'implied-open'],
  keys: ['notice_behavior', 'notice_gdpr_prefs', 'notice_preferences', 'cmapi_cookie_privacy'],
  boot: 150,
  script(cmp) {
    const source = () => (cmp.answered ? 'asserted' : 'implied');
    window.truste = { eu: { bindMap: {}, clickListener: () => cmp.show() } };
    window.PrivacyManagerAPI = {
      callApi(command) {
        if (command === 'getConsentDecision') return { consentDecision: open(cmp) ? Math.max(...levels(cmp)) : 0, source: source() };
        if (command === 'getGDPRConsentDecision') return { consentDecision: open(cmp) ? levels(cmp) : [], source: source() };
        if (command === 'getConsent') return { consent: cmp.on('analytics') ? 'approved' : 'denied', source: source() };
        return { error: 'unknown command' };
      },
    };
  },
  keep(cmp) {
    const behaviour = ['cookie', 'notice_behavior', encodeURIComponent(cmp.mode === 'ask' ? 'expressed|eu' : 'implied,us')];
    if (!cmp.answered) return [behaviour];
    const zero = levels(cmp).map((level) => level - 1);
    return [
      behaviour,
      ['cookie', 'notice_gdpr_prefs', `${zero.join()}:`],
      ['cookie', 'notice_preferences', `${Math.max(...zero)}:`],
      ['cookie', 'cmapi_cookie_privacy', encodeURIComponent(`permit_${levels(cmp).join('|')}_${cmp.on('marketing') ? '' : cmp.on('analytics') ? 'functional' : 'required'}`)],
    ];
  },
  tell(why) {
    if (why === 'change') window.postMessage(JSON.stringify({ PrivacyManagerAPI: { capabilities: ['getConsentDecision'], timestamp: Date.now() } }), location.origin);
  },
});
