//! The rules themselves: every word of them is one that is known, and every rule is there for a
//! situation that a fixture (or an odd value) shows.

use std::collections::BTreeSet;

use mixpanel_consent_bridge::cmp::ALL;
use mixpanel_consent_bridge::core::Answer;
use mixpanel_consent_bridge::core::protocol::Meaning;

use crate::fixtures::{load, probes, snapshot};
use crate::odd::with_odd_values;
use crate::seen::stored_pages;

fn rules() -> impl Iterator<Item = (&'static str, usize, Vec<(usize, &'static str)>)> {
    ALL.iter().map(|adapter| {
        let lines = adapter.rules.split('\n').enumerate().filter(|(_, line)| !line.is_empty());
        (adapter.id, probes(adapter).len(), lines.collect())
    })
}

/// A place begins with the letters of probes that there are.
fn place(place: &str, probes: usize) -> bool {
    let letters = place.split(['.', '{', '[', '=', '~', '^', '>', ':']).next().unwrap();
    let known = |letter: &str| {
        letter.len() == 1 && usize::from(letter.as_bytes()[0].wrapping_sub(b'a')) < probes
    };
    letters.split('/').all(known)
}

fn condition(word: &str, probes: usize) -> bool {
    word.split('|').all(|one| {
        let one = one.strip_prefix('!').unwrap_or(one);
        one.starts_with('.') || place(one, probes)
    })
}

#[test]
fn every_word_is_known() {
    for (id, probes, lines) in rules() {
        for (_, line) in lines {
            let at = format!("{id}: {line}");
            assert!(!line.contains("  ") && line.trim() == line, "{at}: single spaces");
            let mut words = line.split(' ');
            assert!(matches!(words.next(), Some("+" | "-")), "{at}: where");
            for word in words.by_ref() {
                if word == ">" {
                    break;
                }
                assert!(condition(word, probes), "{at}: condition `{word}`");
            }
            while let Some(word) = words.next() {
                match word {
                    ";" => {}
                    word if word.len() == 1 => {
                        let meaning = Meaning::of_sign(word.as_bytes()[0]);
                        assert!(
                            meaning.is_some_and(|one| one != Meaning::Others),
                            "{at}: `{word}`"
                        );
                    }
                    word if word.as_bytes()[0] == Meaning::Others.sign() => {
                        let answer = Answer::of_letter(word.as_bytes()[1]);
                        assert!(word.len() == 2 && answer.is_some(), "{at}: `{word}`");
                    }
                    word if word.starts_with('?') => {
                        assert!(condition(&word[1..], probes), "{at}: condition `{word}`");
                    }
                    turn => {
                        assert!(
                            turn.len() == 2 && turn.bytes().all(|c| Answer::of_letter(c).is_some()),
                            "{at}: answers `{turn}`"
                        );
                        let source = words.next().unwrap();
                        assert!(place(source, probes), "{at}: place `{source}`");
                        for name in words.next().unwrap().split(',') {
                            assert!(name.starts_with(['@', '.', '\'']), "{at}: name `{name}`");
                        }
                        let value = words.next().unwrap();
                        let known = match value.as_bytes() {
                            b"+" | b"-" => true,
                            [b'.', ..] => true,
                            [b'?', ..] => condition(&value[1..], probes),
                            _ => value.ends_with(']') && place(value, probes),
                        };
                        assert!(known, "{at}: value `{value}`");
                    }
                }
            }
        }
    }
}

#[test]
fn every_rule_has_a_situation() {
    let mut idle = Vec::new();
    let files: serde_json::Value =
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/adapters.json"))).unwrap();
    for (id, _, lines) in rules() {
        let file = files.as_array().unwrap().iter().find(|file| file["id"] == id).unwrap();
        let adapter = mixpanel_consent_bridge::cmp::find(id).unwrap();
        let mut taken = BTreeSet::new();
        for fixture in load(id) {
            taken.extend(adapter.rule(&snapshot(adapter, &fixture.snapshot)));
            with_odd_values(adapter, &fixture, &mut |_, _, odd| {
                taken.extend(adapter.rule(odd));
            });
        }
        for page in stored_pages(id) {
            taken.extend(adapter.rule(&snapshot(adapter, &page)));
        }
        for (line, text) in lines {
            if !taken.contains(&line) {
                // The text begins with an empty line.
                let at = &file["lines"][line - 1];
                idle.push(format!("{}:{at}: {text}", file["file"].as_str().unwrap()));
            }
        }
    }
    assert!(idle.is_empty(), "rules that no fixture takes: {idle:#?}");
}
