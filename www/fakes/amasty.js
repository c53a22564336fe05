// A FAKE of Amasty GDPR. Facts: the module’s source as public shops have it.

import { fake } from './engine.js';

export default fake({
  id: 'amasty',
  product: 'Amasty GDPR',
  source: 'the module’s source as public shops have it',
  traps: '0 is a yes to everything and -1 a no.',
  names: { analytics: '1', marketing: '2' },
  category: '1',
  keys: ['amcookie_allowed'],
  stub() {
    window.isGdprCookieEnabled = true;
  },
  keep(cmp) {
    if (!cmp.answered) return [];
    const ids = Object.entries(cmp.map((on) => on)).filter(([, on]) => on).map(([id]) => id);
    return [['cookie', 'amcookie_allowed', { accept: '0', reject: '-1' }[cmp.kind] ?? ids.join('%2C')]];
  },
});
