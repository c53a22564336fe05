//! One adapter's file, whole: its facts, and what the other parts make of it.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::places::{identifier, kept_is_looked_at, listen, one_place};
use super::rule::rule;
use super::table::Table;
use super::words::Places;
use super::{Problem, Source, reach};

/// An adapter as it was compiled.
#[derive(Clone, Debug)]
pub struct Adapter {
    pub file: String,
    pub id: String,
    pub order: u32,
    pub order_line: usize,
    pub rank: &'static str,
    /// Where only looking again shows a change.
    pub looks: &'static str,
    /// Alternatives between `|`, names that must all allow between `+`.
    pub category: String,
    /// The places by name, with their letters; names of parts have none.
    pub places: Vec<(String, Option<char>)>,
    /// What `src/cmp` knows as `Adapter::page`.
    pub page: String,
    /// What `src/cmp` knows as the rules.
    pub rules: String,
    /// The places and the rules as they stand in the file, for another compiler of the same words.
    pub words: Json,
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
/// As `src/cmp` has them: nowhere, in browsers that do not tell of cookies, everywhere.
pub const LOOKS: [&str; 3] = ["never", "cookies", "always"];
const TOP: [&str; 15] = [
    "id",
    "order",
    "product",
    "vendor",
    "docs",
    "versions",
    "rank",
    "looks",
    "analytics",
    "confidence",
    "facts",
    "evidence",
    "places",
    "listen",
    "rule",
];
const TEXTS: [&str; 5] = ["product", "vendor", "docs", "versions", "confidence"];
const FACTS: [&str; 6] = ["detected", "explicit", "implied", "expired", "categories", "limits"];
const KNOWN: [&str; 6] = ["detected", "explicit", "implied", "expired", "stored", "looks"];
const KINDS: [&str; 4] = ["run", "captured", "documented", "reported"];

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
        facts.insert(key.to_owned(), top.sentence("an adapter", key).to_owned());
    }
    if let Some(docs) = facts.get("docs").filter(|docs| !docs.starts_with("https://")) {
        top.wrong_at("docs", format!("`docs` is a link, https://…, not `{docs}`"));
    }
    if let Some(sure) = facts.get("confidence")
        && !["high (", "medium (", "low ("].iter().any(|word| sure.starts_with(word))
    {
        top.wrong_at(
            "confidence",
            "`confidence` begins with high, medium or low and says why between brackets",
        );
    }
    let file = top.source.file;
    let id = top.needed("an adapter", "id").unwrap_or_default().to_owned();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !file.ends_with(&format!("/{id}.toml")) || !id.bytes().all(plain) {
        top.wrong_at(
            "id",
            format!("`id` is small letters, digits and hyphens, and the file is called {id}.toml"),
        );
    }
    let rank = one_of(top, "rank", &RANKS);
    let looks = one_of(top, "looks", &LOOKS);
    let (order, order_line) = order(top);
    let told = top.get("facts").and_then(|value| Table::of(top.source, value, "`facts`"));
    match told {
        None => top.wrong("an adapter has no `[facts]`"),
        Some(told) => {
            told.only("`[facts]`", &FACTS);
            for key in FACTS {
                let text = told.sentence("`[facts]`", key);
                facts.insert(key.to_owned(), text.to_owned());
            }
        }
    }

    let mut places = Places::default();
    let mut probes = Vec::new();
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
            let made = one_place(&place, name, &places, probes.len());
            if let Some((known, look)) = made {
                letters.push((
                    name.to_string(),
                    look.as_ref().and_then(|_| known.compact.chars().next()),
                ));
                probes.extend(look);
                places.all.push(known);
            }
        }
    }
    if probes.is_empty() || probes.len() > 26 {
        top.wrong("an adapter has `[places]`, one to 26 places to look");
    }
    let listens: Vec<String> = top.tables("listen").iter().flat_map(listen).collect();
    let page = format!("\n[{}],\n[{}]", probes.join(",\n"), listens.join(",\n"));
    kept_is_looked_at(top, &listens, &probes);
    if looks == "never" && listens.is_empty() {
        top.wrong_at("looks", "an adapter that listens to nothing looks: `cookies` or `always`");
    }

    let rule_tables = top.tables("rule");
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
    if rule_tables.is_empty() {
        top.wrong("an adapter has `[[rule]]`s: what it means that something was found");
    }
    // With another mistake a rule that asks for it may not have been understood.
    if top.source.fine() {
        unused(top, &places);
    }
    let rules: Vec<String> = compact.iter().map(reach::Rule::text).collect();
    Adapter {
        file: file.to_owned(),
        order,
        order_line,
        rank,
        looks,
        category: category(top),
        places: letters,
        page,
        rules: format!("\n{}\n", rules.join("\n")),
        words: words(top),
        lines,
        evidence: evidence(top, &facts, stored, looks, compact.iter().any(reach::Rule::opens)),
        facts,
        id,
    }
}

/// The word at a key, of those that there are.
fn one_of(top: &Table, key: &str, words: &[&'static str]) -> &'static str {
    let word = top.needed("an adapter", key).unwrap_or_default();
    words.iter().copied().find(|known| *known == word).unwrap_or_else(|| {
        let known = words.join(", ");
        top.wrong_at(key, format!("there is no {key} `{word}`; it is one of {known}"));
        words.last().copied().unwrap_or_default()
    })
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

fn evidence(
    top: &Table,
    facts: &BTreeMap<String, String>,
    stored: bool,
    looks: &str,
    opens: bool,
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
        // Nobody has to show that looking again is needed, but that it is not. A default that opens
        // lets events out that nobody was asked about, so it is shown whatever the sentence says.
        let needed = match fact {
            "stored" => stored,
            "looks" => looks != "always",
            "implied" => opens || !nothing(told),
            _ => !nothing(told),
        };
        if fact == "implied" && opens && nothing(told) {
            top.wrong(
                "`implied` of `[facts]` says that there is none, and a rule allows by default",
            );
        }
        if table.get(fact).is_none() && needed {
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
                    "documented"
                        if !what
                            .trim_end_matches('/')
                            .get(8..)
                            .unwrap_or_default()
                            .contains('/') =>
                    {
                        way.wrong(format!(
                            "`documented` is the page that says it, not a whole site: `{what}`"
                        ))
                    }
                    _ => {}
                }
                let made = Evidence { kind, what: what.to_owned() };
                if kind == "reported" && what.contains("other programs") && !shown(&made) {
                    way.wrong("`reported` says by which program: owner/repository:path or package@version");
                }
                ways.push(made);
            }
            if way.table.is_empty() {
                way.wrong(format!("evidence is one of {}", KINDS.join(", ")));
            }
        }
        if fact == "implied" && opens && !ways.is_empty() && !ways.iter().any(shown) {
            table.wrong_at(
                fact,
                "a default that allows is `run`, `captured`, or `reported` with the public code that shows it, owner/repository:path or package@version; documentation alone does not open",
            );
        }
        if !ways.is_empty() {
            evidence.insert(fact.to_owned(), ways);
        }
    }
    let seen = |fact: &str| match evidence.get(fact) {
        Some(ways) => ways.iter().any(|way: &Evidence| matches!(way.kind, "run" | "captured")),
        None => true,
    };
    let high = facts.get("confidence").is_some_and(|sure| sure.starts_with("high"));
    if let Some(fact) = ["explicit", "implied"].into_iter().find(|fact| high && !seen(fact)) {
        top.wrong_at(
            "confidence",
            format!("`confidence` is high only where `{fact}` was run or captured"),
        );
    }
    evidence
}

/// Whether a fact says that there is none, or no way to tell: exactly that, with a reason behind it
/// or without. "None is stored, and it is on" is a claim.
fn nothing(told: &str) -> bool {
    ["none", "cannot be told", "not applicable"].iter().any(|word| {
        told.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', ';']))
    })
}

/// Whether this shows what a product does, and not only what its makers say of it.
fn shown(way: &Evidence) -> bool {
    let code = |word: &str| {
        let (name, place) = word.split_once([':', '@']).unwrap_or_default();
        !place.is_empty() && (name.contains('/') || word.contains('@')) && !name.contains("//")
    };
    match way.kind {
        "run" | "captured" => true,
        "reported" => way.what.split_whitespace().any(code),
        _ => false,
    }
}

/// Places in their order, and rules.
fn words(top: &Table) -> Json {
    let places = match top.get("places").map(Spanned::get_ref) {
        Some(DeValue::Table(places)) => places
            .iter()
            .map(|(name, place)| json!([name.get_ref(), plain(place.get_ref())]))
            .collect(),
        _ => Vec::new(),
    };
    let rules = top.get("rule").map_or(Json::Null, |rules| plain(rules.get_ref()));
    json!({ "places": places, "rules": rules })
}

fn plain(value: &DeValue) -> Json {
    match value {
        DeValue::String(text) => json!(text),
        DeValue::Boolean(flag) => json!(flag),
        DeValue::Integer(number) => json!(number.as_str().parse::<i64>().unwrap_or_default()),
        DeValue::Array(items) => items.iter().map(|item| plain(item.get_ref())).collect(),
        DeValue::Table(table) => Json::Object(
            table
                .iter()
                .map(|(key, value)| (key.get_ref().to_string(), plain(value.get_ref())))
                .collect(),
        ),
        // No adapter has one.
        DeValue::Float(_) | DeValue::Datetime(_) => Json::Null,
    }
}
