// A FAKE of CookieHub. Facts: ten public cookies (`implict` is spelt so), support.cookiehub.com article 284, cookiehub.com (JavaScript API).

import { base64, fake, fire } from './engine.js';

export default fake({
  id: 'cookiehub',
  product: 'CookieHub',
  source: 'support.cookiehub.com, article 284',
  traps: 'An empty list of categories in its cookie means that all are allowed; sites listen on the document, some on the window.',
  names: { analytics: 'analytics', marketing: 'marketing', functional: 'preferences' },
  modes: ['ask', 'implied-open'],
  keys: ['cookiehub'],
  boot: 100,
  script(cmp) {
    window.cookiehub = { load() {}, hasAnswered: () => cmp.answered, hasConsented: (name) => cmp.map((on) => on)[name] === true, openSettings: () => cmp.show() };
  },
  keep(cmp) {
    if (!cmp.answered) return [];
    const numbers = { analytics: 3, marketing: 4, functional: 2 };
    return [['cookie', 'cookiehub', base64({
      answered: true, revision: 1, dnt: false, allowSale: cmp.on('marketing'), region: 'E0', token: 'demo', timestamp: cmp.at,
      allAllowed: cmp.kind === 'accept', categories: cmp.kind === 'accept' ? [] : Object.keys(numbers).filter(cmp.on).map((name) => numbers[name]), vendors: [], services: [], implict: false,
    })]];
  },
  tell: (why) => fire(document, why === 'load' ? 'cookiehub_onInitialise' : 'cookiehub_onStatusChange', {}),
});
