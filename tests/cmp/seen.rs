//! What real consent managers stored, as public texts and runs of the vendors' scripts show it
//! (tests/seen, ids made up): each reads as one of the answers that would be right, in a page
//! that has nothing but what is stored, and on a server.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mixpanel_consent_bridge::cmp::{ALL, signal};
use mixpanel_consent_bridge::core::{BrowserSignals, Feature, Policy, Ruling, merge};
use mixpanel_consent_bridge::request::{Options, Reader, Request};
use serde_json::Value as Json;

use crate::fixtures::{load, snapshot};

struct Seen {
    cmp: String,
    what: String,
    category: String,
    gpc: bool,
    cookie: String,
    page: BTreeMap<String, Json>,
    reads: Vec<String>,
}

fn all() -> Vec<Seen> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seen");
    let mut seen = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let cmp = path.file_stem().unwrap().to_string_lossy().into_owned();
        let rows: Json = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for row in rows.as_array().unwrap() {
            let text =
                |key: &str| row.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
            let cookie = text("cookie");
            let mut page = BTreeMap::new();
            for pair in cookie.split(';').filter(|pair| !pair.is_empty()) {
                let (name, value) = pair.trim_matches(' ').split_once('=').unwrap();
                page.entry(format!("cookie:{name}")).or_insert_with(|| Json::from(value));
            }
            for (key, value) in row.get("local").and_then(Json::as_object).into_iter().flatten() {
                page.insert(format!("local:{key}"), value.clone());
            }
            assert!(!page.is_empty(), "{cmp}: {}", text("what"));
            seen.push(Seen {
                cmp: cmp.clone(),
                what: text("what"),
                category: text("category"),
                gpc: row.get("gpc").is_some(),
                cookie,
                page,
                reads: row["reads"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|answer| answer.as_str().unwrap().to_owned())
                    .collect(),
            });
        }
    }
    seen
}

/// The pages of one adapter, for what asks of each rule that something real takes it.
pub fn stored_pages(cmp: &str) -> impl Iterator<Item = BTreeMap<String, Json>> {
    all().into_iter().filter(move |seen| seen.cmp == cmp).map(|seen| seen.page)
}

#[test]
fn what_real_visitors_had_stored_reads_as_what_they_did_in_a_page_and_on_a_server() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for seen in all() {
        let around = BrowserSignals { gpc: seen.gpc, dnt: false, timed_out: true, unseen: false };
        let mut signals = Vec::new();
        for (number, adapter) in (0..).zip(ALL) {
            if (seen.cmp == "auto" || seen.cmp == adapter.id)
                && let Some(reading) = adapter.read(&snapshot(adapter, &seen.page))
            {
                signals.push(signal(adapter, number, &reading, &seen.category));
            }
        }
        let ruling = Ruling::of(&merge(&signals), around, &Policy::default());
        let page = ruling.answers.get(Feature::Tracking).name();
        let category = [seen.category.as_str()];
        let named: &[&str] = if seen.category.is_empty() { &[] } else { &category };
        let cmp = [seen.cmp.as_str()];
        let options = Options { cmp: &cmp, category: [named, &[], &[], &[]], ..Options::default() };
        let reader = Reader::new(&options).unwrap();
        let request = Request { cookies: &seen.cookie, gpc: seen.gpc, dnt: false };
        let server = reader.read(&request).ruling.answers.get(Feature::Tracking).name();
        let in_local = seen.page.keys().any(|key| key.starts_with("local:"));
        for (whose, answer) in [("page", page), ("server", server)] {
            // A server sees no local storage: it may know less, and never something else.
            let knows_less = whose == "server" && in_local && answer == "unset";
            if !knows_less && !seen.reads.iter().any(|right| right == answer) {
                let Seen { cmp, what, reads, .. } = &seen;
                wrong.push(format!("{cmp}: {what}: {whose} reads {answer}, not {reads:?}"));
            }
        }
        count += 1;
    }
    assert!(count > 100, "{count}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The page of several fixtures at once, as `auto` reads it: the answer, and why.
fn page_of(fixtures: &[(&str, &str)]) -> (&'static str, Option<&'static str>) {
    let mut page = BTreeMap::new();
    for (id, situation) in fixtures {
        let all = load(id);
        let one = all.iter().find(|fixture| fixture.situation == *situation).unwrap();
        page.extend(one.snapshot.clone());
    }
    let mut signals = Vec::new();
    for (number, adapter) in (0..).zip(ALL) {
        if let Some(reading) = adapter.read(&snapshot(adapter, &page)) {
            signals.push(signal(adapter, number, &reading, ""));
        }
    }
    let merged = merge(&signals);
    (merged.answers.get(Feature::Tracking).name(), merged.code.map(|code| code.name()))
}

#[test]
fn a_stored_yes_of_a_manager_that_is_gone_opens_nothing_once_another_runs() {
    for (gone, here, answer) in [
        ("iubenda", "cookiebot", "unset"),
        ("cookiebot", "iubenda", "unset"),
        ("securiti", "onetrust", "unset"),
        ("onetrust", "securiti", "unset"),
        ("cookiebot", "iab-tcf", "unset"),
        ("onetrust", "usercentrics", "unset"),
    ] {
        let said = page_of(&[(gone, "stored-accept"), (here, "not-answered")]);
        assert_eq!(said.0, answer, "{gone} gone, {here} asks: {said:?}");
        // The one that is here has the last word, both ways.
        let no = page_of(&[(gone, "stored-accept"), (here, "reject-all")]);
        let left_over = here == "iab-tcf";
        assert!(no.0 == "denied" || left_over, "{gone} gone, {here} refused: {no:?}");
        let yes = page_of(&[(gone, "stored-reject"), (here, "accept-all")]);
        assert!(yes.0 == "granted" || left_over, "{gone} gone, {here} accepted: {yes:?}");
    }
    // Where neither runs yet, two that disagree are the strictest.
    let (answer, code) = page_of(&[("cookiebot", "stored-reject"), ("iubenda", "stored-accept")]);
    assert_eq!((answer, code), ("denied", Some("cmp-disagree")));
}
