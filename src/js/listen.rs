//! Listeners as values: dropping one unregisters it.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::page::{self, Callback};
use super::probe;
use crate::cmp::{Arg, Listen, Off, Value};

/// Something registered with the page.
pub struct Listener {
    undo: Option<Box<dyn FnOnce()>>,
    callback: Option<Callback>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(undo) = self.undo.take() {
            undo();
        }
        if let Some(callback) = self.callback.take() {
            // A queue, or somebody who wrapped our wrapper, may hold its function for ever,
            // and calling a freed one would throw into the page. It has nothing to act on
            // any more (a weak reference), so what stays is small.
            callback.forget();
        }
    }
}

/// Listens to a DOM event.
pub fn event(target: &JsValue, name: &str, callback: &Callback) -> Listener {
    let (target, name) = (target.clone(), JsValue::from(name));
    let function = page::function(callback).clone();
    // In the capture phase: before the page's own listeners, some of which reload.
    let capture = JsValue::TRUE;
    let _ = page::call(&target, "addEventListener", &[&name, &function, &capture]);
    let undo = move || {
        let _ = page::call(&target, "removeEventListener", &[&name, &function, &capture]);
    };
    Listener { undo: Some(Box::new(undo)), callback: None }
}

/// Registers what an adapter lists. `None`: what it needs is not on the page yet.
/// `heard` is told the name to keep, and the kept fields, before `changed` is called.
pub fn attach(
    listen: &Listen,
    changed: &Callback,
    heard: impl Fn(&'static str, Value) + 'static,
    again: impl Fn() + 'static,
) -> Option<Listener> {
    let global = page::global();
    match *listen {
        Listen::Window(name) => Some(event(&global, name, changed)),
        Listen::Document(name) => Some(event(&page::get(&global, "document"), name, changed)),
        Listen::Call { path, args, heard: keep, off } => {
            let step = probe::walk(path).ok()??;
            let target = step.value.dyn_into::<Function>().ok()?;
            // Each its own closure: some consent managers drop a callback whose source
            // text they have seen before.
            let last = std::rc::Rc::new(std::cell::RefCell::new(JsValue::UNDEFINED));
            let seen = last.clone();
            let callback = page::callback(move |payload| {
                if let Some((name, fields)) = keep {
                    heard(name, fields_of(&payload, fields));
                }
                *seen.borrow_mut() = payload;
                again();
            });
            let function = page::function(&callback).clone();
            let list = arguments(args, &function, &JsValue::UNDEFINED);
            let returned = target.apply(&step.owner, &list).ok()?;
            let undo = move || match off {
                Off::Never => {}
                Off::Returned => {
                    if let Some(undo) = returned.dyn_ref::<Function>() {
                        let _ = undo.call0(&JsValue::UNDEFINED);
                    }
                }
                Off::Call(path, args) => {
                    if let Ok(Some(step)) = probe::walk(path)
                        && let Some(target) = step.value.dyn_ref::<Function>()
                    {
                        let list = arguments(args, &function, &last.borrow());
                        let _ = target.apply(&step.owner, &list);
                    }
                }
            };
            Some(Listener { undo: Some(Box::new(undo)), callback: Some(callback) })
        }
        Listen::Tap(path) => tap(path, again),
    }
}

/// The kept fields of a payload, by their dotted paths.
fn fields_of(payload: &JsValue, fields: &[&str]) -> Value {
    let mut entries = Vec::new();
    for field in fields {
        let mut value = payload.clone();
        for key in field.split('.') {
            value = page::get(&value, key);
        }
        if !value.is_undefined() {
            entries.push(((*field).to_owned(), probe::copy(&value, 2)));
        }
    }
    Value::Map(entries)
}

fn arguments(args: &[Arg], callback: &Function, last: &JsValue) -> Array {
    let list = Array::new();
    for arg in args {
        list.push(&match *arg {
            Arg::Text(text) => text.into(),
            Arg::Number(number) => number.into(),
            Arg::False => JsValue::FALSE,
            Arg::Null => JsValue::NULL,
            Arg::Callback => callback.into(),
            Arg::Method(name) => page::object(&[(name, callback.into())]),
            Arg::List(args) => arguments(args, callback, last).into(),
            Arg::Heard(name) => page::get(last, name),
        });
    }
    list
}

/// Wraps a method so that each call of it makes us look again, after it has run.
fn tap(path: &str, again: impl Fn() + 'static) -> Option<Listener> {
    let step = probe::walk(path).ok()??;
    let original = step.value.dyn_into::<Function>().ok()?;
    let name = JsValue::from(path.rsplit('.').next()?);
    let owner = step.owner;
    let called = page::callback(move |_| again());
    let wrapped: JsValue = wrap(&original, page::function(&called));
    Reflect::set(&owner, &name, &wrapped).ok()?;
    let undo = move || {
        // Only if nobody has wrapped it since; otherwise ours stays and does nothing more.
        if Reflect::get(&owner, &name).is_ok_and(|now| now == wrapped) {
            let _ = Reflect::set(&owner, &name, &original);
        }
    };
    Some(Listener { undo: Some(Box::new(undo)), callback: Some(called) })
}

#[wasm_bindgen::prelude::wasm_bindgen(module = "/src/js/wrap.js")]
extern "C" {
    // A Rust closure has no `this` and no arguments of its own.
    fn wrap(original: &Function, after: &Function) -> JsValue;
}
