//! How a stored text is decoded before an adapter sees it, natively: for tests and for programs
//! that read a request's cookies. In a page the platform decodes (src/js/probe.js), the same way.

use super::Value;

/// Decodes a stored text by the letter of its form (see [`Adapter`](super::Adapter)).
pub fn decode(form: &str, text: &str) -> Value {
    use base64::Engine;
    let percent = |text: &str| {
        percent_encoding::percent_decode_str(text).decode_utf8().map(|s| s.into_owned()).ok()
    };
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok().map(from_json);
    match form {
        "r" => Some(Value::Text(text.to_owned())),
        "t" => percent(text).map(Value::Text),
        "j" => json(text).or_else(|| json(&percent(text)?)),
        "b" => percent(text).and_then(|text| {
            let text: String = text
                .trim_end_matches('=')
                .chars()
                .map(|c| match c {
                    '-' => '+',
                    '_' => '/',
                    c => c,
                })
                .collect();
            let bytes = base64::engine::general_purpose::STANDARD_NO_PAD.decode(text).ok()?;
            json(std::str::from_utf8(&bytes).ok()?)
        }),
        _ => None,
    }
    .unwrap_or(Value::Thrown)
}

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Value {
        from_json(value)
    }
}

fn from_json(value: serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match value {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(b),
        Json::Number(n) => Value::Number(n.as_f64().unwrap_or(f64::NAN)),
        Json::String(s) => Value::Text(s),
        Json::Array(items) => Value::List(items.into_iter().map(from_json).collect()),
        Json::Object(map) => {
            Value::Map(map.into_iter().map(|(key, value)| (key, from_json(value))).collect())
        }
    }
}
