// The package's main entry, for bundlers and browsers; importing it touches nothing.

export { connect } from '../../page/gate/connect.js';
export { BridgeError } from '../../page/gate/error.js';
