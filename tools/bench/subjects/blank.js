// Nothing but what the others have too.
import { offer, sdk } from './kit.js';

offer({ call: (name, properties) => sdk.track(name, properties), yes() {}, no() {} });
