// The bridge beside a consent manager; `bridge-….js` say with which options.
import * as CookieConsent from 'vanilla-cookieconsent';
import { connect } from 'mixpanel-consent-bridge';
import { HELD, TOKEN, config, offer, options, sdk, times } from './kit.js';

export async function page(given, answered) {
  // The functions of its module are not on the window of a bundled site.
  window.CookieConsent = CookieConsent;
  // A start that is opted out has the SDK before the answer, so it is the real one from the beginning.
  const early = given.start && (await import('mixpanel-browser')).default;
  times.connect = performance.now();
  const bridge = connect({ token: TOKEN, config, mixpanel: early || sdk, ...given });
  times.gate = performance.now() - times.connect;
  bridge.mixpanel.track(HELD);
  await CookieConsent.run(options);
  await new Promise((done) => bridge.subscribe(({ code }) => {
    if (code !== 'cmp-asking' && code !== 'manual-unset') return;
    times.state ??= performance.now();
    done();
  }));
  const say = (what) => {
    CookieConsent.acceptCategory(what);
    answered?.(bridge, CookieConsent.acceptedCategory('analytics'));
  };
  offer({ ...(early && { atHand() {} }), call: (name, properties) => bridge.mixpanel.track(name, properties), mixpanel: bridge.mixpanel, yes: () => say('all'), no: () => say([]), state: () => ({ ...bridge.state }) });
}
