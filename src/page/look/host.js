// The two functions that cross to the wasm: `tell` goes in, with one of these numbers
// (src/js/bridge.rs), and `call` comes out (src/js/host.rs), with the arguments in one text. So
// the wasm imports one function, exports one, and holds no object of the page's.

const CONNECT = 0;
const LOOKED = 1;
const ANSWER = 2;
const HAPPENED = 3;
const KEPT = 4;
const PEER = 5;
const EXPLAIN = 6;
const CALLS = ['gate', 'run', 'say', 'tell', 'record', 'optedIn', 'read', 'given'];

/** What happened, for `happened` (src/js/bridge.rs, `input`). */
export const SETTLED = 0;
export const LATE = 1;
export const LEAVING = 2;
export const LOADED = 3;
export const FOUND = 4;
export const FAILED = 5;
export const LOCK_REFUSED = 6;
export const QUEUED = 7;
/** What a command answers with when nothing happened at once. */
export const NOTHING = 255;

const hosts = [];

export const call = (id, what, text) => hosts[id][CALLS[what]](...text.split('\0'));

/**
 * A bridge of the core's.
 * @param {(id: number, what: number, text: string, number: number, now: number) => void} send the
 *   wasm's `tell`
 * @param {any} host its gate, whose methods never throw
 * @param {string} setup its options
 */
export function open(send, host, setup) {
  const id = hosts.push(host) - 1;
  let given;
  host.given = (text) => {
    given = text;
  };
  const tell = (what, text = '', number = 0, now = 0) => send(id, what, text, number, now);
  tell(CONNECT, setup);
  return {
    /** What `look` and `watch` are to do. */
    program: JSON.parse(given),
    looked: (found, around, now) => tell(LOOKED, found, around, now),
    answer: (number) => tell(ANSWER, '', number),
    happened: (code) => tell(HAPPENED, '', code),
    kept: (record) => tell(KEPT, record),
    peer: (answers) => tell(PEER, answers),
    explain(found) {
      tell(EXPLAIN, found);
      return given;
    },
  };
}
