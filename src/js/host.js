// What the wasm calls of a bridge's gate (src/js/host.rs): by number, with its arguments in one
// text, so that the wasm imports one function and holds no object of the page's.

const CALLS = ['gate', 'run', 'say', 'tell', 'record', 'optedIn', 'read'];

const hosts = [];

/** Gives the bridge of this number its gate, whose methods never throw. */
export const attach = (id, host) => {
  hosts[id] = host;
};

export const call = (id, what, text) => hosts[id][CALLS[what]](...text.split('\0'));
