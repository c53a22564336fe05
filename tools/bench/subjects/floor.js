// The twenty lines that everybody writes.
import * as CookieConsent from 'vanilla-cookieconsent';
import { HELD, TOKEN, config, offer, options, sdk, times } from './kit.js';

times.connect = performance.now();
let open = false;
let started = false;
const held = [];
const track = (...args) => (open ? sdk.track(...args) : void held.push(args));
const follow = () => {
  open = CookieConsent.acceptedCategory('analytics');
  if (!open) {
    held.length = 0;
    if (started) sdk.opt_out_tracking();
    return;
  }
  if (!started) sdk.init(TOKEN, { ...config, opt_out_tracking_by_default: true });
  started = true;
  sdk.opt_in_tracking();
  for (const args of held.splice(0)) sdk.track(...args);
};
for (const name of ['cc:onFirstConsent', 'cc:onConsent', 'cc:onChange']) window.addEventListener(name, follow);
times.state = performance.now();
track(HELD);

await CookieConsent.run(options);
offer({ call: track, yes: () => CookieConsent.acceptCategory('all'), no: () => CookieConsent.acceptCategory([]) });
