// The package's server part, `mixpanel-consent-bridge/server`. Nothing of it is in what a page
// loads.

export { BridgeError } from '../../page/gate/error.js';
export { allowedAt } from './core.js';
export { explainConsent, readConsent } from './read.js';
export { recordCookie, recordName, signRecord, verifyRecord } from './record.js';
export { consentLedger } from './ledger.js';
export { gate } from './gate.js';
export { BlockedError, guard } from './guard.js';
export { erase, retrieve } from './erase.js';
export { receiptEndpoint } from './receive.js';
