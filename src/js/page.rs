//! Small words for reaching into the page. Any of them may meet a getter that throws, a
//! proxy, or nothing at all, so none of them trusts what it is given.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// A property; `undefined` if there is none or it throws.
pub fn get(target: &JsValue, key: &str) -> JsValue {
    Reflect::get(target, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Sets a property; a frozen object stays as it is.
pub fn set(target: &JsValue, key: &str, value: &JsValue) {
    let _ = Reflect::set(target, &key.into(), value);
}

/// Calls a method if there is one. An error is the caller's to report.
pub fn call(target: &JsValue, method: &str, args: &[&JsValue]) -> Result<JsValue, JsValue> {
    match get(target, method).dyn_ref::<Function>() {
        Some(function) => function.apply(target, &list(args)),
        None => Ok(JsValue::UNDEFINED),
    }
}

/// An array.
pub fn list(items: &[&JsValue]) -> Array {
    let array = Array::new();
    for item in items {
        array.push(item);
    }
    array
}

/// An object with these properties.
pub fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        set(&object, key, value);
    }
    object.into()
}

/// The page's global object.
pub fn global() -> JsValue {
    js_sys::global().into()
}

/// A callback, kept alive by whoever holds it.
pub type Callback = Closure<dyn Fn(JsValue)>;

/// Makes a callback.
pub fn callback(f: impl Fn(JsValue) + 'static) -> Callback {
    Closure::new(f)
}

/// The function of a callback.
pub fn function(callback: &Callback) -> &Function {
    callback.as_ref().unchecked_ref()
}

/// Calls back once, after so many milliseconds.
pub fn after(ms: i32, f: impl FnOnce() + 'static) {
    let once = Closure::once_into_js(move |_: JsValue| f());
    let _ = call(&global(), "setTimeout", &[&once, &ms.into()]);
}
