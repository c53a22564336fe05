// The two functions that cross to the wasm: `tell` goes in (src/js/bridge.rs), and `call` comes out
// (src/js/host.rs), with the arguments in one text. So the wasm imports one function, exports one,
// and holds no object of the page's. What each number means is the contract's.

import {
  CALL_NAMES, SEPARATOR,
  TELL_ANSWER, TELL_CONNECT, TELL_EXPLAIN, TELL_HAPPENED, TELL_KEPT, TELL_LOOKED, TELL_PEER,
} from '../contract.ts';

const hosts = [];

export const call = (id, what, text) => hosts[id][CALL_NAMES[what]](...text.split(SEPARATOR));

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
  tell(TELL_CONNECT, setup);
  return {
    /** What `look` and `watch` are to do. */
    program: JSON.parse(given),
    looked: (found, browser, now) => tell(TELL_LOOKED, found, browser, now),
    answer: (number) => tell(TELL_ANSWER, '', number),
    happened: (number) => tell(TELL_HAPPENED, '', number),
    kept: (record) => tell(TELL_KEPT, record),
    peer: (answers) => tell(TELL_PEER, answers),
    explain(found) {
      tell(TELL_EXPLAIN, found);
      return given;
    },
  };
}
