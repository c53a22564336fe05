// A FAKE of CookieScript. Facts: help.cookie-script.com (custom functions).

import { fake, fire } from './engine.js';

const list = (cmp) => ['strict', ...Object.entries(cmp.map((on) => on)).filter(([, on]) => on).map(([name]) => name)];
const state = (cmp) => (cmp.answered ? (cmp.kind === 'reject' ? { action: 'reject', categories: [] } : { action: 'accept', categories: list(cmp) }) : {});

export default fake({
  id: 'cookiescript',
  product: 'CookieScript',
  source: 'help.cookie-script.com',
  traps: 'The categories in its cookie are JSON inside of a text of JSON.',
  names: { analytics: 'performance', marketing: 'targeting', functional: 'functionality' },
  keys: ['CookieScriptConsent'],
  script(cmp) {
    window.CookieScript = { instance: { currentState: () => state(cmp), show: () => cmp.show() } };
  },
  keep: (cmp) => (cmp.answered
    ? [['cookie', 'CookieScriptConsent', encodeURIComponent(JSON.stringify({ ...state(cmp), categories: JSON.stringify(state(cmp).categories), key: 'demo', consenttime: Date.parse(cmp.at) / 1000 | 0 }))]]
    : []),
  tell(why, cmp) {
    if (why === 'load') {
      fire(window, 'CookieScriptLoaded');
      return fire(window, 'CookieScriptCurrentState', state(cmp));
    }
    if (cmp.kind === 'reject') return fire(window, 'CookieScriptReject');
    return fire(window, cmp.kind === 'accept' ? 'CookieScriptAcceptAll' : 'CookieScriptAccept', state(cmp));
  },
});
