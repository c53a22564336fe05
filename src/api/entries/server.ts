// The package's server part, `mixpanel-consent-bridge/server`. Nothing of it is in what a page
// loads.

export { BridgeError } from '../../server/errors.js';
export { allowedAt } from '../../server/core.js';
export { explainConsent, readConsent } from '../../server/read.js';
export { recordCookie, recordName, signRecord, verifyRecord } from '../../server/record.js';
export { consentLedger } from '../../server/ledger/index.js';
export { memory } from '../../server/ledger/memory.js';
export { sqlite } from '../../server/ledger/sqlite.js';
export { postgres } from '../../server/ledger/postgres.js';
export { redis } from '../../server/ledger/redis.js';
export { gate } from '../../server/gate.js';
export { BlockedError, guard } from '../../server/guard.js';
export { erase, retrieve } from '../../server/erase.js';
export { receiptEndpoint } from '../../server/receipts.js';
