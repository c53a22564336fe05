// A FAKE of Transcend's airgap.js. Facts: the published types (@transcend-io/airgap.js-types 12.17), docs.transcend.io.

import { fake } from './engine.js';

const consent = (cmp) => ({
  confirmed: cmp.answered, prompted: cmp.answered, timestamp: cmp.at ?? new Date(0).toISOString(), updated: cmp.answered,
  purposes: cmp.answered || cmp.mode === 'implied-open' ? cmp.map((yes) => yes) : cmp.map(() => 'Auto'),
});

export default fake({
  id: 'transcend',
  product: 'Transcend',
  source: 'its published types and docs.transcend.io',
  traps: '`Auto` is truthy and no answer; `consent-change` does not come at load.',
  names: { analytics: 'Analytics', marketing: 'Advertising', functional: 'Functional' },
  modes: ['ask', 'implied-open'],
  keys: ['tcmConsent'],
  stub() {
    window.airgap ??= { readyQueue: [], ready(run) { this.readyQueue.push(run); } };
  },
  script(cmp) {
    const target = new EventTarget();
    const { readyQueue } = window.airgap;
    window.airgap = Object.assign(target, {
      getConsent: () => consent(cmp),
      isConsented: (purposes) => [...purposes].every((name) => cmp.map((yes) => yes)[name]),
      getRegimes: () => new Set([cmp.mode === 'ask' ? 'GDPR' : 'unknown']),
      ready: (run) => run(window.airgap),
    });
    window.transcend = { showConsentManager: () => cmp.show() };
    readyQueue.forEach((run) => run(window.airgap));
  },
  keep: (cmp) => (cmp.answered ? [['local', 'tcmConsent', JSON.stringify(consent(cmp))]] : []),
  tell(why, cmp) {
    if (why === 'change') window.airgap.dispatchEvent(new CustomEvent('consent-change', { detail: { consent: consent(cmp), oldConsent: null, changes: {} } }));
  },
});
