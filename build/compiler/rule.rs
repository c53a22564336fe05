//! `[[rule]]`: conditions and what they mean.

use std::ops::Range;

use toml::de::DeValue;

use super::reach;
use super::table::{Table, names, pick};
use super::words::{self, Places};

// The signs are those of `Meaning` in src/core/protocol.rs, and the letters those of `Answer`.
const THEN: [(&str, &str); 11] = [
    ("not-ready", "r"),
    ("asking", "a"),
    ("unreadable", "u"),
    ("expired", "x"),
    ("another-product", "p"),
    ("no-such-category", ""),
    ("granted", "ng"),
    ("implied-granted", "no"),
    ("unset", "nu"),
    ("implied-denied", "nc"),
    ("denied", "nd"),
];
const OTHERS: [(&str, &str); 5] = [
    ("granted", "ng"),
    ("implied-granted", "no"),
    ("unset", "nu"),
    ("implied-denied", "nc"),
    ("denied", "nd"),
];
const BY: [(&str, &str); 7] = [
    ("visitor", "gd"),
    ("default", "oc"),
    ("default-open", "ou"),
    ("default-closed", "cc"),
    ("visitor-yes", "gc"),
    ("visitor-no", "od"),
    ("nobody", "uu"),
];

pub fn rule(table: &Table, places: &Places) -> Option<reach::Rule> {
    table.only("a rule", &["from", "if", "then", "answers", "others"]);
    let sign = match table.needed("a rule", "from") {
        Some("running") => '+',
        Some("stored") => '-',
        other => {
            if let Some(other) = other {
                table.wrong_at("from", format!("`from` is running (the consent manager says so) or stored (it is all that is there), not `{other}`"));
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
                None => table.wrong_at(
                    "then",
                    format!("`then` cannot be `{then}`; it may be {}", names(&THEN)),
                ),
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
            Some(others) => means.push(others.to_owned()),
            None => table.wrong_at(
                "others",
                format!("`others` cannot be `{others}`; it may be {}", names(&OTHERS)),
            ),
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
        table.wrong_at("by", format!("`by` cannot be `{by}`; it may be {}", names(&BY)));
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
    for (category, span) in table.texts("category") {
        named.push(format!("'{}", table.said_at(&span, words::word(category, ","))?));
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
        said.insert(0, "f".to_owned());
    }
    Some(said.join(" "))
}
