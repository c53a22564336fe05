//! `[places]` and `[[listen]]`: where to look and what tells that it is worth looking again.

use serde_json::{Value as Json, json};
use toml::de::DeValue;

use super::table::{Table, Value, names, pick};
use super::words::{self, Place, Places, Split};

const VERBS: [(&str, char); 7] = [
    ("global", 'g'),
    ("queue", 'q'),
    ("cookie", 'c'),
    ("cookie-beginning", 'p'),
    ("local", 'l'),
    ("local-beginning", 'a'),
    ("heard", 'h'),
];
const FORMS: [(&str, char); 7] = [
    ("raw", 'r'),
    ("text", 't'),
    ("json", 'j'),
    ("base64", 'b'),
    ("tc", 'u'),
    ("gpp", 'v'),
    ("packed", 'z'),
];

pub fn identifier(name: &str) -> bool {
    let words = ["any", "no", "key", "itself", "true", "false", "null", "is", "or"];
    name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
        && !words.contains(&name)
}

fn quote(text: &str) -> String {
    Json::from(text).to_string()
}

/// A place, and what is looked for there; a part of another and an alternative are no place of their own.
pub fn one_place(
    table: &Table,
    name: &str,
    places: &Places,
    at: usize,
) -> Option<(Place, Option<String>)> {
    let verbs: Vec<&str> = VERBS.iter().map(|(verb, _)| *verb).collect();
    let known: Vec<&str> =
        verbs.iter().copied().chain(["part", "firstOf", "word", "form", "pairs", "list"]).collect();
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
    if table.get("word").is_some() != (verb == "queue") {
        table.wrong(format!(
            "the place `{name}`: `queue` has a `word` that its commands begin with, nothing else has"
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
            } else if verb == "queue" {
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
    let ways = ["pairs", "list"].into_iter().filter(|way| table.get(way).is_some());
    if ways.count() > 1 {
        table.wrong(format!("the place `{name}`: one of pairs, list"));
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
    None
}

const LISTENS: [&str; 9] =
    ["window", "document", "after", "call", "args", "heard", "keep", "off", "offArgs"];

/// What one `[[listen]]` says; several events of one target are several.
pub fn listen(table: &Table) -> Vec<String> {
    table.only("`[[listen]]`", &LISTENS);
    let given: Vec<&str> =
        LISTENS.into_iter().take(4).filter(|key| table.get(key).is_some()).collect();
    let [verb] = given[..] else {
        table.wrong("`[[listen]]` says one of window, document, after, call");
        return Vec::new();
    };
    let keep: Vec<&str> = table.texts("keep").into_iter().map(|(path, _)| path).collect();
    if keep.is_empty() == table.get("heard").is_some() {
        table.wrong(
            "`heard` is the name under which the fields in `keep` are kept: both or neither",
        );
    }
    if verb != "call" {
        for key in ["args", "off", "offArgs"] {
            if table.get(key).is_some() {
                table.wrong(format!("only a `call` has `{key}`"));
            }
        }
        if verb == "after" && !keep.is_empty() {
            table.wrong("of a call that is waited for nothing can be kept");
        }
        let letter = verb.get(..1).unwrap_or_default();
        let letter = if verb == "after" { "t" } else { letter };
        let heard =
            table.text("heard").map(|name| format!(",null,{},{}", quote(name), json!(keep)));
        let heard = heard.unwrap_or_default();
        let texts = table.texts(verb);
        return texts
            .iter()
            .map(|(text, _)| format!("[{},{}{heard}]", quote(letter), quote(text)))
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
pub fn kept_is_looked_at(top: &Table, listens: &[String], looks: &[String]) {
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
