// `mixpanel-consent-bridge/testing`: for Node, for those who write an adapter of their own.

export { fixturesIn } from '../../page/own/fixtures.js';
export { checkAdapter } from '../../page/own/suite.js';
