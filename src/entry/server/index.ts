// The package's server part, `mixpanel-consent-bridge/server`. Nothing of it is in what a page
// loads.

export { BridgeError } from '../error.js';
export { allowedAt } from './core.js';
export { explainConsent, readConsent } from './read.js';
export { recordCookie, recordName, signRecord, verifyRecord } from './record.js';
