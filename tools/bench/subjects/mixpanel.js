// The SDK alone: no consent manager, and tracking from the start.
import mixpanel from 'mixpanel-browser';
import { TOKEN, config, offer, times } from './kit.js';

times.connect = performance.now();
mixpanel.init(TOKEN, config);
times.state = performance.now();
offer({ call: (name, properties) => mixpanel.track(name, properties), yes() {}, no() {} });
