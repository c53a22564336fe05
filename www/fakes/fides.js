// A FAKE of Fides. Facts: the open source of fides-js.

import { encoded, fake, fire } from './engine.js';

const meta = (cmp) => (cmp.answered ? { version: '0.9.0', consentMethod: { accept: 'accept', reject: 'reject' }[cmp.kind] ?? 'save' } : {});

export default fake({
  id: 'fides',
  product: 'Fides',
  source: 'the open source of fides-js',
  traps: '`consentMethod` may be `gpc`, `script` or `dismiss`, which are no act.',
  names: { analytics: 'analytics', marketing: 'marketing' },
  modes: ['ask', 'implied-open'],
  keys: ['fides_consent'],
  stub() {
    window.Fides = { initialized: false };
  },
  script(cmp) {
    window.Fides = {
      initialized: true,
      get consent() { return cmp.map((on) => on); },
      get fides_meta() { return meta(cmp); },
      showModal: () => cmp.show(),
    };
  },
  keep: (cmp) => (cmp.answered ? [['cookie', 'fides_consent', encoded({ consent: cmp.map((on) => on), identity: { fides_user_device_id: 'demo' }, fides_meta: meta(cmp), tcf_consent: {} })]] : []),
  tell: (why) => fire(window, why === 'load' ? 'FidesReady' : 'FidesUpdated'),
});
