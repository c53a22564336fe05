// What every page of the bench has: a Mixpanel that is at hand when the visitor says yes, and the same
// consent manager, set up as its documentation says.

/** Times of the page's own clock, in milliseconds, by name. */
export const times = {};
window.times = times;

const nothing = () => {};
const people = new Proxy({}, { get: () => nothing });
/** The real SDK, once the bench has brought it. */
let real;

/** Stands for the SDK: an object that does nothing, so that calls can be counted, until the real one is asked for. */
export const sdk = {
  people,
  config: {},
  init(...given) {
    if (real) return real.init(...given);
    sdk.__loaded = true;
    return sdk;
  },
  track(name, properties, options, callback) {
    if (real) return real.track(name, properties, options, callback);
    // By such a call the bridge asks whether its lock holds: it does.
    if (typeof callback === 'function') callback(0);
  },
  get_config: nothing,
};
for (const name of ['set_config', 'opt_in_tracking', 'opt_out_tracking', 'start_batch_senders', 'stop_batch_senders', 'reset', 'register',
  'clear_opt_in_out_tracking', 'track_pageview', 'start_session_recording', 'stop_session_recording']) sdk[name] = (...given) => real?.[name](...given);

/** The name of the call that is made before the answer. */
export const HELD = 'Held';

export const TOKEN = '0123456789abcdef0123456789abcdef';
/**
 * As a site has it; the hook notes when the held call has come to the SDK. Its own event of an opt-in, which comes
 * before, is not what a site waits for; it counts only where there is nothing else.
 */
export const config = {
  api_host: `${location.origin}/collect`,
  hooks: { before_track(name) { if (times.event && name == (window.bench.noted ?? HELD)) times.call ??= performance.now(); return name; } },
};

// The consent manager's event: noted by the first listener there is.
for (const name of ['cc:onFirstConsent', 'cc:onConsent', 'cc:onChange']) window.addEventListener(name, () => { times.event ??= performance.now(); }, true);

/** What the page of a subject offers to the bench. */
export const offer = (given) => Object.assign(window, {
  bench: { async atHand() { real = (await import('mixpanel-browser')).default; }, ...given },
  ready: true,
});

/** The options of vanilla-cookieconsent 3: three categories, and a banner. */
export const options = {
  hideFromBots: false,
  categories: { necessary: { enabled: true, readOnly: true }, analytics: {}, marketing: {} },
  language: {
    default: 'en',
    translations: {
      en: {
        consentModal: { title: 'Your choice', description: 'May this page use Mixpanel?', acceptAllBtn: 'Accept all', acceptNecessaryBtn: 'Reject all', showPreferencesBtn: 'Settings' },
        preferencesModal: {
          title: 'Settings', acceptAllBtn: 'Accept all', acceptNecessaryBtn: 'Reject all', savePreferencesBtn: 'Save', closeIconLabel: 'Close',
          sections: [{ title: 'Necessary', linkedCategory: 'necessary' }, { title: 'Analytics', linkedCategory: 'analytics' }, { title: 'Marketing', linkedCategory: 'marketing' }],
        },
      },
    },
  },
};
