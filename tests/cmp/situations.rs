//! Every adapter in every situation: what the page held means what the visitor did.

use mixpanel_consent_bridge::cmp::{ALL, Rank, find as adapter, signal};
use mixpanel_consent_bridge::core::{Answer, Feature, Trouble};

use crate::fixtures::{SITUATIONS, load, looks_at, none, note, page, probes, snapshot};

#[test]
fn every_adapter_has_every_situation_or_says_why_not() {
    let mut missing = Vec::new();
    for adapter in ALL {
        let have = load(adapter.id);
        let none = none(adapter.id);
        for situation in SITUATIONS {
            let there = have.iter().any(|fixture| fixture.situation == situation);
            match none.get(situation) {
                Some(reason) if there => {
                    missing.push(format!("{}/{situation}: here, and \"{reason}\"", adapter.id));
                }
                Some(reason) => assert!(reason.len() > 20, "{}: a reason", adapter.id),
                None if !there => missing.push(format!("{}/{situation}", adapter.id)),
                None => {}
            }
        }
        for situation in none.keys() {
            assert!(SITUATIONS.contains(&situation.as_str()), "{}: {situation}", adapter.id);
        }
    }
    assert!(missing.is_empty(), "no fixture and no reason: {missing:#?}");
}

#[test]
fn every_fixture_means_what_the_visitor_did() {
    let mut wrong = Vec::new();
    let mut read = 0;
    for adapter in ALL {
        for fixture in load(adapter.id) {
            let at = format!("{}/{}", adapter.id, fixture.situation);
            assert!(!fixture.by.is_empty() && !fixture.product.is_empty(), "{at}: says its source");
            assert!(!fixture.version.is_empty() && !fixture.captured.is_empty(), "{at}: is dated");
            for key in fixture.snapshot.keys() {
                assert!(looks_at(adapter, key), "{at}: no probe looks at `{key}`");
            }
            let reading = adapter.read(&snapshot(adapter, &fixture.snapshot));
            read += 1;
            let (Some(reading), Some(expect)) = (&reading, &fixture.expect) else {
                let file = format!("tests/fixtures/{at}.json");
                match &reading {
                    Some(reading) => {
                        wrong.push(format!("{file}: is none of its, and is read: {reading:?}"))
                    }
                    None if fixture.expect.is_some() => {
                        wrong.push(format!("{file}: no rule takes it"))
                    }
                    None => {}
                }
                continue;
            };
            if reading.live != expect.live || note(reading) != expect.note.as_deref() {
                wrong.push(format!("{at}: live {}, note {:?}", reading.live, note(reading)));
            }
            for (category, answer) in &expect.answers {
                let said = reading.answer(category).map(|answer| answer.name());
                if said != answer.as_deref() {
                    wrong.push(format!("{at}: {category} is {said:?}, not {answer:?}"));
                }
            }
            assert!(!expect.answers.is_empty(), "{at}: expects an answer");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(read >= ALL.len() * 6, "the fixtures are there: {read}");
}

/// Their categories are numbers of each site: no default can be right.
const NO_DEFAULT: [&str; 2] = ["commanders-act", "amasty"];

#[test]
fn an_accepted_fixture_opens_the_default_category() {
    for adapter in ALL.iter().filter(|a| a.rank != Rank::Limit && !NO_DEFAULT.contains(&a.id)) {
        for fixture in load(adapter.id).iter().filter(|f| f.situation == "accept-all") {
            let reading = adapter.read(&snapshot(adapter, &fixture.snapshot)).unwrap();
            let opens = adapter.category.split('|').any(|alternative| {
                alternative
                    .split('+')
                    .all(|name| reading.answer(name).is_some_and(|a| a.name().ends_with("granted")))
            });
            assert!(opens, "{}: {:?} in {reading:?}", adapter.id, adapter.category);
        }
    }
}

/// Only where a reading names every category, the refused ones too, may another name stand in.
#[test]
fn a_customary_name_is_found_without_a_setting() {
    let mut found = 0;
    for adapter in ALL {
        for fixture in load(adapter.id).iter().filter(|f| f.situation.starts_with("customary-")) {
            let reading = adapter.read(&snapshot(adapter, &fixture.snapshot)).unwrap();
            let answer = signal(adapter, 0, &reading, "").answers.get(Feature::Tracking);
            assert_eq!(answer, Answer::Granted, "{}/{}", adapter.id, fixture.situation);
            found += 1;
        }
    }
    assert!(found >= 3, "{found}");
}

#[test]
fn ids_are_unique_and_each_is_found() {
    for (at, one) in ALL.iter().enumerate() {
        assert!(std::ptr::eq(adapter(one.id).unwrap(), *one), "{}", one.id);
        assert!(ALL.iter().skip(at + 1).all(|other| other.id != one.id), "{}", one.id);
        assert!(one.category.split(['|', '+']).all(|name| !name.is_empty()), "{}", one.id);
    }
    assert!(adapter("none").is_none());
}

#[test]
fn every_page_is_written_in_the_verbs_that_there_are() {
    for adapter in ALL {
        let (places, listens) = page(adapter);
        for place in &places {
            let place: Vec<&str> =
                place.as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
            match place[..] {
                ["g" | "h", at] | ["q", at, _] => assert!(!at.is_empty()),
                ["c" | "p" | "l" | "a", _, form] => {
                    assert!(["r", "t", "j", "b", "u", "v", "z"].contains(&form))
                }
                _ => panic!("{}: {place:?}", adapter.id),
            }
        }
        for listen in &listens {
            let words = listen.as_array().unwrap();
            let known = match (words[0].as_str().unwrap(), words.len()) {
                ("w" | "d" | "t", 2) | ("w" | "d", 5) => true,
                ("c", 3 | 5 | 6 | 7) => words[2].is_array(),
                _ => false,
            };
            assert!(known, "{}: {listen}", adapter.id);
        }
        // What is heard must be looked at, and the other way round.
        let kept = |l: &serde_json::Value| l.get(3).and_then(|n| n.as_str()).map(str::to_owned);
        let told: std::collections::BTreeSet<String> =
            listens.iter().filter_map(kept).filter(|name| !name.is_empty()).collect();
        let heard = probes(adapter).iter().filter(|probe| probe.verb == "h");
        assert_eq!(told, heard.map(|probe| probe.place.clone()).collect(), "{}", adapter.id);
    }
}

/// Only an act is an answer: what a product stores for somebody who has done nothing is none, and
/// neither is what it hands out before it has its state.
#[test]
fn what_is_there_without_an_act_is_no_answer_for_any_name() {
    for adapter in ALL {
        for fixture in load(adapter.id) {
            let explicit: fn(Answer) -> bool = match fixture.situation.as_str() {
                "stored-default" => |answer| matches!(answer, Answer::Granted | Answer::Denied),
                "early" => |answer| answer != Answer::Unset,
                _ => continue,
            };
            let Some(reading) = adapter.read(&snapshot(adapter, &fixture.snapshot)) else {
                continue;
            };
            let mut answers = reading.named.iter().map(|(_, answer)| *answer).chain(reading.rest);
            let at = format!("{}/{}", adapter.id, fixture.situation);
            assert!(!answers.any(explicit), "{at}: {reading:?}");
        }
    }
}

/// Where an answer names all categories that there are, another name is the site's mistake: told as
/// one, and neither the visitor's no nor "not answered yet".
#[test]
fn a_category_that_does_not_exist_is_told_and_is_no_answer() {
    let mut told = 0;
    for adapter in ALL {
        for fixture in load(adapter.id) {
            let reading = adapter.read(&snapshot(adapter, &fixture.snapshot));
            let Some(reading) = reading else { continue };
            if reading.rest.is_some() || reading.trouble.is_some() {
                continue;
            }
            let at = format!("{}/{}", adapter.id, fixture.situation);
            let heard = signal(adapter, 0, &reading, "no-such-category\n\n\n");
            assert_eq!(heard.trouble, Some(Trouble::UnknownCategory), "{at}");
            assert_eq!(heard.answers.get(Feature::Tracking), Answer::Unset, "{at}");
            told += 1;
        }
    }
    assert!(told > 50, "only {told} fixtures name all categories");
}

#[test]
fn an_empty_page_has_no_consent_manager() {
    for adapter in ALL {
        assert_eq!(adapter.read(&Default::default()), None, "{}", adapter.id);
    }
}

#[test]
fn no_fixture_of_one_product_is_an_answer_of_another_that_shares_its_names() {
    // A page is captured whole: whatever another adapter's probes would find in it under the
    // same names must not be taken for an answer of that other product.
    for owner in ALL {
        for fixture in load(owner.id).iter().filter(|fixture| fixture.expect.is_some()) {
            for other in
                ALL.iter().filter(|other| other.id != owner.id && other.rank == Rank::Vendor)
            {
                let reading = other.read(&snapshot(other, &fixture.snapshot));
                assert_eq!(reading, None, "{}/{} as {}", owner.id, fixture.situation, other.id);
            }
        }
    }
}
