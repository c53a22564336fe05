//! What no consent manager should do, done to every adapter: values of another type, getters
//! that throw, cookies cut in half, keys meant to pollute prototypes. None may panic, and none
//! may open what the page as it was did not.

use mixpanel_consent_bridge::cmp::{ALL, Adapter, Snapshot, Value, decode};
use serde_json::Value as Json;

use crate::fixtures::{Fixture, Probe, find, load, opens_more, probes, snapshot};

fn odd_values() -> Vec<Value> {
    let huge = "C0002:1,".repeat(1 << 11);
    let mut nested = Value::Bool(true);
    for _ in 0..64 {
        nested = Value::Map(vec![("purposes".to_owned(), Value::List(vec![nested]))]);
    }
    vec![
        Value::Null,
        Value::Thrown,
        Value::Function,
        Value::Number(f64::NAN),
        Value::Number(77.0),
        Value::Text(String::new()),
        Value::Text("on".to_owned()),
        Value::Text("\u{FFFD}%%%{{{[[[".to_owned()),
        Value::Text(huge),
        Value::List(Vec::new()),
        Value::List(vec![Value::Null, Value::Thrown, Value::Function]),
        Value::Map(Vec::new()),
        nested,
    ]
}

/// The fixture's page, with what one probe finds replaced (or taken away).
fn with(adapter: &Adapter, fixture: &Fixture, at: &Probe, odd: Option<&Value>) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (place, probe) in probes(adapter).iter().enumerate() {
        let value = match odd {
            _ if probe != at => find(probe, &fixture.snapshot),
            odd => odd.cloned(),
        };
        if let Some(value) = value {
            snapshot.put(place, value);
        }
    }
    snapshot
}

/// Readings that open more for a reason: adapter, situation, and why.
const REASONS: [(&str, &str, &str); 5] = [
    ("onetrust", "expired", AWAITING),
    ("onetrust", "stored-expired", AWAITING),
    ("trustarc", "stored-default", IMPLIED),
    ("consentmo", "*", SWITCHED_OFF),
    ("nuxt-cookie-control", "*", IDS),
];

const AWAITING: &str = "the field that takes the answer back is the last of the cookie, and older \
    versions do not write it: a cookie cut right before it is an older version's";

const IDS: &str = "the cookie is a list of a site's own ids, and a shorter word is another id";

const SWITCHED_OFF: &str =
    "the cookie lists what is switched off, and a shorter list is another answer";

const IMPLIED: &str = "the word that tells a default is the last of the cookie, and a chosen one \
    ends before it";

/// Where having been called back is itself the sign of an answer, whatever the payload was.
const SIGNS: [&str; 2] = ["osano", "ketch-act"];

fn expected(adapter: &Adapter, fixture: &Fixture) -> bool {
    let at = (adapter.id, fixture.situation.as_str());
    REASONS.iter().any(|(id, situation, why)| {
        *id == at.0 && (*situation == at.1 || *situation == "*") && !why.is_empty()
    })
}

/// Each place of the fixture's page with each odd value, and without any.
pub fn with_odd_values(
    adapter: &Adapter,
    fixture: &Fixture,
    each: &mut dyn FnMut(&Probe, Option<&Value>, &Snapshot),
) {
    let odd = odd_values();
    for probe in probes(adapter) {
        for value in odd.iter().map(Some).chain([None]) {
            each(probe, value, &with(adapter, fixture, probe, value));
        }
    }
}

#[test]
fn an_odd_value_in_any_place_never_opens() {
    let mut wrong = Vec::new();
    for adapter in ALL {
        for fixture in load(adapter.id) {
            let before = adapter.read(&snapshot(adapter, &fixture.snapshot));
            with_odd_values(adapter, &fixture, &mut |probe, value, odd| {
                // What is not there may be there: only what is odd is held against a reader.
                let Some(value) = value else { return };
                if probe.verb == "h" && SIGNS.contains(&probe.place.as_str()) {
                    return;
                }
                // A list of ids without its outer commas is any text: other ids are no category
                // that anybody asks for.
                let ids = ["OnetrustActiveGroups", "ncc_e"].contains(&probe.place.as_str())
                    && matches!(value, Value::Text(_));
                if ids && adapter.read(odd).is_none_or(|read| !read.knows(adapter.category)) {
                    return;
                }
                // An empty list of what is off, and how WordPress writes a setting that is off.
                let off = ["cookieconsent_preferences_disabled", "complianz.forceEnableStats"];
                let nothing_is_off =
                    off.contains(&probe.place.as_str()) && value.as_text() == Some("");
                if !nothing_is_off && opens_more(&before, &adapter.read(odd)) {
                    let value: String = format!("{value:?}").chars().take(40).collect();
                    let at = format!("{}/{}", adapter.id, fixture.situation);
                    wrong.push(format!("{at}: {probe:?} = {value}"));
                }
            });
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_place_odd_at_once_is_no_answer_or_an_unset_one() {
    for adapter in ALL {
        for value in odd_values() {
            let mut snapshot = Snapshot::default();
            for place in 0..probes(adapter).len() {
                snapshot.put(place, value.clone());
            }
            let reading = adapter.read(&snapshot);
            // A list of a site's own ids may be of any words: it is told by the cookie's name.
            let ids = adapter.id == "nuxt-cookie-control" && value.as_text().is_some();
            assert!(ids || !opens_more(&None, &reading), "{}: {reading:?}", adapter.id);
        }
    }
}

#[test]
fn a_stored_text_cut_anywhere_never_opens() {
    let mut cuts = 0;
    for adapter in ALL {
        for fixture in load(adapter.id) {
            let before = adapter.read(&snapshot(adapter, &fixture.snapshot));
            for (key, text) in &fixture.snapshot {
                let stored = key.starts_with("cookie:") || key.starts_with("local:");
                let Some(text) = text.as_str().filter(|_| stored) else { continue };
                for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
                    let mut page = fixture.snapshot.clone();
                    page.insert(key.clone(), Json::String(text[..end].to_owned()));
                    let after = adapter.read(&snapshot(adapter, &page));
                    cuts += 1;
                    assert!(
                        !opens_more(&before, &after) || expected(adapter, &fixture),
                        "{}/{}: {key} cut to `{}`: {after:?}",
                        adapter.id,
                        fixture.situation,
                        &text[..end]
                    );
                }
            }
        }
    }
    assert!(cuts > 1_000, "{cuts}");
}

#[test]
fn keys_meant_to_pollute_change_no_answer() {
    fn pollute(json: &mut Json) {
        match json {
            Json::Object(map) if !map.keys().any(|key| key.starts_with('$')) => {
                map.values_mut().for_each(pollute);
                for key in ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"] {
                    map.insert(key.to_owned(), serde_json::json!({"analytics": true}));
                }
            }
            Json::Array(items) => items.iter_mut().for_each(pollute),
            _ => {}
        }
    }
    for adapter in ALL {
        for fixture in load(adapter.id) {
            let Some(before) = adapter.read(&snapshot(adapter, &fixture.snapshot)) else {
                continue;
            };
            let mut page = fixture.snapshot.clone();
            for (key, value) in &mut page {
                match value {
                    Json::String(text) if !key.starts_with("global:") => {
                        if let Ok(mut inner @ Json::Object(_)) = serde_json::from_str(text) {
                            pollute(&mut inner);
                            *text = inner.to_string();
                        }
                    }
                    value => pollute(value),
                }
            }
            let after = adapter.read(&snapshot(adapter, &page)).unwrap();
            for name in adapter.category.split(['|', '+']) {
                assert_eq!(
                    before.answer(name),
                    after.answer(name),
                    "{}/{}: {name}",
                    adapter.id,
                    fixture.situation
                );
            }
        }
    }
}

#[test]
fn another_products_text_under_the_same_name_is_no_answer() {
    // Names that several products use, filled with what each of them writes there.
    let foreign = [
        "true",
        "false",
        "allow",
        "yes",
        "1",
        r#"{"categories":["analytics"],"level":["analytics"],"revision":0,"data":null}"#,
        "{}",
        "[]",
        "null",
        "eyJjb25zZW50cyI6e319",
        "1:true,2:true,3:true",
        "analytics:yes",
        "\u{0}\u{1}",
    ];
    for adapter in ALL {
        for (place, probe) in probes(adapter).iter().enumerate() {
            if !["c", "l"].contains(&probe.verb.as_str()) {
                continue;
            }
            let name = &probe.place;
            for text in foreign {
                // Some write single words, and are told by the cookie's own name.
                let theirs = match adapter.id {
                    "cookieconsent" | "wp-consent-api" => text == "allow",
                    "react-cookie-consent" | "enzuzo" | "cookie-notice" => text == "true",
                    "amasty" => text == "1",
                    "hubspot" => text.starts_with("1:true"),
                    _ => false,
                };
                let mut snapshot = Snapshot::default();
                snapshot.put(place, decode(&probe.more, text));
                let reading = adapter.read(&snapshot);
                assert!(theirs || !opens_more(&None, &reading), "{} {name}: {text}", adapter.id);
            }
        }
    }
}
