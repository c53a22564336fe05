// A FAKE of Securiti's Cookie Consent. Facts: ten public cookies (states are numbers), third-party reading of the script.

import { emitter, encoded, fake } from './engine.js';

const { on, emit } = emitter();
const word = (yes) => (yes ? 'granted' : 'denied');
const gcm = (cmp) => ({ analytics_storage: word(cmp.on('analytics')), ad_storage: word(cmp.on('marketing')) });

export default fake({
  id: 'securiti',
  product: 'Securiti',
  source: 'third-party reading of its cookies',
  traps: 'A cookie says that nobody has answered; categories are numbers of the tenant.',
  names: { analytics: '3', marketing: '4' },
  keys: ['__privaci_cookie_consents', '__privaci_cookie_no_action', '__privaci_cookie_consent_uuid'],
  boot: 120,
  script(cmp) {
    window.SecuritiSDK = { registerEvent: on, showPreferences: () => cmp.show() };
  },
  keep: (cmp) => (cmp.answered
    ? [['cookie', '__privaci_cookie_consents', encoded({ consents: cmp.map((yes) => +yes), status: 'record-consent-success', implicit_consent: false, gcm: gcm(cmp), ts: Date.parse(cmp.at) })], ['cookie', '__privaci_cookie_no_action', null]]
    : [['cookie', '__privaci_cookie_no_action', 'true']]),
  tell(why, cmp) {
    if (why === 'load') emit('onReady', window.SecuritiSDK, {});
    else emit('onConsentGiven', window.SecuritiSDK, { category: {}, gcm: gcm(cmp) });
  },
});
