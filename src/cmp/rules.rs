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
//! + a.isUserActionCompleted=true > gd a.categories @ .
//! - b{,:action}~yes > gd b[,:] @ .~yes~no ; nu
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
//! `a:map` (`list`, `bool`, `text`) is of that type.
//!
//! **Meanings**, in any number: the signs of [`Meaning`] (`n` before the answer for every name that
//! is not told), and sources of answers: two answers (for yes, for no), a place whose entries are looked at (a text
//! is split: `[,:]` into pairs, `[,]` into words), the names
//! (`@` the key, `@c.` the key without that beginning, `.name` a field or all texts of a field,
//! `'word` itself), the value (`.path` a boolean, `.path~yes~no` one of two words, `+` and `-`
//! constants, `?` and a condition whether it holds, `d[.name]` the boolean of that name in another place, or whether that text's list has
//! it), and conditions on the entry, each after a `?`. `f` before a source gives answers only to
//! names that have none yet; otherwise, of two answers for a name, the stricter stays.
//!
//! **Answers** have the letters that they have everywhere: `g` granted, `o` implied-granted, `u`
//! unset, `c` implied-denied, `d` denied.

use super::{Reading, Snapshot, Value};
use crate::core::protocol::Meaning;
use crate::core::{Answer, Pieces, Trouble, cut, pieces};

const OTHERS: u8 = Meaning::Others.sign();

/// Answers by name, as [`Reading`] holds them.
type Named = Vec<(String, Answer)>;

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

/// The rules that can hold where nothing is ever found but at some places: without those that ask
/// for something at others. A rule that is left out says nothing there, so what is left says the
/// same as all.
#[cfg(feature = "request")]
pub fn within(rules: &str, looked_at: impl Fn(usize) -> bool) -> String {
    let nowhere = |place: &str| {
        let letters = place.bytes().take_while(|b| b.is_ascii_lowercase() || *b == b'/');
        !letters.filter_map(number).any(&looked_at)
    };
    let never =
        |condition: &str| pieces(condition, b'|').all(|one| !one.starts_with('!') && nowhere(one));
    let mut left = String::new();
    for rule in pieces(rules, b'\n') {
        let mut conditions = pieces(rule, b' ').skip(1).take_while(|word| *word != ">");
        if !conditions.any(never) {
            left.push_str(rule);
            left.push('\n');
        }
    }
    left
}

/// The number of the place that a letter means.
fn number(letter: u8) -> Option<usize> {
    Some(usize::from(letter.checked_sub(b'a')?))
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
        // How many names keep their answers from the next source.
        let mut known = 0;
        while let Some(word) = words.next() {
            let meaning = match word.as_bytes() {
                // The conditions of the source before.
                [b'?', ..] => continue,
                [sign] => Meaning::of_sign(*sign),
                [OTHERS, letter] => {
                    reading.rest = Some(answer(*letter));
                    continue;
                }
                [yes, no] => {
                    let source = Source {
                        yes: answer(*yes),
                        no: answer(*no),
                        place: words.next()?,
                        names: words.next()?,
                        value: words.next()?,
                        conditions: words.clone(),
                    };
                    self.source(source, &mut reading.named, known);
                    sources = true;
                    known = 0;
                    continue;
                }
                _ => None,
            };
            let trouble = match meaning {
                Some(Meaning::AnotherProduct) => return Some(None),
                Some(Meaning::NotReady) => Trouble::NotReady,
                Some(Meaning::Asking) => Trouble::Asking,
                Some(Meaning::Unreadable) => Trouble::Unreadable,
                Some(Meaning::Expired) => Trouble::Expired,
                Some(Meaning::Fallback) => {
                    known = reading.named.len();
                    continue;
                }
                // Between meanings there are separators.
                Some(Meaning::Others) | None => continue,
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
        let end = source.place.bytes().position(|b| b == b'[');
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
                    put(named, known, name, if value { source.yes } else { source.no });
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
                add_name(&mut all, entry.key.strip_prefix(beginning).filter(|key| !key.is_empty()));
            } else if let Some(name) = name.strip_prefix("'") {
                add_name(&mut all, Some(name));
            } else {
                for item in self.items(Some(entry), name) {
                    add_name(&mut all, item.text);
                    for value in item.value.map(Value::items).unwrap_or_default() {
                        add_name(&mut all, value.as_text());
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
                !within && matches!(b, b'=' | b'~' | b'^' | b'>' | b':')
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
            (b'>', Some(text), _) => {
                text.bytes().all(|b| b.is_ascii_digit()) && text.bytes().any(|b| b != b'0')
            }
            (b'>', _, Some(Value::Number(number))) => *number > 0.0,
            // Types and words by their first letters.
            (b':', text, value) => {
                let kind = match (text, value) {
                    (Some(_), _) => b't',
                    (_, Some(Value::Map(_))) => b'm',
                    (_, Some(Value::List(_))) => b'l',
                    (_, Some(Value::Bool(_))) => b'b',
                    _ => 0,
                };
                operand.as_bytes().first() == Some(&kind)
            }
            (b'=', _, Some(value)) => match operand.as_bytes() {
                [letter @ b'a'..=b'z'] => self.probe(*letter).is_some_and(|other| value.is(other)),
                [b'n', ..] => matches!(value, Value::Null),
                [word @ (b't' | b'f'), ..] => value.as_bool() == Some(*word == b't'),
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
        self.found.get(number(letter)?)
    }
}

/// A source of answers, in the words of its rule.
struct Source<'r> {
    yes: Answer,
    no: Answer,
    place: &'r str,
    names: &'r str,
    value: &'r str,
    /// The words behind it, those that begin with a question mark first.
    conditions: Pieces<'r>,
}

/// Adds an answer: the stricter stays, and the first `known` names keep theirs.
fn put(named: &mut Named, known: usize, name: &str, answer: Answer) {
    match named.iter_mut().enumerate().find(|(_, (known, _))| known == name) {
        Some((at, (_, kept))) if at >= known => *kept = (*kept).min(answer),
        Some(_) => {}
        None => named.push((name.to_owned(), answer)),
    }
}

fn answer(letter: u8) -> Answer {
    Answer::of_letter(letter).unwrap_or(Answer::Unset)
}

/// Follows a path from an item.
fn visit<'a>(item: Item<'a>, path: &str, found: &mut Vec<Item<'a>>) {
    let mut entries = Vec::new();
    let (path, field) = if let Some(inside) = path.strip_prefix("{") {
        let (inside, Some(rest)) = cut(inside, b'}', false) else { return };
        spread(item, path, &mut entries);
        (rest, inside.get(2..))
    } else {
        let path = match path.strip_prefix(".") {
            Some(path) if !path.is_empty() => path,
            None if !path.is_empty() => return,
            _ => return add(found, item),
        };
        let Some(value) = item.value else { return };
        let next = path.bytes().position(|b| b == b'.' || b == b'{').unwrap_or(path.len());
        match (path.split_at(next), value) {
            (("*", path), _) => {
                spread(item, "", &mut entries);
                (path, None)
            }
            (("-1", path), Value::List(items)) => {
                if let Some(last) = items.last() {
                    add(&mut entries, Item::new(item.key, last));
                }
                (path, None)
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
                return;
            }
        }
    };
    for entry in entries {
        if field.is_none_or(|field| field == entry.key) {
            visit(entry, path, found);
            // The first of several: later ones are not ours.
            if field.is_some() {
                return;
            }
        }
    }
}

/// The entries of a map or a list, the pieces of a text, or the thing itself. `split` begins as it
/// is written in a rule: `[,` and `{,` with a word each between commas, `[,:` and `{,:` with a pair.
fn spread<'a>(item: Item<'a>, split: &str, found: &mut Vec<Item<'a>>) {
    match (item.text, item.value, split.as_bytes()) {
        (Some(text), _, [_, outer, inner, ..]) => {
            for piece in (Pieces { left: Some(text), at: *outer, encoded: true }) {
                if *inner == b']' {
                    if !piece.is_empty() {
                        add(found, Item::piece("", piece));
                    }
                } else if let (mut key, Some(value)) = cut(piece, *inner, true) {
                    // Some write a space behind the separator, some of these a plus, and a server
                    // quotes the whole.
                    while let [b' ' | b'+' | b'"', ..] = key.as_bytes()
                        && let Some(rest) = key.get(1..)
                    {
                        key = rest;
                    }
                    add(found, Item::piece(key, value));
                }
            }
        }
        (None, Some(Value::Map(entries)), _) => {
            for (key, value) in entries {
                add(found, Item::new(key, value));
            }
        }
        (None, Some(Value::List(items)), _) => {
            for value in items {
                add(found, Item::new("", value));
            }
        }
        _ => add(found, item),
    }
}

/// One function, because a `push` is compiled into each place that has one.
#[inline(never)]
fn add<'a>(found: &mut Vec<Item<'a>>, item: Item<'a>) {
    found.push(item);
}

/// The same for a name, if it is one.
#[inline(never)]
fn add_name<'n>(all: &mut Vec<&'n str>, name: Option<&'n str>) {
    if let Some(name) = name {
        all.push(name);
    }
}

/// The number that the digits of a rule make.
fn integer(digits: &str) -> u32 {
    digits.bytes().fold(0, |number, digit| number * 10 + u32::from(digit & 15))
}

#[cfg(test)]
mod tests {
    use super::{follow, within};
    use crate::cmp::{ALL, Snapshot, Value};
    use crate::core::Answer;

    /// Of every adapter, with each of its places alone, and with the one behind it, the only ones
    /// that are looked at, and there what its rules ask for.
    #[test]
    fn rules_that_cannot_hold_where_nobody_looks_are_not_missed() {
        let (mut all, mut kept) = (0, 0);
        for adapter in ALL {
            let mut values = vec![Value::Bool(true), Value::Bool(false), Value::Null];
            let words = adapter.rules.split(['~', '^', '|', ' ', '\n']);
            values.extend(words.map(|word| Value::Text(word.to_owned())));
            values.sort_by_key(|value| format!("{value:?}"));
            values.dedup();
            let names = adapter.rules.split(['.', '@', '=', '~', ' ', '|', '\n']);
            for value in [Value::Bool(true), Value::Text("yes".into()), Value::Number(1.0)] {
                let entries = names.clone().map(|name| (name.to_owned(), value.clone()));
                values.push(Value::Map(entries.collect()));
            }
            for (one, other) in (0..10).flat_map(|one| [(one, one), (one, one + 1)]) {
                let left = within(adapter.rules, |place| place == one || place == other);
                all += adapter.rules.lines().count();
                kept += left.lines().count();
                for (at, value) in values.iter().enumerate() {
                    let mut found = Snapshot::default();
                    found.put(one, value.clone());
                    let beside = values.get(values.len() - 1 - at).unwrap_or(value);
                    for pair in [false, true] {
                        if pair && one != other {
                            found.put(other, beside.clone());
                        }
                        let [whole, part] = [adapter.rules, &left]
                            .map(|rules| follow(rules, &found).map(|it| it.1));
                        assert_eq!(whole, part, "{} {found:?}", adapter.id);
                    }
                }
            }
        }
        // Most rules ask for what a page's consent manager says.
        assert!(kept < all / 2, "{kept} of {all}");
    }

    #[test]
    fn a_condition_of_one_place_is_not_taken_for_two_answers() {
        let mut found = Snapshot::default();
        found.put(0, Value::Map(vec![("mixpanel".into(), Value::Bool(true))]));
        let named = |rules| follow(rules, &found).and_then(|(_, reading)| Some(reading?.named));
        let granted = vec![("mixpanel".into(), Answer::Granted)];
        assert_eq!(named("+ a > gd a @ . ?a ; nu"), Some(granted));
        assert_eq!(named("+ a > gd a @ . ?b ; nu"), None);
    }
}
