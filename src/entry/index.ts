// The package's main entry, for bundlers and browsers; importing it touches nothing.

export { connect } from './connect.js';
export { BridgeError } from './error.js';
