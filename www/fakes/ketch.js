// A FAKE of Ketch's Smart Tag. Facts: the published types (@ketch-sdk/ketch-types), the tag's open
// source (ketch-sdk/ketch-tag), developers.ketch.com.

import { base64, emitter, fake } from './engine.js';

const { on, off, emit } = emitter();

export default fake({
  id: 'ketch',
  product: 'Ketch',
  source: 'its published types and developers.ketch.com',
  traps: '`ketch` is a stub over a queue first, and a purpose may be true, and recorded, that nobody was asked about.',
  names: { analytics: 'analytics', marketing: 'targeted_advertising' },
  modes: ['ask', 'implied-open'],
  keys: ['_ketch_consent_v1_', '_swb_consent_'],
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
    // What a region allows is recorded like an answer; only the cache beside it says whose act it was.
    const region = cmp.mode === 'implied-open';
    if (!cmp.answered && !region) return [];
    const kept = base64(cmp.map((yes, category) => ({ status: yes ? 'granted' : 'denied', canonicalPurposes: [category] })));
    const basis = region ? 'consent_optout' : 'consent_optin';
    const source = !cmp.answered ? 'legalBasisDefault' : { accept: 'banner.acceptAll', reject: 'banner.rejectAll' }[cmp.kind] ?? 'modal.saveChoices';
    const cached = base64({ collectedAt: Math.floor(Date.now() / 1000), context: { source }, purposes: cmp.map((yes) => ({ allowed: String(yes), legalBasisCode: basis })) });
    return [
      ['cookie', '_swb_consent_', encodeURIComponent(cached)],
      ['cookie', '_ketch_consent_v1_', encodeURIComponent(kept)],
      ['local', '_ketch_consent_v1_', kept],
    ];
  },
  tell(why, cmp) {
    if (why !== 'change') return;
    emit('consent', { purposes: cmp.map((yes) => yes) });
    emit('userConsentUpdated', { purposes: cmp.map((yes) => yes) });
  },
});
