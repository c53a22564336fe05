// A FAKE of Osano's hosted CMP. Facts: osano/gtm-template (open source), developers.osano.com.

import { emitter, fake } from './engine.js';

const { on, off, emit } = emitter();
const consent = (cmp) => ({ ESSENTIAL: 'ACCEPT', STORAGE: 'DENY', ...cmp.map((yes) => (yes ? 'ACCEPT' : 'DENY')), OPT_OUT: cmp.mode === 'implied-closed' ? 'ACCEPT' : 'DENY' });

export default fake({
  id: 'osano',
  product: 'Osano',
  source: 'the vendor’s tag template and developers.osano.com',
  traps: 'What it stores is encrypted; `osano-cm-consent-changed` is a toggle that moved, not an answer; a saved answer is told again to whoever listens late.',
  names: { analytics: 'ANALYTICS', marketing: 'MARKETING', functional: 'PERSONALIZATION' },
  modes: ['ask', 'implied-open', 'implied-closed'],
  keys: ['osano_consentmanager'],
  stub() {
    window.Osano ??= Object.assign((...args) => window.Osano.data.push(args), { data: [] });
  },
  script(cmp) {
    const add = (name, f) => {
      on(name, f);
      if (name === 'osano-cm-initialized') f(consent(cmp));
      if (name === 'osano-cm-consent-saved' && cmp.answered) f(consent(cmp));
    };
    window.Osano.cm = {
      getConsent: () => consent(cmp),
      get analytics() { return cmp.on('analytics'); },
      jurisdiction: 'de', addEventListener: add, on: add, removeEventListener: off, off,
      showDrawer: () => { emit('osano-cm-consent-changed', { ...consent(cmp), ANALYTICS: 'ACCEPT' }); cmp.show(); },
    };
  },
  keep: (cmp) => (cmp.answered ? [['cookie', 'osano_consentmanager', btoa(`sealed ${cmp.at}`)], ['local', 'osano_consentmanager', btoa(`sealed ${cmp.at}`)]] : []),
  tell(why, cmp) {
    if (why === 'load') emit('osano-cm-initialized', consent(cmp));
    else emit('osano-cm-consent-saved', consent(cmp));
  },
});
