// The bridge where no consent manager ever comes.
import { connect } from 'mixpanel-consent-bridge';
import { TOKEN, config, offer, sdk } from './kit.js';

const bridge = connect({ token: TOKEN, config, mixpanel: sdk });
offer({ call: (name, properties) => bridge.mixpanel.track(name, properties), yes() {}, no() {} });
