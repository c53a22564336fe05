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
//! value of a key in a text of pairs (`x:1,key:2`; the separators may be percent-encoded, `_`
//! stands for a space, and `*` for a comma, a bar, an underscore or a space).
//!
//! **Conditions**, all of them, `|` between alternatives, `!` before one that must not hold:
//! `a` is there, `a=true` (`false`, `null`, a digit, or another place's letter) is that value,
//! `a~word` is that string, `a^20` begins so, `a>` is a number above 0 or a text of one,
//! `a:map` (`list`, `bool`, `text`) is of that type, `a#10` is a TC string of that consent
//! manager, `a#` of any, `a%` a GPP string with an opt-out.
//!
//! **Meanings**, in any number: `none` (it is not this consent manager), `not-ready`, `asking`,
//! `unreadable`, `expired`, `all` with the answer for every name that is not told, and sources of
//! answers: two answers (for yes, for no), a place whose entries are looked at (a text
//! is split: `[,:]` into pairs, `[,]` into words, `#` into the purposes of a TC string, `#8` into
//! that one), the names
//! (`@` the key, `@c.` the key without that beginning, `.name` a field or all texts of a field,
//! `'word` itself), the value (`.path` a boolean, `.path~yes~no` one of two words, `+` and `-`
//! constants, `?` and a condition whether it holds, `d[.name]` the boolean of that name in another place, or whether that text's list has
//! it), and conditions on the entry, each after a `?`. `else` before a source gives answers only to
//! names that have none yet; otherwise, of two answers for a name, the stricter stays.
//!
//! **Answers**: `G` granted, `g` implied-granted, `u` unset, `d` implied-denied, `D` denied.

use super::bits::{number, tc_string};
use super::gpp;
use super::{Reading, Snapshot, Value};
use crate::core::{Answer, Pieces, Trouble, cut, pieces};

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

/// What is at a place: a value or a piece of a text. Items are gathered in lists, not handed to
/// closures: a page pays for each closure's code.
#[derive(Clone, Copy)]
struct Item<'a> {
    /// Its key, if it is an entry of a map or a pair.
    key: &'a str,
    text: Option<&'a str>,
    value: Option<&'a Value>,
}

impl<'a> Item<'a> {
    fn new(key: &'a str, value: &'a Value) -> Item<'a> {
        Item { key, text: value.as_text(), value: Some(value) }
    }

    fn piece(key: &'a str, text: &'a str) -> Item<'a> {
        Item { key, text: Some(text), value: None }
    }
}

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
            let trouble = match word {
                "none" => return Some(None),
                "not-ready" => Trouble::NotReady,
                "asking" => Trouble::Asking,
                "unreadable" => Trouble::Unreadable,
                "expired" => Trouble::Expired,
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
                        conditions: words.clone(),
                    };
                    let known = if late { reading.named.len() } else { 0 };
                    self.source(source, &mut reading.named, known);
                    sources = true;
                    late = false;
                    continue;
                }
            };
            reading.trouble = Some(trouble);
            reading.rest = Some(Answer::Unset);
        }
        if sources && reading.named.is_empty() {
            return None;
        }
        Some(Some(reading))
    }

    fn source(&self, source: Source, named: &mut Named, known: usize) {
        let [yes, no] = source.turn.as_bytes() else { return };
        let end = source.place.bytes().position(|b| b == b'[' || b == b'#');
        let (place, split) = source.place.split_at(end.unwrap_or(source.place.len()));
        let mut entries = Vec::new();
        for item in self.items(None, place) {
            spread(item, split, &mut entries);
        }
        for entry in entries {
            let mut conditions = source.conditions.clone();
            let wanted = loop {
                match conditions.next().and_then(|condition| condition.strip_prefix("?")) {
                    Some(condition) if !self.holds(Some(entry), condition) => break false,
                    Some(_) => {}
                    None => break true,
                }
            };
            if wanted && let Some(value) = self.value(entry, source.value) {
                for name in self.names(entry, source.names) {
                    put(named, known, name, answer(if value { yes } else { no }));
                }
            }
        }
    }

    /// The value of an entry, if it has one.
    fn value(&self, entry: Item<'a>, value: &str) -> Option<bool> {
        match value {
            "+" => return Some(true),
            "-" => return Some(false),
            _ => {}
        }
        if let Some(condition) = value.strip_prefix("?") {
            return Some(self.holds(Some(entry), condition));
        }
        if let (place, Some(name)) = cut(value, b'[', false) {
            let (name, _) = cut(name, b']', false);
            let name = *self.names(entry, name).first()?;
            let item = *self.items(None, place).first()?;
            if let Some(map @ Value::Map(_)) = item.value {
                return map.get(name)?.as_bool();
            }
            let mut words = Vec::new();
            spread(item, "[,]", &mut words);
            return Some(words.iter().any(|word| word.text == Some(name)));
        }
        let mut parts = pieces(value, b'~');
        let item = *self.items(Some(entry), parts.next()?).first()?;
        let Some(yes) = parts.next() else { return item.value?.as_bool() };
        let text = item.text?;
        if text == yes {
            return Some(true);
        }
        (text == parts.next()?).then_some(false)
    }

    /// The names that an entry answers for.
    fn names<'n>(&self, entry: Item<'n>, names: &'n str) -> Vec<&'n str>
    where
        'a: 'n,
    {
        let mut all = Vec::new();
        for name in pieces(names, b',') {
            if let Some(beginning) = name.strip_prefix("@") {
                // What is no map's entry has no key.
                all.extend(entry.key.strip_prefix(beginning).filter(|key| !key.is_empty()));
            } else if let Some(name) = name.strip_prefix("'") {
                all.push(name);
            } else {
                for item in self.items(Some(entry), name) {
                    all.extend(item.text);
                    for value in item.value.map(Value::items).unwrap_or_default() {
                        all.extend(value.as_text());
                    }
                }
            }
        }
        all
    }

    /// Whether a condition holds, on an entry or on the page.
    fn holds(&self, entry: Option<Item>, condition: &str) -> bool {
        for one in pieces(condition, b'|') {
            let (one, wanted) = match one.strip_prefix("!") {
                Some(one) => (one, false),
                None => (one, true),
            };
            let mut within = false;
            let end = one.bytes().position(|b| {
                within = b == b'{' || within && b != b'}';
                !within && matches!(b, b'=' | b'~' | b'^' | b'>' | b':' | b'#' | b'%')
            });
            let (place, test) = one.split_at(end.unwrap_or(one.len()));
            if self.items(entry, place).iter().any(|item| self.is(*item, test)) == wanted {
                return true;
            }
        }
        false
    }

    fn is(&self, item: Item, test: &str) -> bool {
        let Some(kind) = test.as_bytes().first() else { return true };
        let Some(operand) = test.get(1..) else { return false };
        match (kind, item.text, item.value) {
            (b'~', Some(text), _) => text == operand,
            (b'^', Some(text), _) => text.starts_with(operand),
            (b'#', Some(text), _) => tc_string_of(text, operand),
            (b'%', Some(text), _) => gpp::opted_out(text) == Some(true),
            (b'>', Some(text), _) => {
                text.bytes().all(|b| b.is_ascii_digit()) && text.bytes().any(|b| b != b'0')
            }
            (b'>', _, Some(Value::Number(number))) => *number > 0.0,
            (b':', Some(_), _) => operand == "text",
            (b':', _, Some(Value::Map(_))) => operand == "map",
            (b':', _, Some(Value::List(_))) => operand == "list",
            (b':', _, Some(Value::Bool(_))) => operand == "bool",
            (b'=', _, Some(value)) => match (operand, operand.as_bytes()) {
                ("true", _) => value.as_bool() == Some(true),
                ("false", _) => value.as_bool() == Some(false),
                ("null", _) => matches!(value, Value::Null),
                (_, [letter @ b'a'..=b'z']) => {
                    self.probe(*letter).is_some_and(|other| value.is(other))
                }
                _ => value.as_number() == Some(integer(operand).into()),
            },
            _ => false,
        }
    }

    /// What is at a place: of an entry (`.path`), or of the page (`a.path`).
    fn items<'n>(&self, entry: Option<Item<'n>>, place: &str) -> Vec<Item<'n>>
    where
        'a: 'n,
    {
        let mut items = Vec::new();
        if let Some(entry) = entry
            && place.starts_with(".")
        {
            visit(entry, place, &mut items);
            return items;
        }
        let end = place.bytes().position(|b| !(b.is_ascii_lowercase() || b == b'/'));
        let (letters, path) = place.split_at(end.unwrap_or(place.len()));
        for letter in letters.bytes() {
            if let Some(value) = self.probe(letter) {
                visit(Item::new("", value), path, &mut items);
                if !items.is_empty() {
                    break;
                }
            }
        }
        items
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
    /// The words behind it, those that begin with a question mark first.
    conditions: Pieces<'r>,
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

/// Follows a path from an item.
fn visit<'a>(item: Item<'a>, path: &str, found: &mut Vec<Item<'a>>) {
    if let Some(path) = path.strip_prefix("{") {
        let (inside, Some(path)) = cut(path, b'}', false) else { return };
        let Some((separators, wanted)) = inside.split_at_checked(2) else { return };
        let mut pairs = Vec::new();
        spread(item, separators, &mut pairs);
        // The first of several: later ones are not ours.
        if let Some(pair) = pairs.iter().find(|pair| pair.key == wanted) {
            visit(*pair, path, found);
        }
        return;
    }
    let path = match path.strip_prefix(".") {
        Some(path) if !path.is_empty() => path,
        None if !path.is_empty() => return,
        _ => return found.push(item),
    };
    let Some(value) = item.value else { return };
    let next = path.bytes().position(|b| b == b'.' || b == b'{').unwrap_or(path.len());
    match (path.split_at(next), value) {
        (("*", path), _) => {
            let mut entries = Vec::new();
            spread(item, "", &mut entries);
            for entry in entries {
                visit(entry, path, found);
            }
        }
        (("-1", path), Value::List(items)) => {
            if let Some(last) = items.last() {
                visit(Item::new(item.key, last), path, found);
            }
        }
        _ => {
            for (key, value) in value.entries() {
                // A key may have dots of its own: kept fields are named by their whole path.
                if let Some(path) = path.strip_prefix(key.as_str())
                    && matches!(path.as_bytes(), [] | [b'.' | b'{', ..])
                {
                    visit(Item::new(key, value), path, found);
                }
            }
        }
    }
}

/// The entries of a map or a list, the pieces of a text, or the thing itself.
fn spread<'a>(item: Item<'a>, split: &str, found: &mut Vec<Item<'a>>) {
    match (item.text, item.value) {
        (Some(text), _) if split.starts_with("#") => {
            const NAMES: [&str; 11] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"];
            if tc_string(text) {
                for (at, name) in NAMES.iter().enumerate() {
                    if !matches!(split.get(1..), Some("")) && split.get(1..) != Some(name) {
                        continue;
                    }
                    let bit = if number(text, PURPOSES + at, 1) == Some(1) { "1" } else { "0" };
                    found.push(Item::piece(name, bit));
                }
            }
        }
        (Some(text), _) if !split.is_empty() => {
            let mut separators = split.bytes().filter(|b| !matches!(b, b'[' | b']'));
            let Some(outer) = separators.next() else { return };
            let inner = separators.next();
            for piece in (Pieces { left: Some(text), at: outer, encoded: true }) {
                match inner {
                    None if piece.is_empty() => {}
                    None => found.push(Item::piece("", piece)),
                    Some(inner) => {
                        if let (mut key, Some(value)) = cut(piece, inner, true) {
                            // Some write a space behind the separator, some of these a plus,
                            // and a server quotes the whole.
                            while let [b' ' | b'+' | b'"', ..] = key.as_bytes()
                                && let Some(rest) = key.get(1..)
                            {
                                key = rest;
                            }
                            found.push(Item::piece(key, value));
                        }
                    }
                }
            }
        }
        (None, Some(Value::Map(entries))) => {
            for (key, value) in entries {
                found.push(Item::new(key, value));
            }
        }
        (None, Some(Value::List(items))) => {
            for value in items {
                found.push(Item::new("", value));
            }
        }
        _ => found.push(item),
    }
}

/// The number that the digits of a rule make.
fn integer(digits: &str) -> u32 {
    digits.bytes().fold(0, |number, digit| number * 10 + u32::from(digit & 15))
}

/// Where a TC string of version 2 has its consent manager and its purposes.
const CMP_ID: usize = 78;
const PURPOSES: usize = 152;

/// Whether it is a whole TC string of this consent manager (or of any).
fn tc_string_of(text: &str, cmp_id: &str) -> bool {
    tc_string(text) && (cmp_id.is_empty() || number(text, CMP_ID, 12) == Some(integer(cmp_id)))
}
