// A FAKE of Termly. Facts: support.termly.io, article 9674733; its embed script, read.

import { emitter, fake } from './engine.js';

const { on, off, emit } = emitter();

export default fake({
  id: 'termly',
  product: 'Termly',
  source: 'support.termly.io, article 9674733',
  traps: 'Nothing of it is in cookies; a state is there before any choice, and only what is stored tells whose it is.',
  names: { analytics: 'analytics', marketing: 'advertising', functional: 'performance' },
  modes: ['ask', 'implied-open'],
  keys: ['TERMLY_API_CACHE'],
  boot: 100,
  script(cmp) {
    const state = () => ({ essential: true, social_networking: false, unclassified: false, ...cmp.map((yes) => yes) });
    const add = (name, f) => {
      on(name, f);
      if (name === 'initialized') f();
      if (name === 'consent' && cmp.answered) f({ consentState: state() });
    };
    window.Termly = { getConsentState: state, on: add, off, displayPreferenceModal: () => cmp.show() };
    window.onTermlyLoaded?.();
  },
  keep: (cmp) => (cmp.answered
    ? [['local', 'TERMLY_API_CACHE', JSON.stringify({ TERMLY_COOKIE_CONSENT: { createdAt: cmp.at, value: { essential: true, ...cmp.map((yes) => yes), do_not_sell: false } } })]]
    : []),
  tell(why, cmp) {
    if (why === 'load') emit('initialized');
    else emit('consent', { consentState: cmp.map((yes) => yes) });
  },
});
