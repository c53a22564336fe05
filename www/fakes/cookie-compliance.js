// A FAKE of Cookie Compliance (Hu-manity). Facts: public sites’ code and cookies.

import { encoded, fake, fire } from './engine.js';

export default fake({
  id: 'cookie-compliance',
  product: 'Cookie Compliance (Hu-manity)',
  source: 'public sites’ code and cookies',
  traps: 'A refusal is `consent: true` as well, with the basic category alone, and defaults are preselected.',
  names: { analytics: '3', marketing: '4', functional: '2' },
  keys: ['hu-consent'],
  script(cmp) {
    window.hu = { getVar: () => ({ consent: cmp.answered }), open: () => cmp.show() };
  },
  keep: (cmp) => [['cookie', 'hu-consent', encoded({ consent: cmp.answered, consentLevel: 1, consentID: 'demo', categories: { 1: true, ...(cmp.answered ? cmp.map((on) => on) : { 2: true, 3: true, 4: true }) }, expiry: 365, blocking: true })]],
  tell: (why) => fire(document, why === 'load' ? 'read-consent.hu' : 'set-consent.hu'),
});
