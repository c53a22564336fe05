//! The words of rules: subjects, conditions, and where an answer's name and value are.
//!
//! A condition is `[any|no] SUBJECT PREDICATE`, with ` or ` between alternatives. The same grammar
//! is in the page's reader of a site's own adapters, and a test compares what both make of every
//! adapter and of every mistake.

use std::cell::RefCell;
use std::collections::BTreeSet;

/// The predicates, as they are told to somebody who wrote another.
pub const PREDICATES: &str = "is there, is not there, is [not] true (false, null, a number), \
    is [not] 'word', is [not] above 0, is [not] a map (list, boolean, text), \
    begins with 'word', does not begin with 'word', is [not] the same as PLACE";

/// How the entries of a text are told apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Split {
    /// Pairs: what is between two, what is between key and value.
    Pairs(char, char),
    List(char),
}

/// A name that rules may use.
#[derive(Clone, Debug)]
pub struct Place {
    pub name: String,
    /// The compact form: the letter, letters with `/`, or a part of another place.
    pub compact: String,
    pub split: Option<Split>,
    /// Whether it is a part of a text: nothing is inside of it but its own fields.
    pub part: bool,
}

/// The places of an adapter.
#[derive(Default)]
pub struct Places {
    pub all: Vec<Place>,
    pub used: RefCell<BTreeSet<String>>,
}

impl Places {
    pub fn get(&self, name: &str) -> Result<&Place, String> {
        self.used.borrow_mut().insert(name.to_owned());
        self.all.iter().find(|place| place.name == name).ok_or_else(|| {
            let names: Vec<&str> = self.all.iter().map(|place| place.name.as_str()).collect();
            format!("there is no place `{name}`; the places are {}", names.join(", "))
        })
    }
}

/// Something that a condition is about, or that entries are looked for in.
pub struct Subject {
    pub compact: String,
    pub split: Option<Split>,
    /// More than one thing may be there: the path has a `*`.
    pub many: bool,
}

/// A letter that has a meaning of its own in the compact form.
fn special(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control() || "=~^>:#%|!?{}[]'\",;/".contains(letter)
}

/// A path of steps: `.key`, `.*`, `.-1`.
fn path(path: &str) -> Result<(), String> {
    for step in path.split('.').skip(1) {
        if step.is_empty() || step.contains(special) || step.contains('*') && step != "*" {
            return Err(format!(
                "`{path}` is no path: each step is `.` and a key, `.*` for every entry or `.-1` for the last"
            ));
        }
    }
    Ok(())
}

/// `place`, `place.path`, `place?field`, and of an entry `.path` or `itself`.
pub fn subject(places: &Places, text: &str, entry: bool) -> Result<Subject, String> {
    if text == "itself" || text.starts_with('.') {
        if !entry {
            return Err(format!("`{text}` is of an entry, and here is none: begin with a place"));
        }
        if text == "itself" {
            return Ok(Subject { compact: ".".to_owned(), split: None, many: false });
        }
        path(text)?;
        return Ok(Subject { compact: text.to_owned(), split: None, many: text.contains('*') });
    }
    let end = text.find(['.', '?']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let place = places.get(name)?;
    let mut compact = place.compact.clone();
    let mut split = place.split.clone();
    if let Some(field) = rest.strip_prefix('?') {
        let Some(Split::Pairs(outer, inner)) = split else {
            return Err(format!(
                "`{text}`: `{name}` is no text of pairs; say `pairs` where `{name}` is defined"
            ));
        };
        let bad = |letter: char| "}[]#|".contains(letter) || letter.is_whitespace();
        if field.is_empty() || field.contains(bad) {
            return Err(format!("`{text}` names no field: after `?` stands the key of a pair"));
        }
        compact.push_str(&format!("{{{}{}{field}}}", separator(outer), separator(inner)));
        split = None;
    } else if !rest.is_empty() {
        if place.part {
            return Err(format!("`{text}`: `{name}` is a text, so nothing is inside of it"));
        }
        path(rest)?;
        compact.push_str(rest);
        split = None;
    }
    Ok(Subject { compact, split, many: rest.contains('*') })
}

fn separator(letter: char) -> char {
    if letter == ' ' { '_' } else { letter }
}

/// How a split is written behind a place.
pub fn split(split: &Option<Split>) -> String {
    match split {
        None => String::new(),
        Some(Split::Pairs(outer, inner)) => format!("[{}{}]", separator(*outer), separator(*inner)),
        Some(Split::List(between)) => format!("[{}]", separator(*between)),
    }
}

/// A text between quotes; either kind, so that the other may be inside.
fn quoted(text: &str) -> Option<&str> {
    ['\'', '"'].into_iter().find_map(|quote| {
        let inside = text.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inside.contains(quote)).then_some(inside)
    })
}

/// A word that the compact form can carry, apart from signs that have a meaning where it stands.
pub fn word<'t>(word: &'t str, but: &str) -> Result<&'t str, String> {
    let bad = |letter: char| {
        letter.is_whitespace() || letter.is_control() || letter == '|' || but.contains(letter)
    };
    match word.chars().find(|letter| bad(*letter)) {
        Some(letter) => {
            Err(format!("`{word}` cannot be said here, because of the `{letter}` in it"))
        }
        None => Ok(word),
    }
}

/// The alternatives of a condition: what is between ` or `, outside of quotes.
fn alternatives(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut start = 0;
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match quote {
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if letter == '\'' || letter == '"' => quote = Some(letter),
            None if text.get(at..).is_some_and(|rest| rest.starts_with(" or ")) => {
                all.push(text.get(start..at).unwrap_or_default());
                start = at + 4;
            }
            None => {}
        }
    }
    all.push(text.get(start..).unwrap_or_default());
    all
}

/// A condition, on the page or (`entry`) on an entry.
pub fn condition(places: &Places, text: &str, entry: bool) -> Result<String, String> {
    let made: Result<Vec<String>, String> =
        alternatives(text).into_iter().map(|one| alternative(places, one, entry)).collect();
    Ok(made?.join("|"))
}

fn alternative(places: &Places, text: &str, entry: bool) -> Result<String, String> {
    let (quantity, rest) = match text.split_once(' ') {
        Some((quantity @ ("any" | "no"), rest)) => (Some(quantity), rest),
        _ => (None, text),
    };
    let Some((about, predicate)) = rest.split_once(' ') else {
        let name = rest.split(['.', '?']).next().unwrap_or_default();
        if !entry || !rest.starts_with('.') && rest != "itself" {
            places.get(name)?;
        }
        return Err(format!("`{text}` says nothing of `{rest}`; it may say: {PREDICATES}"));
    };
    let about = subject(places, about, entry)?;
    if about.compact.contains('|') {
        return Err(format!(
            "`{text}`: a field between | cannot be in a condition; write * for it in `pairs`, which stands for | too"
        ));
    }
    let (test, not) = test(places, predicate).ok_or_else(|| {
        format!("`{predicate}` is nothing that can be said; there is: {PREDICATES}")
    })??;
    let negated = match (about.many, quantity) {
        (false, None) => not,
        (true, Some(_)) if not => {
            return Err(format!("`{text}`: say `no … is …` instead of `… is not …`"));
        }
        (true, Some(quantity)) => quantity == "no",
        (true, None) => {
            return Err(format!("`{text}`: of several things, begin with `any` or with `no`"));
        }
        (false, Some(quantity)) => {
            return Err(format!(
                "`{text}`: `{quantity}` is for a path with `*`, of which there may be several"
            ));
        }
    };
    Ok(format!("{}{}{test}", if negated { "!" } else { "" }, about.compact))
}

/// The compact test of a predicate, and whether it is negated. `None`: there is no such predicate.
fn test(places: &Places, predicate: &str) -> Option<Result<(String, bool), String>> {
    let with = |sign: char, literal: &str, not: bool| {
        Some(word(quoted(literal)?, "").map(|word| (format!("{sign}{word}"), not)))
    };
    if let Some(literal) = predicate.strip_prefix("begins with ") {
        return with('^', literal, false);
    }
    if let Some(literal) = predicate.strip_prefix("does not begin with ") {
        return with('^', literal, true);
    }
    let rest = predicate.strip_prefix("is ")?;
    let (rest, not) = match rest.strip_prefix("not ") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let number =
        |text: &str| (1..10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let made = match rest {
        "there" => String::new(),
        "true" | "false" | "null" => format!("={rest}"),
        "above 0" => ">".to_owned(),
        "a map" => ":map".to_owned(),
        "a list" => ":list".to_owned(),
        "a boolean" => ":bool".to_owned(),
        "a text" => ":text".to_owned(),
        _ if number(rest) => format!("={rest}"),
        _ => {
            if let Some(name) = rest.strip_prefix("the same as ") {
                match places.get(name) {
                    Ok(place) if place.compact.len() == 1 => format!("={}", place.compact),
                    Ok(_) => {
                        return Some(Err(format!(
                            "`{name}` is not one place, so it cannot be compared with"
                        )));
                    }
                    Err(why) => return Some(Err(why)),
                }
            } else {
                return with('~', rest, not);
            }
        }
    };
    Some(Ok((made, not)))
}

/// Where an entry's name is.
pub fn name(text: &str) -> Result<String, String> {
    if text == "key" {
        return Ok("@".to_owned());
    }
    if text == "itself" {
        return Ok(".".to_owned());
    }
    if let Some(beginning) = text.strip_prefix("key after ") {
        return match quoted(beginning) {
            Some(beginning) => word(beginning, ",").map(|word| format!("@{word}")),
            None => Err(format!("`{text}`: put what the key begins with between quotes")),
        };
    }
    if text.starts_with('.') {
        path(text)?;
        return Ok(text.to_owned());
    }
    Err(format!(
        "`{text}` is no `name`; it may be: key, key after 'beginning', itself, .path. A name that is always the same is a `category`"
    ))
}

/// Where an entry's value is: `itself`, `.path`, or in another place, `place[key]`.
pub fn value(places: &Places, text: &str) -> Result<String, String> {
    if let Some((place, inside)) = text.split_once('[') {
        let inside =
            inside.strip_suffix(']').ok_or_else(|| format!("`{text}` ends without `]`"))?;
        let at = match quoted(inside) {
            Some(constant) => format!("'{}", word(constant, ",]~")?),
            None => name(inside)?,
        };
        let subject = subject(places, place, false)?;
        if !matches!(subject.split, None | Some(Split::List(','))) {
            return Err(format!("`{text}`: only a map and a list with commas are looked up in"));
        }
        return Ok(format!("{}[{at}]", subject.compact));
    }
    if text == "itself" || text.starts_with('.') {
        return Ok(subject(places, text, true)?.compact);
    }
    Err(format!(
        "`{text}` is no `value`; it may be: itself, .path, place[key], place[.path], place['word'], true, false"
    ))
}
