// A FAKE of Finsweet Cookie Consent. Facts: its makers’ published snippet and public sites’ cookies.

import { emitter, encoded, fake } from './engine.js';

const { on, emit } = emitter();

export default fake({
  id: 'finsweet',
  product: 'Finsweet Cookie Consent',
  source: 'its makers’ published snippet and public sites’ cookies',
  traps: 'Its cookie is percent-encoded twice.',
  names: { analytics: 'analytics', marketing: 'marketing', functional: 'personalization' },
  keys: ['fs-cc'],
  script(cmp) {
    window.FsCC = { store: { getConsents: () => cmp.map((given) => given) }, consentController: { on }, open: () => cmp.show() };
  },
  keep: (cmp) => (cmp.answered ? [['cookie', 'fs-cc', encodeURIComponent(encoded({ id: 'demo', consents: { essential: true, ...cmp.map((given) => given) } }))]] : []),
  tell: (why) => why === 'change' && emit('updateconsents'),
});
