// `mixpanel-consent-bridge/testing`: for Node, for those who write an adapter or a ledger's store of their own.

export { fixturesIn } from '../../page/own/fixtures.js';
export { checkAdapter } from '../../page/own/suite.js';
export { checkLedgerStore } from '../../server/ledger/suite.js';
