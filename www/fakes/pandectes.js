// A FAKE of Pandectes GDPR Compliance. Facts: the vendor's open source (pandectes/yett `src/gcm.js`, pandectes/shopify-consent-tracking-api), read.

import { base64, fake, fire } from './engine.js';

const BITS = { functional: 1, analytics: 2, marketing: 4 };
const blocked = (cmp) => Object.keys(BITS).reduce((bits, name) => bits + (cmp.on(name) ? 0 : BITS[name]), 0);
const status = (cmp) => ({ accept: 'allow', reject: 'deny' })[cmp.kind] ?? 'mixed';

export default fake({
  id: 'pandectes',
  product: 'Pandectes',
  source: 'the vendor’s open source',
  traps: 'The bits in its cookie are of what is blocked; `C0002` is a name of another product as well.',
  names: { analytics: 'C0002', marketing: 'C0004', functional: 'C0003' },
  keys: ['_pandectes_gdpr'],
  keep: (cmp) => (cmp.answered
    ? [['cookie', '_pandectes_gdpr', base64({ country: { code: 'DE' }, status: status(cmp), timestamp: Date.parse(cmp.at) / 1000 | 0, preferences: blocked(cmp), id: 'demo' })]]
    : []),
  tell(why, cmp) {
    if (why === 'load') return;
    fire(window, 'PandectesEvent_OnConsent', { preferences: blocked(cmp) });
    (window.dataLayer ??= []).push({ event: 'Pandectes_Consent_Update', pandectes_status: status(cmp), pandectes_categories: cmp.map((on) => (on ? 'allow' : 'deny')) });
  },
});
