// A FAKE of nuxt-cookie-control. Facts: public sites’ code and cookies.

import { fake } from './engine.js';

export default fake({
  id: 'nuxt-cookie-control',
  product: 'nuxt-cookie-control',
  source: 'public sites’ code and cookies',
  traps: 'What is not in its list was refused.',
  names: { analytics: 'analytics', marketing: 'marketing' },
  keys: ['ncc_c', 'ncc_e'],
  keep: (cmp) => (cmp.answered ? [['cookie', 'ncc_c', 'true'], ['cookie', 'ncc_e', Object.entries(cmp.map((on) => on)).filter(([, on]) => on).map(([id]) => id).join('%7C')]] : []),
});
