// A FAKE of Cookie Notice. Facts: the plugin’s source as public sites have it.

import { fake } from './engine.js';

export default fake({
  id: 'cookie-notice',
  product: 'Cookie Notice',
  source: 'the plugin’s source as public sites have it',
  traps: 'It tells jQuery alone.',
  names: { analytics: 'all' },
  keys: ['cookie_notice_accepted'],
  script(cmp) {
    window.cnArgs = { cookieName: 'cookie_notice_accepted', onScroll: '0', onClick: '0', open: () => cmp.show() };
  },
  keep: (cmp) => (cmp.answered ? [['cookie', 'cookie_notice_accepted', String(cmp.on('analytics'))]] : []),
});
