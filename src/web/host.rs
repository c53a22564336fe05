//! The page's part as JavaScript has it (src/api/entries/rust.ts, which `npm run build` makes one module of).

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};

#[wasm_bindgen(module = "/pkg/web/bridge.js")]
extern "C" {
    /// A bridge.
    #[derive(Clone)]
    pub type Js;

    #[wasm_bindgen(catch)]
    pub fn connect(options: &JsValue) -> Result<Js, JsValue>;
    pub fn library(url: &str) -> Function;

    #[wasm_bindgen(method, getter)]
    pub fn mixpanel(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn state(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn ready(this: &Js) -> Promise;
    #[wasm_bindgen(method, getter)]
    pub fn error(this: &Js) -> JsValue;
    #[wasm_bindgen(method)]
    pub fn subscribe(this: &Js, listener: &Closure<dyn FnMut(JsValue)>) -> Function;
    #[wasm_bindgen(method, catch)]
    pub fn grant(this: &Js) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn deny(this: &Js) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn reset(this: &Js) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    pub fn explain(this: &Js) -> JsValue;
    #[wasm_bindgen(method)]
    pub fn receipts(this: &Js) -> Array;
    #[wasm_bindgen(method)]
    pub fn disconnect(this: &Js);
}
