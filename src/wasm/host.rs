//! What the gate's side offers to this one (src/page/look/host.js): one function, because each that is
//! imported is paid for twice, here and in the glue. None of what it calls throws: what the
//! page's code throws is reported there.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(raw_module = "../src/page/look/host.ts")]
extern "C" {
    /// Calls the gate of this bridge: `what` is a [`Call`](crate::core::protocol::Call).
    pub fn call(id: usize, what: u8, text: &str) -> u8;
}
