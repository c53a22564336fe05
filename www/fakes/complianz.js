// A FAKE of Complianz. Facts: its published script read and run (Really-Simple-Plugins/complianz-gdpr); complianz.io.

import { fake, fire } from './engine.js';

export default fake({
  id: 'complianz',
  product: 'Complianz',
  source: 'its published source, read',
  traps: 'The region is fetched, so it comes late; its fire event comes at load with defaults; under other laws everything is allowed at once.',
  names: { analytics: 'statistics', marketing: 'marketing', functional: 'preferences' },
  modes: ['ask', 'implied-open'],
  keys: ['cmplz_statistics', 'cmplz_marketing', 'cmplz_preferences', 'cmplz_banner-status'],
  boot: 200,
  script(cmp) {
    window.complianz = { consenttype: cmp.mode === 'ask' ? 'optin' : 'optout', region: cmp.mode === 'ask' ? 'eu' : 'us', prefix: 'cmplz_' };
    window.cmplz_has_consent = (category) => category === 'functional' || cmp.map((on) => on)[category] === true;
  },
  keep: (cmp) => (cmp.answered
    ? [...Object.entries(cmp.map((on) => (on ? 'allow' : 'deny'))).map(([name, word]) => ['cookie', `cmplz_${name}`, word]), ['cookie', 'cmplz_banner-status', 'dismissed']]
    : []),
  tell(why, cmp) {
    const on = Object.entries(cmp.map((yes) => yes));
    const categories = ['functional', ...on.filter(([, yes]) => yes).map(([name]) => name)];
    if (why === 'load') {
      fire(document, 'wp_consent_type_defined');
      return fire(document, 'cmplz_fire_categories', { category: categories.at(-1), categories, region: window.complianz.region });
    }
    for (const [category, yes] of on) fire(document, 'cmplz_status_change', { category, value: yes ? 'allow' : 'deny', region: window.complianz.region, categories });
    return cmp.kind === 'reject' ? fire(document, 'cmplz_revoke', { reload: false }) : undefined;
  },
});
