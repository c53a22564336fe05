// A FAKE of Consentmo. Facts: themes of public shops.

import { fake, fire } from './engine.js';

export default fake({
  id: 'consentmo',
  product: 'Consentmo',
  source: 'themes of public shops',
  traps: 'Its status has the name of another product’s cookie, and the other cookie lists what is off.',
  names: { analytics: 'analytics', marketing: 'marketing', functional: 'functionality' },
  keys: ['cookieconsent_status', 'cookieconsent_preferences_disabled'],
  script(cmp) {
    window.Consentmo = { getStatus: () => (cmp.kind === 'reject' ? 'decline' : 'allow'), open: () => cmp.show() };
  },
  keep(cmp) {
    if (!cmp.answered) return [];
    const off = Object.entries(cmp.map((on) => on)).filter(([, on]) => !on).map(([name]) => name);
    return [['cookie', 'cookieconsent_status', { accept: 'accept_all', reject: 'deny' }[cmp.kind] ?? 'accept_selected'], ['cookie', 'cookieconsent_preferences_disabled', off.join('%2C')]];
  },
  tell: (why) => fire(document, why === 'load' ? 'consentmoSignal_onLoad' : 'consentmoSignal'),
});
