// A FAKE of the WP Consent API, with a small manager that feeds it. Facts: WordPress/wp-consent-level-api, `assets/js/wp-consent-api.js`, read.

import { fake, fire } from './engine.js';

export default fake({
  id: 'wp-consent-api',
  product: 'WP Consent API',
  source: 'its published source, read',
  traps: 'Without a consent type it says yes to everything; its event comes after a change only.',
  names: { analytics: 'statistics', marketing: 'marketing', functional: 'preferences' },
  modes: ['ask', 'implied-open'],
  keys: ['wp_consent_statistics', 'wp_consent_marketing', 'wp_consent_preferences'],
  boot: 100,
  stub() {
    window.wp_has_consent = () => true;
  },
  script(cmp) {
    window.wp_has_consent = (category) => category === 'functional' || cmp.map((on) => on)[category] === true;
    window.wp_consent_type = cmp.mode === 'ask' ? 'optin' : 'optout';
    fire(document, 'wp_consent_type_defined');
  },
  keep: (cmp) => (cmp.answered ? Object.entries(cmp.map((on) => (on ? 'allow' : 'deny'))).map(([name, word]) => ['cookie', `wp_consent_${name}`, word]) : []),
  tell(why, cmp) {
    if (why === 'load') return;
    for (const [name, word] of Object.entries(cmp.map((on) => (on ? 'allow' : 'deny')))) fire(document, 'wp_listen_for_consent_change', Object.assign([], { [name]: word }));
  },
});
