//! Prints what the native core makes of every fixture, as JSON: under several policies and
//! signals of the browser, for one category after another, alone and as one of many, and of
//! pages where the visitor changes their mind. `tests/wasm` asks the shipped wasm the same.
//!
//! A vector is a bridge and the looks it takes; what it is expected to do is the trace of its
//! other side (`src/wasm/host.rs`), in order, when that side does nothing by itself.

// A test that cannot go on says so by panicking, in its helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use mixpanel_consent_bridge::cmp::{self, Adapter};
use mixpanel_consent_bridge::core::{
    Answer, BrowserSignals, Command, Denied, Event, Feature, Flow, Implied, Opening, Pending,
    PerFeature, Policy, Privacy, Session, Signal, Start,
};
use serde_json::{Value, json};

#[allow(dead_code)]
#[path = "../tests/cmp/fixtures.rs"]
mod fixtures;

/// The choices of the options `start`, `pending`, `denied`, `implied`, `gpc`, `dnt`.
const POLICIES: [&str; 8] =
    ["000000", "100000", "010000", "020000", "001000", "000100", "000010", "121122"];
/// Global Privacy Control, Do Not Track, `cmpTimeout` is over.
const AROUND: [u8; 4] = [0, 1, 2, 4];
/// A visitor who changes their mind, and one whose answer is found and then asked again.
const STORIES: [&[&str]; 3] = [
    &["not-answered", "accept-all", "accept-all", "reject-all", "accept-all"],
    &["reject-all", "accept-all", "not-answered", "statistics-only", "all-but-statistics"],
    &["stored-accept", "accept-all", "expired", "implied-open", "implied-closed", "reject-all"],
];

fn main() {
    let mut vectors = Vec::new();
    for adapter in cmp::ALL {
        let given = fixtures::load(adapter.id);
        for fixture in &given {
            let looks = [(fixture.situation.as_str(), &fixture.snapshot)];
            let named = fixture.expect.iter().flat_map(|expect| expect.answers.keys());
            for category in named.map(String::as_str).chain(["", "of no consent manager"]) {
                let line =
                    if category.is_empty() { "\n\n\n" } else { &[category, "\n\n\n"].concat() };
                let policies = if category.is_empty() { &POLICIES[..] } else { &POLICIES[..1] };
                for policy in policies {
                    for browser in AROUND.iter().take(if category.is_empty() { 4 } else { 1 }) {
                        vectors.push(vector(adapter.id, policy, line, *browser, &looks));
                    }
                }
            }
            // A category a feature, and two for one.
            if let Some(expect) = &fixture.expect {
                let names: Vec<&str> = expect.answers.keys().map(String::as_str).collect();
                let nth = |n: usize| names.get(n).copied().unwrap_or_default();
                let apart = [nth(0), "\n", nth(1), "\n", nth(2), "\n", nth(3)].concat();
                let both = [nth(0), "\t", nth(1), "\n\n\n"].concat();
                vectors.push(vector(adapter.id, POLICIES[0], &apart, 0, &looks));
                if names.len() > 1 {
                    vectors.push(vector(adapter.id, POLICIES[0], &both, 0, &looks));
                }
            }
            vectors.push(vector("auto", POLICIES[0], "\n\n\n", 0, &looks));
        }
        for story in STORIES {
            let page = |situation: &&str| given.iter().find(|f| f.situation == **situation);
            let pages = story.iter().filter_map(page);
            let looks: Vec<_> = pages.map(|f| (f.situation.as_str(), &f.snapshot)).collect();
            for policy in POLICIES.iter().filter(|_| looks.len() > 1) {
                vectors.push(vector(adapter.id, policy, "\n\n\n", 0, &looks));
                vectors.push(vector(adapter.id, policy, "\n\n\n", 3, &looks));
            }
        }
        for vector in vectors.iter_mut().rev().take_while(|vector| vector["of"].is_null()) {
            vector["of"] = adapter.id.into();
        }
    }
    println!("{}", Value::Array(vectors));
}

type Page = BTreeMap<String, Value>;

fn vector(ids: &str, digits: &str, wanted: &str, browser: u8, looks: &[(&str, &Page)]) -> Value {
    let adapters: Vec<&Adapter> =
        cmp::ALL.iter().copied().filter(|adapter| ids == "auto" || ids == adapter.id).collect();
    let mut session = Session::new(policy(digits), "", false, false);
    let mut other = OtherSide { gate: PerFeature::all(Flow::Hold), said: false, trace: Vec::new() };
    let mut read: Vec<(u8, Answer)> = Vec::new();
    for (_, page) in looks {
        let mut signals = Vec::new();
        for (number, adapter) in adapters.iter().enumerate() {
            if let Some(reading) = adapter.read(&fixtures::snapshot(adapter, page)) {
                signals.push(cmp::signal(adapter, number as u8, &reading, wanted));
            }
        }
        let said = |signal: &Signal| (signal.source, signal.answers.get(Feature::Tracking));
        let now: Vec<(u8, Answer)> = signals.iter().map(said).collect();
        for (source, answer) in now.iter().filter(|said| !read.contains(said)) {
            other.hears(["read", adapters[*source as usize].id, answer.name()]);
        }
        read = now;
        other.looked(&mut session, &adapters, &signals, browser);
    }
    let looks: Vec<&str> = looks.iter().map(|(situation, _)| *situation).collect();
    json!({
        "ids": ids,
        "policy": digits,
        "categories": wanted,
        "browser": browser,
        "looks": looks,
        "expect": other.trace,
    })
}

/// What is told to the other side of the boundary, in the order of `src/wasm/page.rs`.
struct OtherSide {
    gate: PerFeature<Flow>,
    said: bool,
    trace: Vec<String>,
}

impl OtherSide {
    fn hears<const N: usize>(&mut self, words: [&str; N]) {
        self.trace.push(words.join(" "));
    }

    fn looked(&mut self, session: &mut Session, all: &[&Adapter], signals: &[Signal], browser: u8) {
        let browser = BrowserSignals {
            gpc: browser & 1 != 0,
            dnt: browser & 2 != 0,
            timed_out: browser & 4 != 0,
            unseen: false,
        };
        let effects = session.on(Event::Read { signals, browser, now_ms: 0 });
        let source = session.source().map_or("", |source| all[source as usize].id);
        for command in effects.commands {
            match command {
                Command::Gate(flow) => {
                    let before = std::mem::replace(&mut self.gate, flow);
                    if before != flow {
                        let letters = Feature::ALL.map(|f| &flow.get(f).name()[..1]).concat();
                        self.hears(["gate", &letters]);
                    }
                }
                Command::Init(Opening::On(open)) | Command::Unlock(Opening::On(open)) => {
                    let letter = |f: Feature| if open.get(f) { "p" } else { "d" };
                    self.hears(["run", command.name(), &Feature::ALL.map(letter).concat()]);
                }
                _ => self.hears(["run", command.name(), "dddd"]),
            }
        }
        if let Some(record) = effects.record {
            let line = record.line();
            let answers = line.split('.').nth(1).unwrap_or_default();
            let event = &record.event.name()[..1];
            // The time of it is the only thing that no two runs have in common.
            self.hears(["receipt", &["1", answers, event, "T", source].join(".")]);
            self.hears(["tell", answers]);
        }
        if effects.new_yes {
            self.hears(["optedIn"]);
        }
        if effects.changed || !self.said {
            self.said = true;
            let decision = session.decision();
            let (consent, mode) = (decision.consent.name(), decision.mode.name());
            self.hears(["say", consent, mode, source, session.code().name()]);
        }
    }
}

fn policy(digits: &str) -> Policy {
    let digit = |at: usize| (digits.as_bytes()[at] - b'0') as usize;
    let privacy = [Privacy::Respect, Privacy::Strict, Privacy::Ignore];
    Policy {
        start: [Start::Deferred, Start::OptedOut][digit(0)],
        pending: [Pending::Hold, Pending::Drop, Pending::Cookieless][digit(1)],
        denied: [Denied::Off, Denied::Cookieless][digit(2)],
        implied: [Implied::Accept, Implied::Ask][digit(3)],
        gpc: privacy[digit(4)],
        dnt: privacy[digit(5)],
    }
}
