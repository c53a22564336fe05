// The bridge by itself: an object with OneTrust's functions stands in the place of a consent manager, so
// that the page has no other script. Nobody answers.
import { connect } from 'mixpanel-consent-bridge';
import { HELD, TOKEN, config, offer, sdk, times } from './kit.js';

Object.assign(window, { OneTrust: { OnConsentChanged() {}, IsAlertBoxClosed: () => false, GetDomainData: () => ({}) }, OnetrustActiveGroups: ',C0001,' });
times.connect = performance.now();
const bridge = connect({ token: TOKEN, config, mixpanel: sdk, cmp: 'onetrust', category: 'C0002' });
times.gate = performance.now() - times.connect;
bridge.mixpanel.track(HELD);
await new Promise((done) => bridge.subscribe(({ code }) => {
  if (code !== 'cmp-asking') return;
  times.state ??= performance.now();
  done();
}));
offer({ call: (name, properties) => bridge.mixpanel.track(name, properties), state: () => ({ ...bridge.state }) });
