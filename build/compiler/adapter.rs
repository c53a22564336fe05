//! Reads the tables of one adapter's file.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Value as Json, json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::reach;
use super::words::{self, Place, Places, Split};
use super::{Problem, Source};

/// An adapter as it was compiled.
#[derive(Clone, Debug)]
pub struct Adapter {
    pub file: String,
    pub id: String,
    pub order: u32,
    pub order_line: usize,
    pub rank: &'static str,
    /// Alternatives between `|`, names that must all allow between `+`.
    pub category: String,
    /// The places by name, with their letters; names of parts have none.
    pub places: Vec<(String, Option<char>)>,
    /// What `src/cmp` knows as `Adapter::page`.
    pub page: String,
    /// What `src/cmp` knows as the rules; none where the reader is code.
    pub rules: Option<String>,
    /// The line of each rule in the file.
    pub lines: Vec<usize>,
    /// Everything that is told to people.
    pub facts: BTreeMap<String, String>,
    /// For each fact, how it is known.
    pub evidence: BTreeMap<String, Vec<Evidence>>,
}

#[derive(Clone, Debug)]
pub struct Evidence {
    pub kind: &'static str,
    /// A version, a date, a link, or who says so.
    pub what: String,
}

pub const RANKS: [&str; 4] = ["limit", "bus", "standard", "vendor"];
const TOP: [&str; 15] = [
    "id",
    "order",
    "product",
    "vendor",
    "docs",
    "versions",
    "rank",
    "analytics",
    "confidence",
    "facts",
    "evidence",
    "places",
    "listen",
    "rule",
    "code",
];
const TEXTS: [&str; 5] = ["product", "vendor", "docs", "versions", "confidence"];
const FACTS: [&str; 6] = ["detected", "explicit", "implied", "expired", "categories", "limits"];
const KNOWN: [&str; 5] = ["detected", "explicit", "implied", "expired", "stored"];
const KINDS: [&str; 4] = ["run", "captured", "documented", "reported"];
const VERBS: [(&str, char); 7] = [
    ("global", 'g'),
    ("entries", 'e'),
    ("cookie", 'c'),
    ("cookie-beginning", 'p'),
    ("local", 'l'),
    ("local-beginning", 'a'),
    ("heard", 'h'),
];
const FORMS: [(&str, char); 4] = [("raw", 'r'), ("text", 't'), ("json", 'j'), ("base64", 'b')];
const THEN: [(&str, &str); 10] = [
    ("not-ready", "not-ready"),
    ("unreadable", "unreadable"),
    ("expired", "expired"),
    ("another-product", "none"),
    ("no-such-category", ""),
    ("granted", "all G"),
    ("implied-granted", "all g"),
    ("unset", "all u"),
    ("implied-denied", "all d"),
    ("denied", "all D"),
];
const OTHERS: [(&str, char); 5] = [
    ("granted", 'G'),
    ("implied-granted", 'g'),
    ("unset", 'u'),
    ("implied-denied", 'd'),
    ("denied", 'D'),
];
const BY: [(&str, &str); 7] = [
    ("visitor", "GD"),
    ("default", "gd"),
    ("default-open", "gu"),
    ("default-closed", "dd"),
    ("visitor-yes", "Gd"),
    ("visitor-no", "gD"),
    ("nobody", "uu"),
];

fn names<T>(table: &[(&str, T)]) -> String {
    table.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

fn pick<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

type Value<'i> = Spanned<DeValue<'i>>;

/// A table that is being read: what was asked for is known, anything else in it is a mistake.
struct Table<'a, 'i> {
    source: &'a Source<'a>,
    table: &'a DeTable<'i>,
    span: Range<usize>,
}

impl<'a, 'i> Table<'a, 'i> {
    fn of(source: &'a Source, value: &'a Value<'i>, what: &str) -> Option<Table<'a, 'i>> {
        match value.get_ref() {
            DeValue::Table(table) => Some(Table { source, table, span: value.span() }),
            _ => {
                source.wrong(&value.span(), format!("{what} is a table"));
                None
            }
        }
    }

    fn only(&self, what: &str, known: &[&str]) {
        for key in self.table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                let key_is = key.get_ref();
                self.source.wrong(
                    &key.span(),
                    format!("{what} has no `{key_is}`; it may have {}", known.join(", ")),
                );
            }
        }
    }

    fn get(&self, key: &str) -> Option<&'a Value<'i>> {
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    fn wrong(&self, what: impl Into<String>) {
        self.source.wrong(&self.span, what);
    }

    fn text(&self, key: &str) -> Option<&'a str> {
        let value = self.get(key)?;
        let text = value.get_ref().as_str().filter(|text| !text.is_empty());
        if text.is_none() {
            self.source.wrong(&value.span(), format!("`{key}` is a text"));
        } else if text.is_some_and(|text| text.contains(char::is_control)) {
            self.source
                .wrong(&value.span(), format!("`{key}` is one line, without control characters"));
        }
        text
    }

    fn needed(&self, what: &str, key: &str) -> Option<&'a str> {
        if self.get(key).is_none() {
            self.wrong(format!("{what} has no `{key}`"));
        }
        self.text(key)
    }

    fn flag(&self, key: &str) -> Option<bool> {
        let value = self.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.source.wrong(&value.span(), format!("`{key}` is true or false"));
        }
        flag
    }

    /// A value, or each element of a list.
    fn each(&self, key: &str) -> Vec<&'a Value<'i>> {
        match self.get(key) {
            None => Vec::new(),
            Some(value) => match value.get_ref() {
                DeValue::Array(items) => items.iter().collect(),
                _ => vec![value],
            },
        }
    }

    /// Texts, one or a list of them.
    fn texts(&self, key: &str) -> Vec<(&'a str, Range<usize>)> {
        let mut texts = Vec::new();
        for value in self.each(key) {
            match value.get_ref().as_str().filter(|text| !text.is_empty()) {
                Some(text) => texts.push((text, value.span())),
                None => self
                    .source
                    .wrong(&value.span(), format!("`{key}` is a text, or a list of texts")),
            }
        }
        texts
    }

    fn tables(&self, key: &str) -> Vec<Table<'a, 'i>> {
        self.each(key)
            .into_iter()
            .filter_map(|value| Table::of(self.source, value, &format!("`{key}`")))
            .collect()
    }

    /// What was made, or the problem said at the table.
    fn said<T>(&self, made: Result<T, String>) -> Option<T> {
        self.said_at(&self.span, made)
    }

    fn said_at<T>(&self, span: &Range<usize>, made: Result<T, String>) -> Option<T> {
        made.map_err(|why| self.source.wrong(span, why)).ok()
    }
}

/// Compiles a file.
pub fn compile(file: &str, text: &str) -> Result<Adapter, Vec<Problem>> {
    let source = Source::new(file, text);
    let parsed = DeTable::parse(text);
    let made = match &parsed {
        Err(error) => {
            let what = error.message().to_owned();
            source.wrong(&error.span().unwrap_or_default(), what);
            None
        }
        Ok(table) => {
            let table = Table { source: &source, table: table.get_ref(), span: 0..0 };
            Some(adapter(&table))
        }
    };
    let problems = source.problems();
    match made {
        Some(adapter) if problems.is_empty() => Ok(adapter),
        _ => Err(problems),
    }
}

fn adapter(top: &Table) -> Adapter {
    top.only("an adapter", &TOP);
    let mut facts = BTreeMap::new();
    for key in TEXTS {
        facts.insert(key.to_owned(), top.needed("an adapter", key).unwrap_or_default().to_owned());
    }
    if let Some(docs) = facts.get("docs").filter(|docs| !docs.starts_with("https://")) {
        top.wrong(format!("`docs` is a link, https://…, not `{docs}`"));
    }
    if let Some(sure) = facts.get("confidence")
        && !["high (", "medium (", "low ("].iter().any(|word| sure.starts_with(word))
    {
        top.wrong("`confidence` begins with high, medium or low and says why between brackets");
    }
    let file = top.source.file;
    let id = top.needed("an adapter", "id").unwrap_or_default().to_owned();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !file.ends_with(&format!("/{id}.toml")) || !id.bytes().all(plain) {
        top.wrong(format!(
            "`id` is small letters, digits and hyphens, and the file is called {id}.toml"
        ));
    }
    let rank = top.needed("an adapter", "rank").unwrap_or("vendor");
    let rank = RANKS.into_iter().find(|known| *known == rank).unwrap_or_else(|| {
        top.wrong(format!("there is no rank `{rank}`; it is one of {}", RANKS.join(", ")));
        "vendor"
    });
    let (order, order_line) = order(top);
    let told = top.get("facts").and_then(|value| Table::of(top.source, value, "`facts`"));
    match told {
        None => top.wrong("an adapter has no `[facts]`"),
        Some(told) => {
            told.only("`[facts]`", &FACTS);
            for key in FACTS {
                let text = told.needed("`[facts]`", key).unwrap_or_default();
                facts.insert(key.to_owned(), text.to_owned());
            }
        }
    }

    let mut places = Places::default();
    let mut looks = Vec::new();
    let mut letters = Vec::new();
    if let Some(table) =
        top.get("places").and_then(|value| Table::of(top.source, value, "`places`"))
    {
        for (name, value) in table.table {
            let Some(place) = Table::of(top.source, value, "a place") else { continue };
            let span = name.span();
            let name = name.get_ref();
            if !identifier(name) {
                let what = format!(
                    "`{name}` cannot be the name of a place: letters and digits, and no word of a condition"
                );
                top.source.wrong(&span, what);
            }
            let made = one_place(&place, name, &places, looks.len());
            if let Some((known, look)) = made {
                letters.push((
                    name.to_string(),
                    look.as_ref().and_then(|_| known.compact.chars().next()),
                ));
                looks.extend(look);
                places.all.push(known);
            }
        }
    }
    if looks.is_empty() || looks.len() > 26 {
        top.wrong("an adapter has `[places]`, one to 26 places to look");
    }
    let listens: Vec<String> = top.tables("listen").iter().flat_map(listen).collect();
    let page = format!("\n[{}],\n[{}]", looks.join(",\n"), listens.join(",\n"));
    kept_is_looked_at(top, &listens, &looks);

    let rule_tables = top.tables("rule");
    let code = top.text("code");
    if let Some(code) = code {
        facts.insert("code".to_owned(), code.to_owned());
    }
    let mut lines = Vec::new();
    let mut compact: Vec<reach::Rule> = Vec::new();
    let mut stored = false;
    for table in &rule_tables {
        lines.push(top.source.line(&table.span));
        stored |= table.text("from") == Some("stored");
        if let Some(rule) = rule(table, &places) {
            if let Some(why) = reach::never(&rule, &compact) {
                let why = match why {
                    reach::Never::Itself(one, other) => {
                        format!("this rule can never hold: it asks for `{one}` and for `{other}`")
                    }
                    reach::Never::After(at) => {
                        let line = lines.get(at).copied().unwrap_or_default();
                        format!(
                            "this rule can never hold: wherever it would, the rule in line {line} holds before it"
                        )
                    }
                };
                table.wrong(why);
            }
            compact.push(rule);
        } else {
            compact.push(reach::Rule::default());
        }
    }
    if rule_tables.is_empty() == code.is_none() {
        top.wrong("an adapter has either `[[rule]]`s or `code`, a sentence that says why rules cannot say it");
    }
    if code.is_none() {
        unused(top, &places);
    }
    let rules: Vec<String> = compact.iter().map(reach::Rule::text).collect();
    Adapter {
        file: file.to_owned(),
        order,
        order_line,
        rank,
        category: category(top),
        places: letters,
        page,
        rules: code.is_none().then(|| format!("\n{}\n", rules.join("\n"))),
        lines,
        evidence: evidence(top, &facts, stored),
        facts,
        id,
    }
}

fn order(top: &Table) -> (u32, usize) {
    let Some(value) = top.get("order") else {
        top.wrong("an adapter has no `order`: adapters are asked in the order of these numbers");
        return (0, 1);
    };
    let number = match value.get_ref() {
        DeValue::Integer(number) => u32::from_str_radix(number.as_str(), number.radix()).ok(),
        _ => None,
    };
    if number.is_none() {
        top.source.wrong(&value.span(), "`order` is a whole number");
    }
    (number.unwrap_or_default(), top.source.line(&value.span()))
}

/// The alternatives that stand for analytics: each a name, or a list of names that must all allow.
fn category(top: &Table) -> String {
    let mut alternatives = Vec::new();
    for value in top.each("analytics") {
        let names: Vec<&str> = match value.get_ref() {
            DeValue::Array(items) => {
                items.iter().filter_map(|item| item.get_ref().as_str()).collect()
            }
            one => one.as_str().into_iter().collect(),
        };
        if names.is_empty() || names.iter().any(|name| name.is_empty() || name.contains(['|', '+']))
        {
            top.source.wrong(
                &value.span(),
                "`analytics` is a list of names, or of lists of names that must all allow",
            );
        }
        alternatives.push(names.join("+"));
    }
    if alternatives.is_empty() {
        top.wrong("an adapter has no `analytics`: what of its categories stands for analytics");
    }
    alternatives.join("|")
}

fn identifier(name: &str) -> bool {
    let words = ["any", "no", "key", "itself", "true", "false", "null", "is", "or"];
    name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
        && !words.contains(&name)
}

fn quote(text: &str) -> String {
    Json::from(text).to_string()
}

/// A place, and what is looked for there; a part of another and an alternative are no place of their own.
fn one_place(
    table: &Table,
    name: &str,
    places: &Places,
    at: usize,
) -> Option<(Place, Option<String>)> {
    let verbs: Vec<&str> = VERBS.iter().map(|(verb, _)| *verb).collect();
    let known: Vec<&str> = verbs
        .iter()
        .copied()
        .chain(["part", "firstOf", "word", "form", "pairs", "list", "tcString"])
        .collect();
    table.only(&format!("the place `{name}`"), &known);
    let given: Vec<&str> =
        known.iter().take(9).copied().filter(|key| table.get(key).is_some()).collect();
    let [verb] = given[..] else {
        table.wrong(format!("the place `{name}` says one of {}, part, firstOf", verbs.join(", ")));
        return None;
    };
    let split = split(table, name);
    let stored = ["cookie", "cookie-beginning", "local", "local-beginning"].contains(&verb);
    if table.get("form").is_some() && !stored {
        table.wrong(format!("the place `{name}`: only what is stored has a `form`"));
    }
    if table.get("word").is_some() != (verb == "entries") {
        table.wrong(format!(
            "the place `{name}`: `entries` has a `word` that they begin with, nothing else has"
        ));
    }
    match verb {
        "firstOf" => {
            let mut letters = Vec::new();
            for (one, span) in table.texts("firstOf") {
                if let Some(place) = table.said_at(&span, places.get(one)) {
                    if place.compact.len() != 1 {
                        table.source.wrong(&span, format!("`{one}` is not one place of its own"));
                    }
                    letters.push(place.compact.clone());
                }
            }
            if letters.len() < 2 {
                table.wrong(format!(
                    "the place `{name}`: `firstOf` is a list of places that were named above"
                ));
            }
            Some((
                Place { name: name.to_owned(), compact: letters.join("/"), split, part: false },
                None,
            ))
        }
        "part" => {
            let of = table.said(words::subject(places, table.text("part")?, false))?;
            if of.many {
                table.wrong(format!("the place `{name}`: a `part` is one thing, without `*`"));
            }
            Some((Place { name: name.to_owned(), compact: of.compact, split, part: true }, None))
        }
        _ => {
            let letter = pick(&VERBS, verb)?;
            let letter_of_place = char::from(b'a' + u8::try_from(at).unwrap_or_default().min(25));
            let mut look = vec![quote(&letter.to_string()), quote(table.text(verb)?)];
            if stored {
                let form = table.text("form").unwrap_or("text");
                match pick(&FORMS, form) {
                    Some(form) => look.push(quote(&form.to_string())),
                    None => table.wrong(format!(
                        "the place `{name}`: there is no form `{form}`; it is one of {}",
                        names(&FORMS)
                    )),
                }
            } else if verb == "entries" {
                look.push(quote(table.text("word")?));
            }
            let look = format!("[{}]", look.join(","));
            Some((
                Place {
                    name: name.to_owned(),
                    compact: letter_of_place.to_string(),
                    split,
                    part: false,
                },
                Some(look),
            ))
        }
    }
}

fn split(table: &Table, name: &str) -> Option<Split> {
    let ways = ["pairs", "list", "tcString"].into_iter().filter(|way| table.get(way).is_some());
    if ways.count() > 1 {
        table.wrong(format!("the place `{name}`: one of pairs, list, tcString"));
    }
    let separators = |key: &str, count: usize| {
        let text = table.text(key)?;
        let letters: Vec<char> = text.chars().collect();
        let bad = |letter: &char| {
            !letter.is_ascii_graphic() && *letter != ' ' || "[]{}#_".contains(*letter)
        };
        if letters.len() != count || letters.iter().any(bad) {
            table.wrong(format!(
                "the place `{name}`: `{key}` is {count} of the signs that separate, not `{text}`"
            ));
            return None;
        }
        Some(letters)
    };
    if let [outer, inner] = separators("pairs", 2).unwrap_or_default()[..] {
        return Some(Split::Pairs(outer, inner));
    }
    if let [between] = separators("list", 1).unwrap_or_default()[..] {
        return Some(Split::List(between));
    }
    (table.flag("tcString") == Some(true)).then_some(Split::TcString)
}

const LISTENS: [&str; 9] =
    ["window", "document", "after", "call", "args", "heard", "keep", "off", "offArgs"];

/// What one `[[listen]]` says; several events of one target are several.
fn listen(table: &Table) -> Vec<String> {
    table.only("`[[listen]]`", &LISTENS);
    let given: Vec<&str> =
        LISTENS.into_iter().take(4).filter(|key| table.get(key).is_some()).collect();
    let [verb] = given[..] else {
        table.wrong("`[[listen]]` says one of window, document, after, call");
        return Vec::new();
    };
    if verb != "call" {
        for key in LISTENS.into_iter().skip(4).filter(|key| table.get(key).is_some()) {
            table.wrong(format!("only a `call` has `{key}`"));
        }
        let letter = verb.get(..1).unwrap_or_default();
        let letter = if verb == "after" { "t" } else { letter };
        let texts = table.texts(verb);
        return texts
            .iter()
            .map(|(text, _)| format!("[{},{}]", quote(letter), quote(text)))
            .collect();
    }
    let args = |key: &str| -> Option<Json> {
        let value = table.get(key)?;
        match argument(table, value)? {
            list @ Json::Array(_) => Some(list),
            _ => {
                table.source.wrong(&value.span(), format!("`{key}` is a list"));
                None
            }
        }
    };
    let path = table.text("call").unwrap_or_default();
    let mut said = vec![json!("c"), json!(path), args("args").unwrap_or_else(|| json!([]))];
    let off = match table.get("off").map(|value| value.get_ref()) {
        None => None,
        Some(DeValue::Boolean(true)) => Some(json!(true)),
        Some(_) => table.text("off").map(|path| json!(path)),
    };
    let keep: Vec<&str> = table.texts("keep").into_iter().map(|(path, _)| path).collect();
    if keep.is_empty() == table.get("heard").is_some() {
        table.wrong(
            "`heard` is the name under which the fields in `keep` are kept: both or neither",
        );
    }
    if off.is_some() || !keep.is_empty() {
        said.extend([json!(table.text("heard").unwrap_or_default()), json!(keep)]);
    }
    match (off, args("offArgs")) {
        (None, Some(_)) => table.wrong("`offArgs` are the arguments of `off`, which is not said"),
        (Some(off), args) => {
            said.push(off);
            said.extend(args);
        }
        (None, None) => {}
    }
    vec![Json::from(said).to_string()]
}

/// An argument as `listen.js` takes it. `<callback>` is ours; in a table, a method of it; `<kept x>`
/// is that field of what the callback was last called with; `<null>` is null, which TOML has not.
fn argument(table: &Table, value: &Value) -> Option<Json> {
    Some(match value.get_ref() {
        DeValue::String(text) => match text.as_ref() {
            "<callback>" => json!({}),
            "<null>" => Json::Null,
            text => match text.strip_prefix("<kept ").and_then(|rest| rest.strip_suffix('>')) {
                Some(field) => json!({ "h": field }),
                None if text.starts_with('<') => {
                    table.source.wrong(
                        &value.span(),
                        format!("there is no `{text}`; there is <callback>, <kept field>, <null>"),
                    );
                    return None;
                }
                None => json!(text),
            },
        },
        DeValue::Integer(number) => json!(number.as_str().parse::<i64>().ok()?),
        DeValue::Boolean(flag) => json!(flag),
        DeValue::Array(items) => {
            items.iter().map(|item| argument(table, item)).collect::<Option<Vec<Json>>>()?.into()
        }
        DeValue::Table(inner) => match inner.iter().next() {
            Some((name, method))
                if inner.len() == 1 && method.get_ref().as_str() == Some("<callback>") =>
            {
                json!({ "m": name.get_ref() })
            }
            _ => {
                table.source.wrong(
                    &value.span(),
                    "an object has the callback as its one method: { name = \"<callback>\" }",
                );
                return None;
            }
        },
        _ => {
            table.source.wrong(
                &value.span(),
                "an argument is a text, a whole number, true, false or a list",
            );
            return None;
        }
    })
}

/// What is kept of callbacks must be looked at, and the other way round.
fn kept_is_looked_at(top: &Table, listens: &[String], looks: &[String]) {
    let parsed = |text: &String| serde_json::from_str::<Json>(text).unwrap_or_default();
    let kept: Vec<String> = listens
        .iter()
        .filter_map(|listen| parsed(listen).get(3)?.as_str().map(str::to_owned))
        .filter(|name| !name.is_empty())
        .collect();
    let heard: Vec<String> = looks
        .iter()
        .map(parsed)
        .filter(|look| look.get(0) == Some(&json!("h")))
        .filter_map(|look| look.get(1)?.as_str().map(str::to_owned))
        .collect();
    for name in heard.iter().filter(|name| !kept.contains(name)) {
        top.wrong(format!(
            "nothing is kept as `{name}`: a `[[listen]]` with `heard` has to say so"
        ));
    }
    for name in kept.iter().filter(|name| !heard.contains(name)) {
        top.wrong(format!("`heard = \"{name}\"` is kept, and no place looks at it"));
    }
}

fn unused(top: &Table, places: &Places) {
    let used = places.used.borrow();
    for place in places.all.iter().filter(|place| !used.contains(&place.name)) {
        let key = top.get("places").and_then(|value| match value.get_ref() {
            DeValue::Table(table) => table.keys().find(|key| key.get_ref() == place.name.as_str()),
            _ => None,
        });
        let span = key.map(Spanned::span).unwrap_or_default();
        top.source.wrong(&span, format!("no rule asks for the place `{}`", place.name));
    }
}

fn rule(table: &Table, places: &Places) -> Option<reach::Rule> {
    table.only("a rule", &["from", "if", "then", "answers", "others"]);
    let sign = match table.needed("a rule", "from") {
        Some("running") => '+',
        Some("stored") => '-',
        other => {
            if let Some(other) = other {
                table.wrong(format!("`from` is running (the consent manager says so) or stored (it is all that is there), not `{other}`"));
            }
            return None;
        }
    };
    let mut whole = true;
    let mut conditions = Vec::new();
    for (text, span) in table.texts("if") {
        match table.said_at(&span, words::condition(places, text, false)) {
            Some(condition) => conditions.push((condition, text.to_owned())),
            None => whole = false,
        }
    }
    if table.texts("if").is_empty() {
        table.wrong("a rule has no `if`");
        whole = false;
    }
    let mut means = Vec::new();
    let answers = table.tables("answers");
    match table.text("then") {
        Some(then) => {
            match pick(&THEN, then) {
                Some(then) => means.extend((!then.is_empty()).then(|| then.to_owned())),
                None => {
                    table.wrong(format!("`then` cannot be `{then}`; it may be {}", names(&THEN)))
                }
            }
            if !answers.is_empty() || table.get("others").is_some() {
                table.wrong("a rule has either `then`, which is the whole meaning, or `answers`");
            }
        }
        None if answers.is_empty() => {
            table.wrong("a rule without a meaning: it has neither `then` nor `answers`");
            whole = false;
        }
        None => {}
    }
    let sources = answers.len();
    for answer in &answers {
        match source(answer, places) {
            Some(made) => means.push(made),
            None => whole = false,
        }
    }
    if let Some(others) = table.text("others") {
        match pick(&OTHERS, others) {
            Some(letter) => means.push(format!("all {letter}")),
            None => {
                table.wrong(format!("`others` cannot be `{others}`; it may be {}", names(&OTHERS)))
            }
        }
    }
    whole.then_some(reach::Rule { sign, conditions, means, sources })
}

/// One entry of `answers`.
fn source(table: &Table, places: &Places) -> Option<String> {
    table.only(
        "an answer",
        &[
            "by", "each", "of", "name", "category", "value", "yes", "no", "whether", "only",
            "fallback",
        ],
    );
    let by = table.needed("an answer", "by")?;
    let Some(by) = pick(&BY, by) else {
        table.wrong(format!("`by` cannot be `{by}`; it may be {}", names(&BY)));
        return None;
    };
    let (each, of) = (table.text("each"), table.text("of"));
    let Some(text) = each.xor(of) else {
        table.wrong("an answer says either `each` (of many entries) or `of` (one thing)");
        return None;
    };
    let about = table.said(words::subject(places, text, false))?;
    let place = if each.is_some() {
        format!("{}{}", about.compact, words::split(&about.split))
    } else {
        about.compact
    };
    let mut named = Vec::new();
    for (name, span) in table.texts("name") {
        named.push(table.said_at(&span, words::name(name))?);
    }
    if let Some(category) = table.text("category") {
        named.push(format!("'{}", table.said(words::word(category, ","))?));
    }
    if named.is_empty() {
        table.wrong(
            "an answer says the `name` of each entry (key, itself, .path), or one `category`",
        );
        return None;
    }
    if of.is_some() && table.get("name").is_some_and(|name| name.get_ref().as_str() == Some("key"))
    {
        table.wrong("what an answer is `of` has no key: say its `category`");
    }
    let condition =
        |text: &str, span: &Range<usize>| table.said_at(span, words::condition(places, text, true));
    let value = match (table.text("whether"), table.get("value"), table.get("yes")) {
        (Some(whether), None, None) => format!("?{}", condition(whether, &table.span)?),
        (None, value, yes) => {
            let place = match value.map(|value| value.get_ref()) {
                None if yes.is_some() => ".".to_owned(),
                None => {
                    table.wrong("an answer says its `value`, the words for `yes` and `no`, or `whether` a condition holds");
                    return None;
                }
                Some(DeValue::Boolean(flag)) if yes.is_none() => {
                    if *flag { "+" } else { "-" }.to_owned()
                }
                Some(_) => table.said(words::value(places, table.text("value")?))?,
            };
            match yes {
                None => place,
                Some(_) => {
                    let mut parts = vec![place];
                    for key in ["yes", "no"] {
                        if let Some(word) = table.text(key) {
                            parts.push(table.said(words::word(word, "~"))?.to_owned());
                        }
                    }
                    parts.join("~")
                }
            }
        }
        _ => {
            table.wrong(
                "an answer has either `whether`, or `value` and the words for `yes` and `no`",
            );
            return None;
        }
    };
    if table.get("no").is_some() && table.get("yes").is_none() {
        table.wrong("an answer with the word for `no` has one for `yes`");
    }
    let mut said = vec![by.to_owned(), place, named.join(","), value];
    for (text, span) in table.texts("only") {
        said.push(format!("?{}", condition(text, &span)?));
    }
    if table.flag("fallback") == Some(true) {
        said.insert(0, "else".to_owned());
    }
    Some(said.join(" "))
}

fn evidence(
    top: &Table,
    facts: &BTreeMap<String, String>,
    stored: bool,
) -> BTreeMap<String, Vec<Evidence>> {
    let mut evidence = BTreeMap::new();
    let Some(table) =
        top.get("evidence").and_then(|value| Table::of(top.source, value, "`evidence`"))
    else {
        top.wrong("an adapter has no `[evidence]`: for each fact, how it is known");
        return evidence;
    };
    table.only("`[evidence]`", &KNOWN);
    for fact in KNOWN {
        // That there is none, or no way to tell, is no fact that could be shown.
        let told = facts.get(fact).map_or("", String::as_str);
        let none =
            ["none", "cannot be told", "not applicable"].iter().any(|word| told.starts_with(word));
        if table.get(fact).is_none() && !none && (stored || fact != "stored") {
            table.wrong(format!("`[evidence]` does not say how `{fact}` is known"));
        }
        let mut ways = Vec::new();
        for way in table.tables(fact) {
            way.only("evidence", &KINDS);
            for kind in KINDS {
                let Some(what) = way.text(kind) else { continue };
                let date = what.len() == 10
                    && what.bytes().enumerate().all(|(at, b)| {
                        if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() }
                    });
                match kind {
                    "captured" if !date => {
                        way.wrong(format!("`captured` is a date as 2026-11-23, not `{what}`"))
                    }
                    "documented" if !what.starts_with("https://") => {
                        way.wrong(format!("`documented` is a link, https://…, not `{what}`"))
                    }
                    _ => {}
                }
                ways.push(Evidence { kind, what: what.to_owned() });
            }
            if way.table.is_empty() {
                way.wrong(format!("evidence is one of {}", KINDS.join(", ")));
            }
        }
        if !ways.is_empty() {
            evidence.insert(fact.to_owned(), ways);
        }
    }
    evidence
}
