//! What the gate's side offers to this one: the methods of the object that it hands over
//! (src/entry/connect.ts and core.ts). None of them throws: what the page's code throws is
//! reported there.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The gate of one bridge.
    pub type Host;

    /// A letter for each feature: drop, hold, pass.
    #[wasm_bindgen(method)]
    pub fn gate(this: &Host, flow: &str);
    /// Does another command by its name (src/js/mixpanel.js), as far as the features of which
    /// the letter says pass. Answers with the number of what
    /// happened at once, if anything did.
    #[wasm_bindgen(method)]
    pub fn run(this: &Host, command: &str, features: &str) -> u8;

    /// The state has changed.
    #[wasm_bindgen(method)]
    pub fn say(this: &Host, consent: &str, mode: &str, cmp: &str, code: &str, reason: &str);
    /// Tells the other tabs.
    #[wasm_bindgen(method)]
    pub fn tell(this: &Host, text: &str);
    /// A new record, as its line.
    #[wasm_bindgen(method)]
    pub fn receipt(this: &Host, line: &str);
    /// Where the record is not in local storage: its text, and to keep another.
    #[wasm_bindgen(method)]
    pub fn kept(this: &Host) -> String;
    /// Says whether that worked; an empty text removes it.
    #[wasm_bindgen(method)]
    pub fn keep(this: &Host, lines: &str) -> bool;
    /// The record was not kept.
    #[wasm_bindgen(method, js_name = recordRefused)]
    pub fn record_refused(this: &Host);
    /// A yes that was not known before.
    #[wasm_bindgen(method, js_name = optedIn)]
    pub fn opted_in(this: &Host);
    /// A source says something that it has not said at the last look.
    #[wasm_bindgen(method)]
    pub fn read(this: &Host, cmp: &str, answer: &str);
}
