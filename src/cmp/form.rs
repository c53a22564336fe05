//! How a stored text is decoded before an adapter sees it, outside of a page: for programs that
//! read a request's cookies. In a page the platform decodes (src/js/probe.js); where the two
//! differ this one is wrong, so what `decodeURIComponent`, `atob` and `JSON.parse` refuse is
//! refused here, and a copy has the same bounds.

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use super::Value;

/// How deep, how wide and how long a copy may be, as in src/js/probe.js.
const DEPTH: usize = 5;
const WIDTH: usize = 256;
const LENGTH: usize = 8192;

/// The greatest number that is a whole number to JavaScript, and all below are.
const SAFE: f64 = 9_007_199_254_740_991.0;

/// Decodes a stored text by the letter of its form (see [`Adapter`](super::Adapter)).
pub fn decode(form: &str, text: &str) -> Value {
    if text.len() > LENGTH && text.encode_utf16().count() > LENGTH {
        return Value::Thrown;
    }
    match form {
        "r" => Some(Value::Text(shown(text))),
        "t" => percent(text).map(|text| Value::Text(shown(&text))),
        "j" => json(text).or_else(|| json(&percent(text)?)),
        "b" => percent(text).and_then(|text| {
            let bytes = base64(&text)?;
            let text = String::from_utf8_lossy(&bytes);
            json(text.strip_prefix('\u{feff}').unwrap_or(&text))
        }),
        _ => None,
    }
    .unwrap_or(Value::Thrown)
}

/// The notation that crosses the boundary ends a text with a zero.
fn shown(text: &str) -> String {
    text.replace('\0', " ")
}

/// `decodeURIComponent`.
fn percent(text: &str) -> Option<Cow<'_, str>> {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut digit = || bytes.next().is_some_and(|digit| digit.is_ascii_hexdigit());
        if byte == b'%' && !(digit() && digit()) {
            return None;
        }
    }
    percent_encoding::percent_decode_str(text).decode_utf8().ok()
}

/// `atob`, after the letters of base64url were made those of base64.
fn base64(text: &str) -> Option<Vec<u8>> {
    use base64::Engine;
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    const FORGIVING: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::RequireNone),
    );
    let mut text: String = text
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\x0c' | '\r' | ' '))
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            c => c,
        })
        .collect();
    if text.len().is_multiple_of(4) {
        for _ in 0..2 {
            if text.ends_with('=') {
                text.pop();
            }
        }
    }
    FORGIVING.decode(text).ok()
}

fn json(text: &str) -> Option<Value> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Within(DEPTH).deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(value)
}

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Value {
        Within(DEPTH).deserialize(value).unwrap_or(Value::Thrown)
    }
}

/// A value, so many levels deep; what is deeper is read over.
struct Within(usize);

impl<'de> DeserializeSeed<'de> for Within {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Within {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        // Others do not cross the boundary of a page.
        let safe = value.fract() == 0.0 && value.abs() <= SAFE;
        Ok(if safe { Value::Number(value) } else { Value::Null })
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(shown(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        if let Some(deeper) = self.0.checked_sub(1) {
            while items.len() < WIDTH {
                let Some(item) = list.next_element_seed(Within(deeper))? else { break };
                items.push(item);
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries: Vec<(String, Value)> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        if let Some(deeper) = self.0.checked_sub(1) {
            while let Some(key) = map.next_key::<String>()? {
                let value = map.next_value_seed(Within(deeper))?;
                // Of two of one name the last counts, at the place of the first.
                match known.get(&key).and_then(|at| entries.get_mut(*at)) {
                    Some(entry) => entry.1 = value,
                    None => {
                        known.insert(key.clone(), entries.len());
                        entries.push((key, value));
                    }
                }
            }
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        // JavaScript has the keys that are numbers first.
        entries.sort_by_key(|(key, _)| index(key).unwrap_or(u64::MAX));
        entries.truncate(WIDTH);
        Ok(Value::Map(entries.into_iter().map(|(key, value)| (shown(&key), value)).collect()))
    }
}

/// The number that a key is, to JavaScript's order of keys.
fn index(key: &str) -> Option<u64> {
    let plain = key == "0" || !key.starts_with('0');
    let digits = plain && key.len() <= 10 && key.bytes().all(|byte| byte.is_ascii_digit());
    key.parse().ok().filter(|index| digits && *index < 4_294_967_295)
}
