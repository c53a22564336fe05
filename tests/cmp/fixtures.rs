//! Reads the fixtures: what a page really held, and what it must mean. The same keys as the
//! probes: `global:<path>`, `cookie:<name>`, `local:<key>`, `heard:<name>`, `queue:<path>`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use mixpanel_consent_bridge::cmp::{ALL, Adapter, Reading, Snapshot, Value, decode};
use mixpanel_consent_bridge::core::Answer;
use mixpanel_consent_bridge::core::Trouble;
use serde_json::Value as Json;

/// Every situation that each adapter must have a fixture for, or a reason.
pub const SITUATIONS: [&str; 13] = [
    "not-answered",
    "accept-all",
    "reject-all",
    "statistics-only",
    "all-but-statistics",
    "implied-open",
    "implied-closed",
    "expired",
    "changed-mind",
    "stored-accept",
    "stored-reject",
    "stored-default",
    "early",
];

/// One file.
#[derive(Clone, Debug)]
pub struct Fixture {
    pub situation: String,
    /// The product, as its vendor calls it.
    pub product: String,
    /// Its version, or "documented".
    pub version: String,
    /// The day it was captured or written.
    pub captured: String,
    /// "run" where the running product produced it; nothing where it was written by hand.
    pub how: Option<String>,
    /// The line that produced it, or the source that documents it.
    pub by: String,
    pub snapshot: BTreeMap<String, Json>,
    /// `None`: the adapter says that its consent manager is not there.
    pub expect: Option<Expect>,
}

#[derive(Clone, Debug)]
pub struct Expect {
    pub live: bool,
    pub note: Option<String>,
    /// `null`: there is no such category.
    pub answers: BTreeMap<String, Option<String>>,
}

pub fn folder(id: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(id)
}

/// Every fixture of an adapter, by situation.
pub fn load(id: &str) -> Vec<Fixture> {
    let Ok(files) = fs::read_dir(folder(id)) else { return Vec::new() };
    let mut fixtures: Vec<Fixture> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .filter(|path| path.file_stem().unwrap() != "none")
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let situation = path.file_stem().unwrap().to_string_lossy().into_owned();
            parse(situation, &serde_json::from_str(&text).unwrap())
                .unwrap_or_else(|| panic!("{}: not a fixture", path.display()))
        })
        .collect();
    fixtures.sort_by(|a, b| a.situation.cmp(&b.situation));
    fixtures
}

fn parse(situation: String, json: &Json) -> Option<Fixture> {
    let text = |key: &str| json.get(key)?.as_str().map(str::to_owned);
    let map = |json: &Json| Some(json.as_object()?.clone().into_iter().collect());
    // `how` is for the manager's page (docs/tables.mjs) and for what an adapter says of its evidence.
    let known = ["product", "version", "captured", "how", "by", "snapshot", "expect"];
    assert!(json.as_object()?.keys().all(|key| known.contains(&key.as_str())), "{situation}: keys");
    Some(Fixture {
        situation,
        product: text("product")?,
        version: text("version")?,
        captured: text("captured")?,
        how: text("how"),
        by: text("by")?,
        snapshot: map(json.get("snapshot")?)?,
        expect: match json.get("expect")? {
            Json::Null => None,
            expect => Some(Expect {
                live: expect.get("live")?.as_bool()?,
                note: expect.get("note").and_then(Json::as_str).map(str::to_owned),
                answers: expect
                    .get("answers")?
                    .as_object()?
                    .iter()
                    .map(|(name, answer)| (name.clone(), answer.as_str().map(str::to_owned)))
                    .collect(),
            }),
        },
    })
}

/// The situations that a product cannot have, and why.
pub fn none(id: &str) -> BTreeMap<String, String> {
    fs::read_to_string(folder(id).join("none.json"))
        .map(|text| serde_json::from_str(&text).unwrap())
        .unwrap_or_default()
}

/// A place to look, as an adapter's page lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    pub verb: String,
    pub place: String,
    pub more: String,
}

impl Probe {
    /// Whether it looks at a text that a consent manager stored.
    pub fn is_stored(&self) -> bool {
        ["c", "p", "l", "a"].contains(&self.verb.as_str())
    }

    /// How fixtures call what it looks at.
    fn key(&self) -> String {
        let kind = match self.verb.as_str() {
            "g" => "global:",
            "q" => "queue:",
            "h" => "heard:",
            "c" | "p" => "cookie:",
            _ => "local:",
        };
        [kind, &self.place].concat()
    }
}

/// The two lists of an adapter's page.
pub fn page(adapter: &Adapter) -> (Vec<Json>, Vec<Json>) {
    let text = ["[", adapter.page, "]"].concat();
    serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", adapter.id))
}

/// The places of an adapter's page, read once.
pub fn probes(adapter: &Adapter) -> &'static [Probe] {
    static ALL_PROBES: LazyLock<BTreeMap<&str, Vec<Probe>>> = LazyLock::new(|| {
        let text = |probe: &Json, at: usize| {
            probe.get(at).and_then(Json::as_str).unwrap_or_default().to_owned()
        };
        let probe = |p: &Json| Probe { verb: text(p, 0), place: text(p, 1), more: text(p, 2) };
        ALL.iter().map(|one| (one.id, page(one).0.iter().map(probe).collect())).collect()
    });
    &ALL_PROBES[adapter.id]
}

/// What a list of commands says, as src/page/look/probe.ts gathers it: for each kind and each name
/// what was said, the newest first.
fn queue(list: &Json, word: &str) -> Option<Value> {
    let mut kinds: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for command in list.as_array().into_iter().flatten() {
        let Some([first, kind, names, ..]) = command.as_array().map(Vec::as_slice) else {
            continue;
        };
        if first.as_str() != Some(word) {
            continue;
        }
        let said = kinds.entry(kind.as_str().unwrap_or_default().to_owned()).or_default();
        for (name, text) in names.as_object().into_iter().flatten() {
            let Some(text) = text.as_str() else { continue };
            let said = said.entry(name.clone()).or_default();
            if said.split(',').next() != Some(text) {
                *said = if said.is_empty() { text.to_owned() } else { format!("{text},{said}") };
            }
        }
    }
    (!kinds.is_empty()).then(|| {
        let texts = |(name, text)| (name, Value::Text(text));
        let kind = |(kind, said): (String, BTreeMap<_, _>)| {
            (kind, Value::Map(said.into_iter().map(texts).collect()))
        };
        Value::Map(kinds.into_iter().map(kind).collect())
    })
}

/// What a place of this page holds.
pub fn find(probe: &Probe, page: &BTreeMap<String, Json>) -> Option<Value> {
    let key = probe.key();
    let raw = |json: &Json| decode(&probe.more, json.as_str().expect("stored texts are strings"));
    match probe.verb.as_str() {
        "c" | "l" => page.get(&key).map(raw),
        "p" => page
            .iter()
            .filter(|(name, _)| name.starts_with(&key))
            .min_by_key(|(name, _)| name.len())
            .map(|(_, text)| raw(text)),
        "a" => {
            let found: Vec<(String, Value)> = page
                .iter()
                .filter_map(|(name, text)| Some((name.strip_prefix(&key)?.to_owned(), raw(text))))
                .collect();
            (!found.is_empty()).then_some(Value::Map(found))
        }
        "q" => queue(page.get(&key)?, &probe.more),
        _ => page.get(&key).map(value),
    }
}

/// Whether any probe of the adapter looks at this key of a fixture.
pub fn looks_at(adapter: &Adapter, key: &str) -> bool {
    probes(adapter).iter().any(|probe| match probe.verb.as_str() {
        "p" | "a" => key.starts_with(&probe.key()),
        _ => key == probe.key(),
    })
}

pub fn snapshot(adapter: &Adapter, page: &BTreeMap<String, Json>) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (place, probe) in probes(adapter).iter().enumerate() {
        if let Some(value) = find(probe, page) {
            snapshot.put(place, value);
        }
    }
    snapshot
}

/// JSON, with `{"$function": true}` and `{"$thrown": true}` for what JSON has not.
pub fn value(json: &Json) -> Value {
    match json {
        Json::Object(map) if map.contains_key("$function") => Value::Function,
        Json::Object(map) if map.contains_key("$thrown") => Value::Thrown,
        Json::Object(map) => {
            Value::Map(map.iter().map(|(key, inner)| (key.clone(), value(inner))).collect())
        }
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        other => Value::from(other.clone()),
    }
}

pub fn note(reading: &Reading) -> Option<&'static str> {
    reading.trouble.map(|trouble| match trouble {
        Trouble::NotReady => "not-ready",
        Trouble::Asking => "asking",
        Trouble::Unreadable => "unreadable",
        Trouble::Expired => "expired",
        Trouble::UnknownCategory | Trouble::Manual => "not an adapter's",
    })
}

/// Whether the second reading opens by an act of the visitor what the first did not.
pub fn opens_more(before: &Option<Reading>, after: &Option<Reading>) -> bool {
    let granted = |reading: &Option<Reading>, name: &str| {
        reading.as_ref().and_then(|reading| reading.answer(name)) == Some(Answer::Granted)
    };
    let Some(reading) = after else { return false };
    let rest = reading.rest == Some(Answer::Granted)
        && before.as_ref().and_then(|before| before.rest) != Some(Answer::Granted);
    rest || reading.named.iter().any(|(name, _)| granted(after, name) && !granted(before, name))
}
