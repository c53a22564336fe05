//! What the gate's side offers to this one (src/page/look/host.js): one function, because each that is
//! imported is paid for twice, here and in the glue. None of what it calls throws: what the
//! page's code throws is reported there.

use wasm_bindgen::prelude::wasm_bindgen;

/// What is called, in the order of the list in `host.js`. The parts of its text, separated by
/// zeros, are the arguments.
#[derive(Clone, Copy)]
pub enum Call {
    /// A letter for each feature: drop, hold, pass.
    Gate,
    /// Does another command by its name (src/page/sdk/mixpanel.js), as far as the features of which the
    /// letter says pass. Answers with the number of what happened at once, if anything did.
    Run,
    /// The state has changed: consent, mode, source, code, reason.
    Say,
    /// Tells the other tabs.
    Tell,
    /// A new record, as its line: to keep, and to hand on as a receipt.
    Record,
    /// A yes that was not known before.
    OptedIn,
    /// A source says something that it has not said at the last look: its id, and the answer.
    Read,
    /// The text that was asked for.
    Given,
}

#[wasm_bindgen(raw_module = "../src/page/look/host.js")]
extern "C" {
    /// Calls the gate of this bridge.
    pub fn call(id: usize, what: u8, text: &str) -> u8;
}
