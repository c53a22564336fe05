//! The rules by which an adapter reads what was found: a text, and the one function that follows
//! it. Not a language for anything else: no loops, no arithmetic, no way to fail. A word that it
//! does not know is a condition that does not hold, so a mistake closes; `tests/cmp/rules.rs`
//! finds such words, and demands a fixture for every rule.
//!
//! Why a text: forty readers written as functions weighed four times as much in a page.
//!
//! A line is a rule: conditions, `>`, and what it means. The first rule whose conditions all hold,
//! and that finds at least one answer where it looks for some, is the reading.
//!
//! ```text
//! + a.isUserActionCompleted=true > GD a.categories @ .
//! - b{,:action}~yes > GD b[,:] @ .~yes~no ; all u
//! ```
//!
//! **Where.** `+` said by the running consent manager, `-` found in storage.
//!
//! **Places.** A letter is a place of the adapter's page, `a` the first; `a/b.x` the first of them that
//! has an `x`. `.key` steps into a map, `.*` into each entry, `.-1` to the last; `{,:key}` is the
//! value of a key in a text of pairs (`x:1,key:2`; the separators may be percent-encoded, and `_`
//! stands for a space).
//!
//! **Conditions**, all of them, `|` between alternatives, `!` before one that must not hold:
//! `a` is there, `a=true` (`false`, `null`, a digit, or another place's letter) is that value,
//! `a~word` is that string, `a^20` begins so, `a>` is a number above 0 or a text of one,
//! `a:map` (`list`, `bool`, `text`) is of that type, `a#10` is a TC string of that consent
//! manager, `a#` of any.
//!
//! **Meanings**, in any number: `none` (it is not this consent manager), `not-ready`,
//! `unreadable`, `expired`, `all` with the answer for every name that is not told, and sources of
//! answers: two answers (for yes, for no), a place whose entries are looked at (a text
//! is split: `[,:]` into pairs, `[,]` into words, `#` into the purposes of a TC string), the names
//! (`@` the key, `@c.` the key without that beginning, `.name` a field or all texts of a field,
//! `'word` itself), the value (`.path` a boolean, `.path~yes~no` one of two words, `+` and `-`
//! constants, `?` and a condition whether it holds, `d[.name]` the boolean of that name in another place, or whether that text's list has
//! it), and conditions on the entry, each after a `?`. `else` before a source gives answers only to
//! names that have none yet; otherwise, of two answers for a name, the stricter stays.
//!
//! **Answers**: `G` granted, `g` implied-granted, `u` unset, `d` implied-denied, `D` denied.

use super::bits::number;
use super::{Note, Reading, Snapshot, Value};
use crate::core::Answer;

/// Answers by name, as [`Reading`] holds them.
pub type Named = Vec<(String, Answer)>;

/// Follows the rules: which line was taken, and what it means.
pub fn follow(rules: &str, found: &Snapshot) -> Option<(usize, Option<Reading>)> {
    let page = Page { found };
    for (line, rule) in pieces(rules, b'\n').enumerate() {
        if let Some(meaning) = page.rule(rule) {
            return Some((line, meaning));
        }
    }
    None
}

/// What was found, by the places that the letters mean.
struct Page<'a> {
    found: &'a Snapshot,
}

/// A value, or a piece of a text.
#[derive(Clone, Copy)]
enum Item<'a> {
    Value(&'a Value),
    Text(&'a str),
}

impl<'a> Item<'a> {
    fn text(self) -> Option<&'a str> {
        match self {
            Item::Value(value) => value.as_text(),
            Item::Text(text) => Some(text),
        }
    }
}

/// What is done with each item that a place has, and with its key; `true` ends it.
type Each<'f, 'a> = &'f mut dyn FnMut(&'a str, Item<'a>) -> bool;

impl<'a> Page<'a> {
    /// `None`: the rule does not apply. `Some(None)`: it is not this consent manager.
    fn rule(&self, rule: &str) -> Option<Option<Reading>> {
        let mut words = pieces(rule, b' ');
        let live = words.next() == Some("+");
        loop {
            match words.next()? {
                ">" => break,
                condition => {
                    if !self.holds(None, condition) {
                        return None;
                    }
                }
            }
        }
        let mut reading = Reading::named(live, Named::new());
        let mut sources = false;
        let mut late = false;
        while let Some(word) = words.next() {
            let note = match word {
                "none" => return Some(None),
                "not-ready" => Note::NotReady,
                "unreadable" => Note::Unreadable,
                "expired" => Note::Expired,
                "else" => {
                    late = true;
                    continue;
                }
                "all" => {
                    reading.rest = Some(answer(words.next()?.as_bytes().first()?));
                    continue;
                }
                // Separators, and the conditions of the source before.
                word if matches!(word.as_bytes(), [b'?' | b';', ..]) => continue,
                turn => {
                    let source = Source {
                        turn,
                        place: words.next()?,
                        names: words.next()?,
                        value: words.next()?,
                    };
                    let known = if late { reading.named.len() } else { 0 };
                    self.source(&source, words.clone(), &mut reading.named, known);
                    sources = true;
                    late = false;
                    continue;
                }
            };
            reading.note = Some(note);
            reading.rest = Some(Answer::Unset);
        }
        if sources && reading.named.is_empty() {
            return None;
        }
        Some(Some(reading))
    }

    fn source(&self, source: &Source, conditions: Pieces, named: &mut Named, known: usize) {
        let [yes, no] = source.turn.as_bytes() else { return };
        let end = source.place.bytes().position(|b| b == b'[' || b == b'#');
        let (place, split) = source.place.split_at(end.unwrap_or(source.place.len()));
        self.each(None, place, &mut |key, item| {
            spread(key, item, split, &mut |key, item| {
                for condition in conditions.clone() {
                    match condition.strip_prefix('?') {
                        Some(condition) if !self.holds(Some(item), condition) => return false,
                        Some(_) => {}
                        None => break,
                    }
                }
                if let Some(value) = self.value(key, item, source.value) {
                    let answer = answer(if value { yes } else { no });
                    self.names(key, item, source.names, &mut |name, _| {
                        put(named, known, name, answer);
                        false
                    });
                }
                false
            })
        });
    }

    /// The value of an entry, if it has one.
    fn value(&self, key: &'a str, item: Item<'a>, value: &str) -> Option<bool> {
        let mut found = None;
        match value {
            "+" => return Some(true),
            "-" => return Some(false),
            _ => {}
        }
        if let Some(condition) = value.strip_prefix('?') {
            return Some(self.holds(Some(item), condition));
        }
        if let (place, Some(name)) = cut(value, b'[', false) {
            let (name, _) = cut(name, b']', false);
            self.names(key, item, name, &mut |name, _| {
                self.each(None, place, &mut |_, item| {
                    found = match item {
                        Item::Value(Value::Map(_)) => {
                            let Item::Value(map) = item else { return false };
                            map.get(name).and_then(Value::as_bool)
                        }
                        _ => {
                            let mut listed = false;
                            spread("", item, "[,]", &mut |_, word| {
                                listed |= word.text() == Some(name);
                                listed
                            });
                            Some(listed)
                        }
                    };
                    true
                })
            });
            return found;
        }
        let mut parts = pieces(value, b'~');
        let path = parts.next()?;
        let words = (parts.next(), parts.next());
        self.each(Some(item), path, &mut |_, item| {
            found = match (words, item) {
                ((None, _), Item::Value(value)) => value.as_bool(),
                ((Some(yes), _), _) if item.text() == Some(yes) => Some(true),
                ((_, Some(no)), _) if item.text() == Some(no) => Some(false),
                _ => None,
            };
            true
        });
        found
    }

    /// The names that an entry answers for.
    fn names(
        &self,
        key: &'a str,
        item: Item<'a>,
        names: &str,
        each: &mut dyn FnMut(&str, ()) -> bool,
    ) {
        for name in pieces(names, b',') {
            if let Some(beginning) = name.strip_prefix('@') {
                // What is no map's entry has no key.
                if let Some(key) = key.strip_prefix(beginning).filter(|key| !key.is_empty()) {
                    each(key, ());
                }
            } else if let Some(name) = name.strip_prefix('\'') {
                each(name, ());
            } else {
                self.each(Some(item), name, &mut |_, item| {
                    if let Some(name) = item.text() {
                        each(name, ());
                    } else if let Item::Value(value) = item {
                        for name in value.items() {
                            if let Some(name) = name.as_text() {
                                each(name, ());
                            }
                        }
                    }
                    false
                });
            }
        }
    }

    /// Whether a condition holds, on an entry or on the page.
    fn holds(&self, item: Option<Item<'a>>, condition: &str) -> bool {
        for one in pieces(condition, b'|') {
            let (one, wanted) = match one.strip_prefix('!') {
                Some(one) => (one, false),
                None => (one, true),
            };
            let mut within = false;
            let end = one.bytes().position(|b| {
                within = b == b'{' || within && b != b'}';
                !within && matches!(b, b'=' | b'~' | b'^' | b'>' | b':' | b'#')
            });
            let (place, test) = one.split_at(end.unwrap_or(one.len()));
            if self.each(item, place, &mut |_, item| self.is(item, test)) == wanted {
                return true;
            }
        }
        false
    }

    fn is(&self, item: Item<'a>, test: &str) -> bool {
        let Some(kind) = test.as_bytes().first() else { return true };
        let Some(operand) = test.get(1..) else { return false };
        let text = item.text();
        match kind {
            b'~' => text == Some(operand),
            b'^' => text.is_some_and(|text| text.starts_with(operand)),
            b'#' => text.is_some_and(|text| tc_string(text, operand)),
            b'>' => match item {
                Item::Value(Value::Number(number)) => *number > 0.0,
                _ => text.is_some_and(|text| {
                    text.bytes().all(|b| b.is_ascii_digit()) && text.bytes().any(|b| b != b'0')
                }),
            },
            b':' => match item {
                Item::Value(Value::Map(_)) => operand == "map",
                Item::Value(Value::List(_)) => operand == "list",
                Item::Value(Value::Bool(_)) => operand == "bool",
                _ => operand == "text" && text.is_some(),
            },
            _ => {
                let Item::Value(value) = item else { return false };
                match (operand, operand.as_bytes()) {
                    ("true", _) => *value == Value::Bool(true),
                    ("false", _) => *value == Value::Bool(false),
                    ("null", _) => *value == Value::Null,
                    (_, [letter @ b'a'..=b'z']) => self.probe(*letter) == Some(value),
                    _ => *value == Value::Number(integer(operand).into()),
                }
            }
        }
    }

    /// Visits what is at a place: of an entry (`.path`), or of the page (`a.path`).
    fn each(&self, item: Option<Item<'a>>, place: &str, each: Each<'_, 'a>) -> bool {
        if let Some(item) = item
            && place.starts_with('.')
        {
            return visit("", item, place, each);
        }
        let end = place.bytes().position(|b| !(b.is_ascii_lowercase() || b == b'/'));
        let (letters, path) = place.split_at(end.unwrap_or(place.len()));
        for letter in letters.bytes() {
            if let Some(value) = self.probe(letter) {
                let mut any = false;
                let ended = visit("", Item::Value(value), path, &mut |key, item| {
                    any = true;
                    each(key, item)
                });
                if any {
                    return ended;
                }
            }
        }
        false
    }

    fn probe(&self, letter: u8) -> Option<&'a Value> {
        self.found.get(usize::from(letter.checked_sub(b'a')?))
    }
}

/// A source of answers, in the words of its rule.
struct Source<'r> {
    turn: &'r str,
    place: &'r str,
    names: &'r str,
    value: &'r str,
}

/// Adds an answer: the stricter stays, and the first `known` names keep theirs.
pub fn put(named: &mut Named, known: usize, name: &str, answer: Answer) {
    for (index, (other, kept)) in named.iter_mut().enumerate() {
        if other == name {
            if index >= known {
                *kept = (*kept).min(answer);
            }
            return;
        }
    }
    named.push((name.to_owned(), answer));
}

fn answer(letter: &u8) -> Answer {
    match letter {
        b'G' => Answer::Granted,
        b'g' => Answer::ImpliedGranted,
        b'd' => Answer::ImpliedDenied,
        b'D' => Answer::Denied,
        _ => Answer::Unset,
    }
}

/// Follows a path from a value.
fn visit<'a>(key: &'a str, item: Item<'a>, path: &str, each: Each<'_, 'a>) -> bool {
    if let Some(path) = path.strip_prefix('{') {
        let (inside, Some(path)) = cut(path, b'}', false) else { return false };
        let Some((separators, wanted)) = inside.split_at_checked(2) else { return false };
        let mut done = false;
        return spread(key, item, separators, &mut |name, value| {
            if done || name != wanted {
                return false;
            }
            // The first of several: later ones are not ours.
            done = true;
            visit(name, value, path, each)
        });
    }
    let Some(path) = path.strip_prefix('.') else { return path.is_empty() && each(key, item) };
    if path.is_empty() {
        return each(key, item);
    }
    let Item::Value(value) = item else { return false };
    let next = path.bytes().position(|b| b == b'.' || b == b'{').unwrap_or(path.len());
    match (path.split_at(next), value) {
        (("*", path), _) => spread(key, item, "", &mut |key, item| visit(key, item, path, each)),
        (("-1", path), Value::List(items)) => {
            items.last().is_some_and(|item| visit(key, Item::Value(item), path, each))
        }
        // A key may have dots of its own: kept fields are named by their whole path.
        _ => value.entries().iter().any(|(key, value)| match path.strip_prefix(key.as_str()) {
            Some(path) if matches!(path.as_bytes(), [] | [b'.' | b'{', ..]) => {
                visit(key, Item::Value(value), path, each)
            }
            _ => false,
        }),
    }
}

/// The entries of a map or a list, the pieces of a text, or the thing itself.
fn spread<'a>(key: &'a str, item: Item<'a>, split: &str, each: Each<'_, 'a>) -> bool {
    match (item.text(), item) {
        (Some(text), _) if split == "#" => {
            const NAMES: [&str; 11] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"];
            for (at, name) in NAMES.iter().enumerate() {
                let bit = if number(text, PURPOSES + at, 1) == Some(1) { "1" } else { "0" };
                if tc_string(text, "") && each(name, Item::Text(bit)) {
                    return true;
                }
            }
            false
        }
        (Some(text), _) if !split.is_empty() => {
            let mut separators = split.bytes().filter(|b| !matches!(b, b'[' | b']'));
            let Some(outer) = separators.next() else { return false };
            let inner = separators.next();
            for piece in (Pieces { left: Some(text), at: outer, encoded: true }) {
                let ended = match inner {
                    None => !piece.is_empty() && each("", Item::Text(piece)),
                    Some(inner) => match cut(piece, inner, true) {
                        (key, Some(value)) => each(key, Item::Text(value)),
                        _ => false,
                    },
                };
                if ended {
                    return true;
                }
            }
            false
        }
        (None, Item::Value(Value::Map(entries))) => {
            entries.iter().any(|(key, value)| each(key, Item::Value(value)))
        }
        (None, Item::Value(Value::List(items))) => {
            items.iter().any(|value| each("", Item::Value(value)))
        }
        _ => each(key, item),
    }
}

/// The pieces of a text between separators.
#[derive(Clone)]
struct Pieces<'t> {
    left: Option<&'t str>,
    at: u8,
    encoded: bool,
}

/// The pieces of a rule.
fn pieces(text: &str, at: u8) -> Pieces<'_> {
    Pieces { left: Some(text), at, encoded: false }
}

impl<'t> Iterator for Pieces<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let (piece, left) = cut(self.left?, self.at, self.encoded);
        self.left = left;
        Some(piece)
    }
}

/// Cuts at the first separator; nothing is left if there is none.
///
/// In a stored text it may be percent-encoded; not so in a query string, whose values may hold
/// whole addresses.
fn cut(text: &str, separator: u8, encoded: bool) -> (&str, Option<&str>) {
    let separator = if encoded && separator == b'_' { b' ' } else { separator };
    let encoded = encoded && separator != b'&' && separator != b'=';
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let width = match bytes.get(at + 1..at + 3) {
            _ if *byte == separator => 1,
            Some([high, low])
                if encoded
                    && *byte == b'%'
                    && hex(*high) * 16 + hex(*low) == u32::from(separator) =>
            {
                3
            }
            _ => continue,
        };
        if let (Some(head), Some(tail)) = (text.get(..at), text.get(at + width..)) {
            return (head, Some(tail));
        }
    }
    (text, None)
}

/// The value of a hexadecimal digit; of anything else, one too great for any byte of ASCII.
fn hex(digit: u8) -> u32 {
    char::from(digit).to_digit(16).unwrap_or(1 << 16)
}

/// The number that the digits of a rule make.
fn integer(digits: &str) -> u32 {
    digits.bytes().fold(0, |number, digit| number * 10 + u32::from(digit & 15))
}

/// Where a TC string of version 2 has its consent manager and its purposes.
const CMP_ID: usize = 78;
const PURPOSES: usize = 152;

/// Whether it is a TC string of version 2, whole to its purposes, of this consent manager (or of
/// any).
fn tc_string(text: &str, cmp_id: &str) -> bool {
    number(text, 0, 6) == Some(2)
        && number(text, PURPOSES, 24).is_some()
        && (cmp_id.is_empty() || number(text, CMP_ID, 12) == Some(integer(cmp_id)))
}
