//! Runs probes: looks where an adapter says, and copies what is there within bounds.

use js_sys::{Array, Function, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::page;
use super::storage::{self, Cookies};
use crate::cmp::{Form, Probe, Snapshot, Value};

/// How deep, how wide and how long a copy may be. A consent manager's own state fits many
/// times over; a page cannot make us copy a document.
const DEPTH: u32 = 4;
const WIDTH: u32 = 256;
const LENGTH: usize = 8192;

/// What a path led to: the value, and the object that it was found on.
pub struct Step {
    pub owner: JsValue,
    pub value: JsValue,
}

/// Follows a dotted path from `window`. `Ok(None)`: a step is not there. `Err`: one threw.
pub fn walk(path: &str) -> Result<Option<Step>, JsValue> {
    let mut owner = JsValue::UNDEFINED;
    let mut value = page::global();
    for segment in path.split('.') {
        if !value.is_object() && !value.is_function() {
            return Ok(None);
        }
        let (name, args) = match segment.split_once('(') {
            Some((name, args)) => (name, Some(args.trim_end_matches(')'))),
            None => (segment, None),
        };
        owner = value;
        value = Reflect::get(&owner, &name.into())?;
        if let Some(args) = args {
            let Some(function) = value.dyn_ref::<Function>() else { return Ok(None) };
            let list = Array::new();
            for word in args.split(',').filter(|word| !word.is_empty()) {
                list.push(&match word {
                    "@host" => page::get(&page::get(&page::global(), "location"), "hostname"),
                    word => word.into(),
                });
            }
            value = function.apply(&owner, &list)?;
        }
    }
    Ok((!value.is_undefined()).then_some(Step { owner, value }))
}

/// Runs an adapter's probes. `heard` holds what its callbacks were last called with.
pub fn run(probes: &[Probe], cookies: &Cookies, heard: &[(&'static str, Value)]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for probe in probes {
        let found = match *probe {
            Probe::Global(path) => found(path, |value| copy(value, DEPTH)),
            Probe::Entries(path, head) => found(path, |value| entries(value, head)),
            Probe::Cookie(name, form) => cookies.get(name).map(|text| decode(form, text)),
            Probe::CookiePrefix(prefix, form) => {
                cookies.starting(prefix).map(|text| decode(form, text))
            }
            Probe::Local(key, form) => storage::local_get(key).map(|text| decode(form, &text)),
            Probe::LocalAll(prefix, form) => local_all(prefix, form),
            Probe::Heard(name) => {
                heard.iter().find(|entry| entry.0 == name).map(|entry| entry.1.clone())
            }
        };
        if let Some(value) = found {
            snapshot.put(*probe, value);
        }
    }
    snapshot
}

fn found(path: &str, read: impl Fn(&JsValue) -> Value) -> Option<Value> {
    match walk(path) {
        Ok(step) => step.map(|step| read(&step.value)),
        Err(_) => Some(Value::Thrown),
    }
}

fn local_all(prefix: &str, form: Form) -> Option<Value> {
    let mut entries = Vec::new();
    for key in storage::local_keys() {
        if let (Some(rest), Some(text)) = (key.strip_prefix(prefix), storage::local_get(&key)) {
            entries.push((rest.to_owned(), decode(form, &text)));
        }
    }
    (!entries.is_empty()).then_some(Value::Map(entries))
}

/// Copies a value within bounds.
pub fn copy(value: &JsValue, depth: u32) -> Value {
    if let Some(b) = value.as_bool() {
        Value::Bool(b)
    } else if let Some(n) = value.as_f64() {
        Value::Number(n)
    } else if let Some(text) = value.as_string() {
        Value::Text(if text.len() > LENGTH { String::new() } else { text })
    } else if value.is_function() {
        Value::Function
    } else if !value.is_object() {
        Value::Null
    } else if depth == 0 {
        Value::Map(Vec::new())
    } else if Array::is_array(value) {
        items(value, depth)
    } else {
        map(value.unchecked_ref(), depth)
    }
}

fn items(value: &JsValue, depth: u32) -> Value {
    let length = page::get(value, "length").as_f64().unwrap_or(0.0) as u32;
    let item = |i| match Reflect::get_u32(value, i) {
        Ok(item) => copy(&item, depth - 1),
        Err(_) => Value::Thrown,
    };
    Value::List((0..length.min(WIDTH)).map(item).collect())
}

fn map(object: &Object, depth: u32) -> Value {
    let mut entries = Vec::new();
    let keys = Reflect::own_keys(object).unwrap_or_default();
    for key in keys.iter().take(WIDTH as usize) {
        // A symbol is no string and no consent manager's key.
        if let Some(name) = key.as_string() {
            let value = match Reflect::get(object, &key) {
                Ok(value) => copy(&value, depth - 1),
                Err(_) => Value::Thrown,
            };
            entries.push((name, value));
        }
    }
    Value::Map(entries)
}

/// Entries of an array whose first element is this word; they are often `arguments`
/// objects, so array-likes count.
fn entries(value: &JsValue, head: &str) -> Value {
    let length = page::get(value, "length").as_f64().unwrap_or(0.0) as u32;
    let mut found = Vec::new();
    // The newest count, and a page may push for hours: the last so many.
    for i in length.saturating_sub(WIDTH * 4)..length {
        if let Ok(entry) = Reflect::get_u32(value, i)
            && entry.is_object()
            && page::get(&entry, "0").as_string().as_deref() == Some(head)
        {
            found.push(items(&entry, 3));
        }
    }
    Value::List(found)
}

/// Decodes a stored text by the platform's own decoders.
fn decode(form: Form, text: &str) -> Value {
    if text.len() > LENGTH {
        return Value::Thrown;
    }
    let percent = || js_sys::decode_uri_component(text).ok().and_then(|s| s.as_string());
    let json = |text: &str| JSON::parse(text).ok().map(|value| copy(&value, DEPTH));
    match form {
        Form::Raw => Some(Value::Text(text.to_owned())),
        Form::Text => percent().map(Value::Text),
        Form::Json => json(text).or_else(|| json(&percent()?)),
        Form::Base64Json => percent().and_then(|text| {
            let text = text.replace('-', "+").replace('_', "/");
            let bytes = page::call(&page::global(), "atob", &[&text.into()]).ok()?;
            // atob gives one character a byte.
            let bytes: Vec<u8> = bytes.as_string()?.chars().map(|c| c as u8).collect();
            json(&String::from_utf8(bytes).ok()?)
        }),
    }
    .unwrap_or(Value::Thrown)
}

/// A copy as a JavaScript value again, to be shown by `explain()`.
pub fn show(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Bool(b) => (*b).into(),
        Value::Number(n) => (*n).into(),
        Value::Text(text) => text.into(),
        Value::List(items) => {
            let array = Array::new();
            for item in items {
                array.push(&show(item));
            }
            array.into()
        }
        Value::Map(entries) => {
            let object = Object::new();
            for (key, value) in entries {
                page::set(&object, key, &show(value));
            }
            object.into()
        }
        Value::Function => "(function)".into(),
        Value::Thrown => "(threw, or cannot be decoded)".into(),
    }
}
