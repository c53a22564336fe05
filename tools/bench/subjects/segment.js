// Segment's consent tools around an analytics object that is there: their wrapper waits for the
// consent manager's event, and loads.
import { createWrapper } from '@segment/analytics-consent-tools';
import * as CookieConsent from 'vanilla-cookieconsent';
import { HELD, TOKEN, config, offer, options, sdk, times } from './kit.js';

const held = [];
let loaded = false;
/** As much of an AnalyticsBrowser as the wrapper takes: what is called before it has loaded waits. */
const analytics = {
  track: (...args) => (loaded ? sdk.track(...args) : void held.push(args)),
  page() {},
  addSourceMiddleware() {},
  addDestinationMiddleware() {},
  load() {
    loaded = true;
    sdk.init(TOKEN, config);
    for (const args of held.splice(0)) sdk.track(...args);
  },
};
times.connect = performance.now();
const categories = () => ({ analytics: CookieConsent.acceptedCategory('analytics') });
const withConsent = createWrapper({
  shouldLoadSegment: async (ctx) => {
    await new Promise((done) => {
      for (const name of ['cc:onFirstConsent', 'cc:onConsent']) window.addEventListener(name, () => categories().analytics && done());
    });
    return ctx.load({ consentModel: 'opt-in' });
  },
  getCategories: categories,
  registerOnConsentChanged: (set) => window.addEventListener('cc:onChange', () => set(categories())),
});
withConsent(analytics).load({ writeKey: 'KEY' });
times.state = performance.now();
analytics.track(HELD);

await CookieConsent.run(options);
offer({ call: (name, properties) => analytics.track(name, properties), yes: () => CookieConsent.acceptCategory('all'), no: () => CookieConsent.acceptCategory([]) });
