//! How a stored text is decoded before an adapter sees it, outside of a page: for programs that
//! read a request's cookies. In a page the platform decodes (src/page/look/probe.js); where the two
//! differ this one is wrong, so what `decodeURIComponent`, `atob` and `JSON.parse` refuse is
//! refused here, and a copy has the same bounds.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Value, encoded as rare};
use crate::core::protocol::{DEPTH, Form, LENGTH, RECORDED, WIDTH};

/// The greatest number that is a whole number to JavaScript, and all below are.
const SAFE: f64 = 9_007_199_254_740_991.0;

/// Decodes a stored text by the letter of its form (see [`Adapter`](super::Adapter)).
pub fn decode(form: &str, text: &str) -> Value {
    // Records may be long, and what is copied of one is bounded; texts are copied whole.
    let longest = match form_of(form) {
        Some(Form::Json | Form::Base64) => RECORDED,
        _ => LENGTH,
    };
    if text.len() > longest && text.encode_utf16().count() > longest {
        return Value::Thrown;
    }
    match form_of(form) {
        Some(Form::Raw) => Some(Value::Text(shown(text.to_owned()))),
        Some(Form::Text) => percent(text).map(|text| Value::Text(shown(text.into_owned()))),
        Some(Form::Json) => json(text).or_else(|| {
            let text = percent(text)?;
            // Some encode it twice.
            json(&text).or_else(|| json(&percent(&text)?)).or_else(|| encoded(&text))
        }),
        Some(Form::Base64) => percent(text).and_then(|text| encoded(&text)),
        Some(Form::Tc) => rare::tc(text).map(tc),
        Some(form) => rare::json(form, text).and_then(|text| json(&text)),
        None => None,
    }
    .unwrap_or(Value::Thrown)
}

/// A TC string, as its JSON would be decoded: most requests in Europe have one.
fn tc(tc: rare::Tc) -> Value {
    let purposes = (1..).zip(tc.purposes);
    let purposes =
        purposes.map(|(id, consented): (u32, bool)| (id.to_string(), Value::Bool(consented)));
    Value::Map(vec![
        ("cmpId".to_owned(), Value::Number(tc.cmp_id.into())),
        ("purposes".to_owned(), Value::Map(purposes.collect())),
    ])
}

/// JSON in base64.
fn encoded(text: &str) -> Option<Value> {
    let bytes = base64(text)?;
    let text = String::from_utf8_lossy(&bytes);
    json(text.strip_prefix('\u{feff}').unwrap_or(&text))
}

fn form_of(letter: &str) -> Option<Form> {
    let [letter] = letter.as_bytes() else { return None };
    Form::of_sign(*letter)
}

/// The notation that crosses the boundary ends a text with a zero.
fn shown(text: String) -> String {
    if text.contains('\0') { text.replace('\0', " ") } else { text }
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

/// `JSON.parse`, and the bounded copy of what it gives.
fn json(text: &str) -> Option<Value> {
    let text = whole(text);
    copy(serde_json::from_str::<&RawValue>(&text).ok()?, DEPTH)
}

/// A value, so many levels deep. Every level is looked at as text first, which has no limit of
/// depth and no number that is too great.
fn copy(raw: &RawValue, depth: usize) -> Option<Value> {
    let text = raw.get();
    Some(match (text.as_bytes().first()?, depth.checked_sub(1)) {
        (b'n', _) => Value::Null,
        (b't' | b'f', _) => Value::Bool(text == "true"),
        (b'"', _) => Value::Text(shown(serde_json::from_str::<String>(text).ok()?)),
        (b'[', None) => Value::List(Vec::new()),
        (b'{', None) => Value::Map(Vec::new()),
        (b'[', Some(deeper)) => {
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            let items = items.into_iter().take(WIDTH).map(|item| copy(item, deeper));
            Value::List(items.collect::<Option<_>>()?)
        }
        (b'{', Some(deeper)) => {
            let Entries(entries) = serde_json::from_str(text).ok()?;
            let entries = entries.into_iter().take(WIDTH);
            let entries = entries.map(|(key, value)| Some((shown(key), copy(value, deeper)?)));
            Value::Map(entries.collect::<Option<_>>()?)
        }
        _ => number(text.parse().ok()?),
    })
}

/// Others do not cross the boundary of a page.
fn number(number: f64) -> Value {
    let safe = number.fract() == 0.0 && number.abs() <= SAFE;
    if safe { Value::Number(number) } else { Value::Null }
}

/// The entries of an object as JavaScript has them: of two of one name the last, at the place of
/// the first; names that are numbers before all others.
struct Entries<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Ours;
        impl<'de> Visitor<'de> for Ours {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut places: BTreeMap<String, (usize, &'de RawValue)> = BTreeMap::new();
                while let Some((key, value)) = map.next_entry::<String, &'de RawValue>()? {
                    let place = places.len();
                    places.entry(key).or_insert((place, value)).1 = value;
                }
                let mut entries: Vec<_> = places.into_iter().collect();
                entries.sort_by_key(|(key, (place, _))| (index(key).unwrap_or(u64::MAX), *place));
                let entries = entries.into_iter().map(|(key, (_, value))| (key, value)).collect();
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Ours)
    }
}

/// Half a pair of surrogates, which JavaScript takes for text and which is none anywhere else:
/// what crosses the boundary of a page has a mark in its place, and so has this.
fn whole(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u") {
        return Cow::Borrowed(text);
    }
    let unit = |at: usize| {
        let digits = text.get(at..).and_then(|rest| rest.strip_prefix("\\u"))?.get(..4)?;
        let unit = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| unit)
    };
    let mut mended = String::with_capacity(text.len());
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        let (width, half) = match (char, unit(at)) {
            ('\\', Some(0xd800..=0xdbff)) => match unit(at + 6) {
                Some(0xdc00..=0xdfff) => (12, false),
                _ => (6, true),
            },
            ('\\', Some(0xdc00..=0xdfff)) => (6, true),
            ('\\', _) => (2, false),
            _ => (1, false),
        };
        if half {
            mended.push('\u{fffd}');
        } else {
            mended.push(char);
        }
        for _ in 1..width {
            let Some((_, next)) = chars.next() else { break };
            if !half {
                mended.push(next);
            }
        }
    }
    Cow::Owned(mended)
}

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Value {
        use serde_json::Value as Json;
        match value {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(value),
            Json::Number(value) => number(value.as_f64().unwrap_or(f64::NAN)),
            Json::String(text) => Value::Text(text),
            Json::Array(items) => Value::List(items.into_iter().map(Value::from).collect()),
            Json::Object(map) => {
                Value::Map(map.into_iter().map(|(key, value)| (key, value.into())).collect())
            }
        }
    }
}

/// The number that a key is, to JavaScript's order of keys.
fn index(key: &str) -> Option<u64> {
    let plain = key == "0" || !key.starts_with('0');
    let digits = plain && key.len() <= 10 && key.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        return None;
    }
    key.parse().ok().filter(|index| *index < 4_294_967_295)
}

#[cfg(test)]
mod tests {
    use super::{Form, Value, decode};
    use crate::cmp::encoded;

    fn text(form: &str, text: &str) -> Option<String> {
        decode(form, text).as_text().map(str::to_owned)
    }

    #[test]
    fn percent_signs_are_followed_by_digits_and_make_utf_8() {
        assert_eq!(text("t", "a%20%C3%A4ä").as_deref(), Some("a ää"));
        for wrong in ["%", "100%", "%2", "%zz", "%+1", "%C3", "%ED%A0%80", "%u0041"] {
            assert_eq!(decode("t", wrong), Value::Thrown, "{wrong}");
        }
    }

    #[test]
    fn base64_is_forgiving_as_atob_is() {
        for good in ["eyJhIjoxfQ==", "eyJhIjoxfQ", "eyJh IjoxfQ==", "eyJhIjoxfR"] {
            assert_eq!(decode("b", good).get("a"), Some(&Value::Number(1.0)), "{good}");
        }
        for wrong in ["eyJhIjoxfQ=", "eyJhIjoxfQ===", "eyJhI", "eyJh*joxfQ=="] {
            assert_eq!(decode("b", wrong), Value::Thrown, "{wrong}");
        }
    }

    #[test]
    fn a_tc_string_is_what_its_json_is() {
        let text = "CQuZP8AQuZP8AEsABBENABEgAIGAAAAAAAAAAAAAAAAA.YAAAAAAAAAAA";
        let json = encoded::json(Form::Tc, text).unwrap();
        assert_eq!(decode("u", text), decode("j", &json));
        assert_eq!(decode("u", text.get(..30).unwrap()), Value::Thrown);
    }

    #[test]
    fn json_is_as_deep_as_it_likes_and_copied_as_deep_as_a_page_copies() {
        let deep = ["[".repeat(4000), "]".repeat(4000)].concat();
        let mut value = decode("j", &deep);
        let mut levels = 0;
        while let Value::List(items) = &value {
            levels += 1;
            let Some(item) = items.first().cloned() else { break };
            value = item;
        }
        assert_eq!(levels, 6);
        assert_eq!(decode("j", &deep[1..]), Value::Thrown);
    }

    #[test]
    fn objects_are_those_of_javascript() {
        let map =
            decode("j", r#"{"b":1,"10":2,"a":3,"9":4,"b":5,"__proto__":true,"c":1.5,"d":1e999}"#);
        let keys: Vec<&str> = map.entries().iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["9", "10", "b", "a", "__proto__", "c", "d"]);
        assert_eq!(map.get("b"), Some(&Value::Number(5.0)));
        assert_eq!(map.get("c"), Some(&Value::Null));
        assert_eq!(map.get("d"), Some(&Value::Null));
    }

    #[test]
    fn half_a_pair_of_surrogates_is_a_mark() {
        let list = decode("j", r#"["\ud83c\udf6a","\ud83c","x\udf6ay","\\ud83c","\ud83c\u0041"]"#);
        let texts: Vec<&str> = list.items().iter().filter_map(Value::as_text).collect();
        assert_eq!(texts, ["🍪", "\u{fffd}", "x\u{fffd}y", "\\ud83c", "\u{fffd}A"]);
    }

    #[test]
    fn what_is_too_long_is_not_read() {
        assert_eq!(text("r", &"ä".repeat(8192)).map(|text| text.chars().count()), Some(8192));
        assert_eq!(decode("r", &"a".repeat(8193)), Value::Thrown);
    }
}
