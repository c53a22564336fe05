// walkerOS: a collector, and a destination that needs a consent; the consent manager's events are
// handed on as its sources for consent managers do.
import { startFlow } from '@walkeros/collector';
import * as CookieConsent from 'vanilla-cookieconsent';
import { HELD, TOKEN, config, offer, options, sdk, times } from './kit.js';

times.connect = performance.now();
const { elb } = await startFlow({
  run: true,
  consent: {},
  destinations: {
    mixpanel: {
      code: { type: 'mixpanel', config: {}, init: () => void sdk.init(TOKEN, config), push: ({ data }) => sdk.track(data.name) },
      config: { consent: { analytics: true } },
    },
  },
});
times.state = performance.now();
const tell = () => elb('walker consent', { analytics: CookieConsent.acceptedCategory('analytics') });
for (const name of ['cc:onFirstConsent', 'cc:onConsent', 'cc:onChange']) window.addEventListener(name, tell);
await elb('page call', { name: HELD });

await CookieConsent.run(options);
offer({ call: (name, properties) => elb('page call', { name, ...properties }), yes: () => CookieConsent.acceptCategory('all'), no: () => CookieConsent.acceptCategory([]) });
