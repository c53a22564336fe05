//! What the gate's side offers to this one: the methods of the object that it hands over
//! (src/entry/connect.ts and core.ts). None of them throws: what the page's code throws is
//! reported there.

use js_sys::Object;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// The gate of one bridge, and its options as the gate has put them.
    pub type Host;

    /// The options `start`, `pending`, `denied`, `implied`, `gpc`, `dnt`: the number of the
    /// choice each, as the policy lists them.
    #[wasm_bindgen(method, getter)]
    pub fn policy(this: &Host) -> String;
    /// Ids of the adapters to use, separated by spaces; `auto` is all.
    #[wasm_bindgen(method, getter)]
    pub fn ids(this: &Host) -> String;
    /// The categories that the site named: one line a feature, names separated by tabs.
    #[wasm_bindgen(method, getter)]
    pub fn categories(this: &Host) -> String;
    /// Where the record is kept: `local`, `cookie`, `none`.
    #[wasm_bindgen(method, getter)]
    pub fn record(this: &Host) -> String;
    /// The name of the record, and of the channel between tabs.
    #[wasm_bindgen(method, getter)]
    pub fn key(this: &Host) -> String;
    /// The SDK's own stored flag is a refusal.
    #[wasm_bindgen(method, getter)]
    pub fn refused(this: &Host) -> bool;
    /// The SDK's identity is stored.
    #[wasm_bindgen(method, getter)]
    pub fn known(this: &Host) -> bool;
    /// What the site configured, for the keys that a lock overwrites.
    #[wasm_bindgen(method, getter)]
    pub fn site(this: &Host) -> JsValue;

    /// A letter for each feature: drop, hold, pass.
    #[wasm_bindgen(method)]
    pub fn gate(this: &Host, flow: &str);
    /// Gets the SDK, after what is being swept is gone.
    #[wasm_bindgen(method)]
    pub fn load(this: &Host);
    /// `init()` with the site's configuration and these entries over it. `early`: its own
    /// `loaded` waits. Answers whether there is an instance.
    #[wasm_bindgen(method)]
    pub fn init(this: &Host, config: &Object, early: bool) -> bool;
    /// Whether an instance is there.
    #[wasm_bindgen(method, getter)]
    pub fn alive(this: &Host) -> bool;
    /// Locks the instance.
    #[wasm_bindgen(method)]
    pub fn lock(this: &Host);
    /// Whether the lock holds, by a call that sends nothing in any version.
    #[wasm_bindgen(method)]
    pub fn holds(this: &Host) -> bool;
    /// Calls a method of the instance, if both are there.
    #[wasm_bindgen(method)]
    pub fn sdk(this: &Host, method: &str, arg: &JsValue);
    /// Takes over the identity that another tab has stored meanwhile.
    #[wasm_bindgen(method)]
    pub fn share(this: &Host);
    /// Calls the site's `loaded` if it has waited.
    #[wasm_bindgen(method)]
    pub fn loaded(this: &Host);
    /// The first page view. `missed`: the SDK has not tracked the present one by itself.
    #[wasm_bindgen(method)]
    pub fn pageview(this: &Host, missed: bool);
    /// Removes from the device: see sweep.js.
    #[wasm_bindgen(method)]
    pub fn sweep(this: &Host, much: u8);
    /// Removes the SDK's stored flag.
    #[wasm_bindgen(method, js_name = clearFlag)]
    pub fn clear_flag(this: &Host);
    /// Calls back `happened` with this code after so many milliseconds.
    #[wasm_bindgen(method)]
    pub fn after(this: &Host, ms: u32, code: u8);

    /// The state has changed.
    #[wasm_bindgen(method)]
    pub fn say(this: &Host, consent: &str, mode: &str, cmp: &str, code: &str, reason: &str);
    /// Tells the other tabs.
    #[wasm_bindgen(method)]
    pub fn tell(this: &Host, text: &str);
    /// A new record, as its line.
    #[wasm_bindgen(method)]
    pub fn receipt(this: &Host, line: &str);
    /// A yes that was not known before.
    #[wasm_bindgen(method, js_name = optedIn)]
    pub fn opted_in(this: &Host);
    /// Something went wrong that the page's developer should hear of.
    #[wasm_bindgen(method)]
    pub fn report(this: &Host, code: &str, what: &str);
    /// What `debug: true` shows.
    #[wasm_bindgen(method)]
    pub fn trace(this: &Host, kind: &str, what: &str, more: &str);
}
