// A FAKE of CookieFirst. Facts: the vendor's React wrapper (@cookiefirst/cookiefirst-react), docs.cookiefirst.com.

import { encoded, fake, fire } from './engine.js';

const consent = (cmp) => (cmp.answered ? { necessary: true, ...cmp.map((on) => on) } : null);

export default fake({
  id: 'cookiefirst',
  product: 'CookieFirst',
  source: 'the vendor’s React wrapper and docs.cookiefirst.com',
  traps: 'A changed answer reloads the page, in the task of its event.',
  names: { analytics: 'performance', marketing: 'advertising', functional: 'functional' },
  keys: ['cookiefirst-consent', 'cookiefirst-id'],
  reloads: true,
  script(cmp) {
    window.CookieFirst = { get consent() { return consent(cmp); }, openPanel: () => cmp.show() };
  },
  keep: (cmp) => (cmp.answered ? [['cookie', 'cookiefirst-consent', encoded(consent(cmp))], ['cookie', 'cookiefirst-id', 'demo']] : []),
  tell: (why, cmp) => (why === 'load' ? fire(window, 'cf_init') : fire(window, 'cf_consent', consent(cmp))),
});
