// A FAKE of Didomi. Facts: developers.didomi.io/cmp/web-sdk/reference/api and …/third-parties/programmatic-api.

import { base64, drain, emitter, fake } from './engine.js';

const { on, off, emit } = emitter();

export default fake({
  id: 'didomi',
  product: 'Didomi',
  source: 'developers.didomi.io',
  traps: 'A purpose that nobody was asked about is `enabled: false` too; `consent.changed` comes after a change only.',
  names: { analytics: 'measure_content_performance', marketing: 'create_ads_profile' },
  modes: ['ask', 'implied-open', 'implied-closed'],
  keys: ['didomi_token'],
  stub() {
    window.didomiOnReady ??= [];
    window.didomiEventListeners ??= [];
  },
  script(cmp) {
    window.Didomi = {
      shouldUserStatusBeCollected: () => !cmp.answered && cmp.mode === 'ask',
      isConsentRequired: () => cmp.mode === 'ask',
      isUserStatusPartial: () => !cmp.answered,
      getCurrentUserStatus: () => ({
        purposes: Object.fromEntries(Object.entries(cmp.map((enabled) => enabled)).map(([id, enabled]) => [id, { id, enabled }])),
        vendors: {},
        regulation: cmp.mode === 'ask' ? 'gdpr' : 'none',
      }),
      setUserAgreeToAll: () => cmp.accept(),
      setUserDisagreeToAll: () => cmp.reject(),
      preferences: { show: () => cmp.show() },
      on,
      off,
    };
    for (const { event, listener } of window.didomiEventListeners) on(event, listener);
    drain(window.didomiOnReady, (ready) => ready(window.Didomi));
  },
  keep(cmp) {
    if (!cmp.answered) return [];
    const named = Object.entries(cmp.map((enabled) => enabled));
    const token = base64({
      user_id: 'demo', created: cmp.at, updated: cmp.at, vendors: { enabled: [], disabled: [] }, version: 2,
      purposes: { enabled: named.filter(([, enabled]) => enabled).map(([id]) => id), disabled: named.filter(([, enabled]) => !enabled).map(([id]) => id) },
    });
    return [['cookie', 'didomi_token', token], ['local', 'didomi_token', token]];
  },
  tell(why) {
    if (why === 'change') emit('consent.changed', { consentToken: '', action: 'click' });
  },
});
