// c15t in offline mode with its own helper for Mixpanel. The helper loads the SDK at once, opted out;
// a call made before the answer is dropped, so what is noted is the event of the opt-in.
import { getOrCreateConsentRuntime } from 'c15t';
import { mixpanelAnalytics } from '@c15t/scripts/mixpanel-analytics';
import { TOKEN, config, offer, times } from './kit.js';

times.connect = performance.now();
const { consentStore } = getOrCreateConsentRuntime({
  mode: 'offline',
  consentCategories: ['necessary', 'measurement', 'marketing'],
  overrides: { country: 'DE' },
  reloadOnConsentRevoked: false,
  scripts: [mixpanelAnalytics({ token: TOKEN, initOptions: config, scriptUrl: '/mixpanel.js' })],
});
const state = () => consentStore.getState();
await new Promise((done) => {
  const look = () => {
    if (state().isLoadingConsentInfo) return;
    times.state ??= performance.now();
    done();
  };
  consentStore.subscribe(look);
  look();
});
const say = (what) => {
  // Its own storing of the answer is in it: it has no event before that.
  times.event ??= performance.now();
  return state().saveConsents(what);
};
offer({ noted: '$opt_in', call: (name, properties) => window.mixpanel.track(name, properties), yes: () => say('all'), no: () => say('necessary') });
