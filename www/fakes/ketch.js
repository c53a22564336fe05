// A FAKE of Ketch's Smart Tag. Facts: the published types (@ketch-sdk/ketch-types), developers.ketch.com.

import { base64, emitter, fake } from './engine.js';

const { on, off, emit } = emitter();

export default fake({
  id: 'ketch',
  product: 'Ketch',
  source: 'its published types and developers.ketch.com',
  traps: '`ketch` is a stub over a queue first, and a purpose may be true that nobody was asked about.',
  names: { analytics: 'analytics', marketing: 'targeted_advertising' },
  modes: ['ask', 'implied-open'],
  keys: ['_ketch_consent_v1_'],
  boot: 120,
  stub() {
    window.semaphore ??= [];
    window.ketch ??= (...args) => void window.semaphore.push(args);
  },
  script(cmp) {
    const consent = () => ({ purposes: cmp.map((yes) => yes), vendors: [], protocols: {}, isGpcEnabled: false });
    window.ketch = (command, ...args) => {
      if (command === 'getConsent') args[0](consent());
      if (command === 'on') {
        on(args[0], args[1]);
        if (args[0] === 'consent') args[1](consent());
      }
      if (command === 'off') off(args[0], args[1]);
      if (command === 'showPreferences') cmp.show();
    };
    window.semaphore.loaded = true;
    window.semaphore.splice(0).forEach((args) => window.ketch(...args));
  },
  keep(cmp) {
    if (!cmp.answered) return [];
    const kept = base64(cmp.map((yes, category) => ({ status: yes ? 'granted' : 'denied', canonicalPurposes: [category] })));
    return [['cookie', '_ketch_consent_v1_', kept], ['local', '_ketch_consent_v1_', kept]];
  },
  tell(why, cmp) {
    if (why === 'change') emit('consent', { purposes: cmp.map((yes) => yes) });
  },
});
