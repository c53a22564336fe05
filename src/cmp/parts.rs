//! Small parts that several readers share. Not a parser library: each does one thing that at
//! least two adapters need, in as little compiled code as possible (no regular expression, no
//! formatting, no generics that are compiled once per caller).

use super::{Note, Reading, Value};
use crate::core::Answer;

/// Answers by category name, as [`Reading`](super::Reading) holds them.
pub type Named = Vec<(String, Answer)>;

/// Adds an answer. Where the name is there already, the stricter stays: two groupings of one
/// consent manager may share a name, and neither may open what the other closes.
pub fn put(named: &mut Named, name: &str, answer: Answer) {
    for (known, kept) in named.iter_mut() {
        if known == name {
            *kept = (*kept).min(answer);
            return;
        }
    }
    named.push((name.to_owned(), answer));
}

/// Adds an answer for each string of a list.
pub fn put_each(named: &mut Named, list: Option<&Value>, answer: Answer) {
    for item in list.map(Value::items).unwrap_or_default() {
        if let Some(name) = item.as_text() {
            put(named, name, answer);
        }
    }
}

/// Adds an answer for each real boolean of a map; what is not a boolean is no answer.
pub fn put_bools(named: &mut Named, map: Option<&Value>, answer: fn(bool) -> Answer) {
    for (name, value) in map.map(Value::entries).unwrap_or_default() {
        if let Some(yes) = value.as_bool() {
            put(named, name, answer(yes));
        }
    }
}

/// Adds an answer for each entry of a map that is one of two words.
pub fn put_words(
    named: &mut Named,
    map: Option<&Value>,
    yes: &str,
    no: &str,
    answer: fn(bool) -> Answer,
) {
    for (name, value) in map.map(Value::entries).unwrap_or_default() {
        if let Some(yes) = word(Some(value), yes, no) {
            put(named, name, answer(yes));
        }
    }
}

/// Which of two words it is.
pub fn word(value: Option<&Value>, yes: &str, no: &str) -> Option<bool> {
    match text(value) {
        Some(word) if word == yes => Some(true),
        Some(word) if word == no => Some(false),
        _ => None,
    }
}

/// Before an answer, where the default depends on the place: what is on is on by default, and
/// what is off has not been asked yet.
pub fn open(on: bool) -> Answer {
    if on { Answer::ImpliedGranted } else { Answer::Unset }
}

/// A reading of these answers alone; if there are none, one that cannot be read.
pub fn reading(live: bool, named: Named) -> Reading {
    if named.is_empty() {
        return Reading::unset(live, Some(Note::Unreadable));
    }
    Reading::named(live, named)
}

/// On the page, and it gave something else than it is known to give.
pub fn unreadable() -> Option<Reading> {
    Some(Reading::unset(true, Some(Note::Unreadable)))
}

/// On the page, and not loaded yet.
pub fn not_ready() -> Option<Reading> {
    Some(Reading::unset(true, Some(Note::NotReady)))
}

/// Whether the value is there and is `true`.
pub fn is_true(value: Option<&Value>) -> bool {
    value.and_then(Value::as_bool) == Some(true)
}

/// The string, if the value is there and is one.
pub fn text(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_text)
}

/// What follows `key` and `between` in the first piece of the text that begins so:
/// `field("a=1&b=2", '&', '=', "b")` is `"2"`. Whole keys only: `C0002` is not in `C00020:1`.
pub fn field<'a>(text: &'a str, pieces: char, between: char, key: &str) -> Option<&'a str> {
    text.split(pieces).find_map(|piece| {
        let (name, value) = piece.split_once(between)?;
        (name.trim() == key).then_some(value.trim())
    })
}

/// Percent-decodes. A percent sign that begins no pair of hex digits stays as it is, and bytes
/// that are not UTF-8 become the replacement character: this never fails, and never makes a
/// name that was not there.
pub fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if let (b'%', [high, low, after @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            bytes.push(high * 16 + low);
            rest = after;
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|d| d as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_answers_for_one_name_the_stricter_stays() {
        let mut named = Named::new();
        put(&mut named, "a", Answer::Granted);
        put(&mut named, "a", Answer::Denied);
        put(&mut named, "a", Answer::ImpliedGranted);
        assert_eq!(named, [("a".to_owned(), Answer::Denied)]);
    }

    #[test]
    fn a_field_is_found_by_its_whole_name() {
        assert_eq!(field("C00020:1,C0002:0", ',', ':', "C0002"), Some("0"));
        assert_eq!(field("C00020:1", ',', ':', "C0002"), None);
        assert_eq!(field("", ',', ':', ""), None);
    }

    #[test]
    fn escapes_are_decoded_once_and_broken_ones_stay() {
        assert_eq!(unescape("a%3A1%2Cb%3a0"), "a:1,b:0");
        assert_eq!(unescape("%253A"), "%3A");
        assert_eq!(unescape("100%"), "100%");
        assert_eq!(unescape("%2"), "%2");
        assert_eq!(unescape("%zz"), "%zz");
        assert_eq!(unescape("%FF"), "\u{FFFD}");
    }
}
