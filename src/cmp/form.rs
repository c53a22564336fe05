//! How a stored text is to be decoded before an adapter sees it.

#[cfg(not(target_arch = "wasm32"))]
use super::Value;

/// How a stored text is to be decoded before an adapter sees it.
///
/// In a page the platform decodes (`decodeURIComponent`, `JSON.parse`, `atob`); natively
/// `decode` in this file does the same with crates. What cannot be decoded is
/// [`Value::Thrown`](super::Value::Thrown): there, and not readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it stands.
    Raw,
    /// Percent-decoded text.
    Text,
    /// JSON; percent-decoded first if it contains a percent sign and is not JSON as it stands.
    Json,
    /// JSON in base64 (standard or URL-safe alphabet), percent-decoded first.
    Base64Json,
}

/// Decodes a stored text.
#[cfg(not(target_arch = "wasm32"))]
pub fn decode(form: Form, text: &str) -> Value {
    use base64::Engine;
    let percent = |text: &str| {
        percent_encoding::percent_decode_str(text).decode_utf8().map(|s| s.into_owned()).ok()
    };
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok().map(from_json);
    match form {
        Form::Raw => Some(Value::Text(text.to_owned())),
        Form::Text => percent(text).map(Value::Text),
        Form::Json => json(text).or_else(|| json(&percent(text)?)),
        Form::Base64Json => percent(text).and_then(|text| {
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
    }
    .unwrap_or(Value::Thrown)
}

#[cfg(not(target_arch = "wasm32"))]
impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Value {
        from_json(value)
    }
}

#[cfg(not(target_arch = "wasm32"))]
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
