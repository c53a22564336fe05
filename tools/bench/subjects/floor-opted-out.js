// The same, with the SDK started at once and opted out.
import * as CookieConsent from 'vanilla-cookieconsent';
import mixpanel from 'mixpanel-browser';
import { HELD, TOKEN, config, offer, options, times } from './kit.js';

times.connect = performance.now();
mixpanel.init(TOKEN, { ...config, opt_out_tracking_by_default: true });
let open = false;
const held = [];
const track = (...args) => (open ? mixpanel.track(...args) : void held.push(args));
const follow = () => {
  open = CookieConsent.acceptedCategory('analytics');
  if (open) mixpanel.opt_in_tracking();
  else mixpanel.opt_out_tracking();
  for (const args of held.splice(0)) if (open) mixpanel.track(...args);
};
for (const name of ['cc:onFirstConsent', 'cc:onConsent', 'cc:onChange']) window.addEventListener(name, follow);
times.state = performance.now();
track(HELD);

await CookieConsent.run(options);
offer({ atHand() {}, call: track, yes: () => CookieConsent.acceptCategory('all'), no: () => CookieConsent.acceptCategory([]) });
