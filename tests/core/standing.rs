//! What one more answer makes of a person: whose clock counts, what a cookie can undo, what a
//! shared device may do, and what is no news.

use mixpanel_consent_bridge::core::{
    Answer, By, Code, ConsentEvent, Feature, How, IN_FLIGHT_MS, Mode, PerFeature, Said, Shut,
    Standing, Taken, Terms, When, judge,
};
use proptest::collection::vec;
use proptest::prelude::*;

const NOW: u64 = 1_764_000_000_000;

fn receipt(event: ConsentEvent, heard_ms: u64, claimed_ms: Option<u64>) -> Said<'static> {
    let answer = match event {
        ConsentEvent::Given => Answer::Granted,
        ConsentEvent::Refused | ConsentEvent::Withdrawn => Answer::Denied,
        ConsentEvent::Expired => Answer::Unset,
    };
    Said {
        answers: PerFeature::all(answer),
        how: How::Act { event, claimed_ms },
        at_ms: heard_ms,
        heard_ms,
        device: None,
        shared: false,
        version: None,
        repeated: false,
    }
}
fn yes(heard_ms: u64) -> Said<'static> {
    receipt(ConsentEvent::Given, heard_ms, None)
}
fn no(heard_ms: u64) -> Said<'static> {
    receipt(ConsentEvent::Withdrawn, heard_ms, None)
}
fn claimed(event: ConsentEvent, heard_ms: u64, claimed_ms: u64) -> Said<'static> {
    receipt(event, heard_ms, Some(claimed_ms))
}
fn cookie(answer: Answer, heard_ms: u64) -> Said<'static> {
    let how = How::Seen { proven_ms: None };
    Said { answers: PerFeature::all(answer), how, ..yes(heard_ms) }
}
fn on<'a>(device: &'a str, said: Said<'a>) -> Said<'a> {
    Said { device: Some(device), ..said }
}

/// What stands after all of these, and how many of them are entries of the history.
fn after<'a>(all: &[Said<'a>]) -> (Option<Standing<'a>>, usize) {
    let mut stands = None;
    let mut entries = 0;
    for said in all {
        match Standing::take(stands, said) {
            Taken::Nothing => {}
            Taken::Noted(standing) => stands = Some(standing),
            Taken::Added { standing, .. } => {
                stands = standing;
                entries += 1;
            }
        }
    }
    (stands, entries)
}
fn mode(all: &[Said]) -> Mode {
    let line = after(all).0.map_or_else(String::new, |stands| stands.line());
    let ruling = judge([(line.as_str(), When::Now(NOW + 1_000_000))], &Terms::default());
    ruling.decision.mode
}

#[test]
fn a_browsers_clock_makes_a_yes_older_and_never_a_no() {
    use ConsentEvent::{Given, Withdrawn};
    let (a, b) = ("$device:a", "$device:b");
    let hour = 3_600_000;
    let table: [(&str, Vec<Said>, Mode); 13] = [
        (
            "five minutes ahead, no device",
            vec![
                claimed(Given, NOW, NOW + 300_000),
                claimed(Withdrawn, NOW + 30_000, NOW + 30_000),
            ],
            Mode::Off,
        ),
        (
            "set right in between",
            vec![
                on(a, claimed(Given, NOW, NOW + 24 * hour)),
                on(a, claimed(Withdrawn, NOW + 30_000, NOW + 30_000)),
            ],
            Mode::Off,
        ),
        (
            "the year 2100",
            vec![
                on(a, claimed(Given, NOW, 4_102_444_800_000)),
                on(a, claimed(Withdrawn, NOW + 1, NOW + 1)),
            ],
            Mode::Off,
        ),
        (
            "a no of 2100, and a yes when the clock is right",
            vec![
                on(a, claimed(Withdrawn, NOW, 4_102_444_800_000)),
                on(a, claimed(Given, NOW + 5, NOW + 5)),
            ],
            Mode::On,
        ),
        (
            "an hour behind, both",
            vec![
                on(a, claimed(Withdrawn, NOW, NOW - hour)),
                on(a, claimed(Given, NOW + 5, NOW + 5 - hour)),
            ],
            Mode::On,
        ),
        (
            "of one device the older yes arrives last",
            vec![on(a, claimed(Withdrawn, NOW, 5000)), on(a, claimed(Given, NOW + 5, 4000))],
            Mode::Off,
        ),
        (
            "and the newer one",
            vec![on(a, claimed(Withdrawn, NOW, 5000)), on(a, claimed(Given, NOW + 5, 6000))],
            Mode::On,
        ),
        (
            "of another device an older yes arrives late",
            vec![on(a, claimed(Withdrawn, NOW, NOW)), on(b, claimed(Given, NOW + hour, NOW - 1))],
            Mode::Off,
        ),
        (
            "of another device a newer one",
            vec![
                on(a, claimed(Withdrawn, NOW, NOW)),
                on(b, claimed(Given, NOW + hour, NOW + hour)),
            ],
            Mode::On,
        ),
        (
            "another server's clock is ahead of the one that hears the no",
            vec![yes(NOW + 2000), no(NOW + 1000)],
            Mode::Off,
        ),
        ("both in one millisecond", vec![yes(NOW), no(NOW)], Mode::Off),
        ("the other way round", vec![no(NOW), yes(NOW)], Mode::Off),
        (
            "an old yes is told after a new no",
            vec![no(NOW), Said { at_ms: NOW - hour, ..yes(NOW + 1) }],
            Mode::Off,
        ),
    ];
    for (name, said, expected) in &table {
        assert_eq!(mode(said), *expected, "{name}");
    }
}

#[test]
fn what_a_request_carried_undoes_no_no_without_a_proof_of_its_time() {
    let (granted, denied) = (Answer::Granted, Answer::Denied);
    let (phone, laptop) = ("$device:phone", "$device:laptop");
    let later = NOW + IN_FLIGHT_MS + 1;
    let proven = |ms| Said { how: How::Seen { proven_ms: Some(ms) }, ..cookie(granted, later) };
    let table: [(&str, Vec<Said>, Mode); 14] = [
        (
            "no device is known",
            vec![cookie(granted, NOW - 9), cookie(denied, NOW), cookie(granted, later)],
            Mode::Off,
        ),
        (
            "another device",
            vec![on(phone, cookie(denied, NOW)), on(laptop, cookie(granted, later))],
            Mode::Off,
        ),
        (
            "the very device that had said no",
            vec![on(phone, cookie(denied, NOW)), on(phone, cookie(granted, later))],
            Mode::On,
        ),
        (
            "that one, by a request that was on its way",
            vec![on(phone, cookie(denied, NOW)), on(phone, cookie(granted, NOW + 20))],
            Mode::Off,
        ),
        (
            "and a second had said no as well",
            vec![
                on(phone, cookie(denied, NOW)),
                on(laptop, cookie(denied, NOW)),
                on(phone, cookie(granted, later)),
            ],
            Mode::Off,
        ),
        (
            "a receipt's no, and the device's cookie",
            vec![on(phone, no(NOW)), on(phone, cookie(granted, later))],
            Mode::On,
        ),
        (
            "a receipt's no, and another's cookie",
            vec![on(phone, no(NOW)), on(laptop, cookie(granted, later))],
            Mode::Off,
        ),
        ("a signed cookie of later", vec![no(NOW), proven(NOW + 1)], Mode::On),
        ("a signed cookie of before", vec![no(NOW), proven(NOW - 1)], Mode::Off),
        (
            "a signed cookie of tomorrow is one of now",
            vec![no(later), proven(later + 99)],
            Mode::Off,
        ),
        ("a receipt's yes", vec![cookie(denied, NOW), yes(later)], Mode::On),
        ("nothing is closed", vec![cookie(granted, NOW)], Mode::On),
        (
            "an answer that has ended is one that closed",
            vec![yes(NOW - 9), receipt(ConsentEvent::Expired, NOW, None), cookie(granted, later)],
            Mode::Off,
        ),
        (
            "a signal of one browser, and another without it",
            vec![
                on(phone, cookie(Answer::ImpliedDenied, NOW)),
                on(laptop, cookie(Answer::ImpliedGranted, later)),
            ],
            Mode::Off,
        ),
    ];
    for (name, said, expected) in &table {
        assert_eq!(mode(said), *expected, "{name}");
    }
}

#[test]
fn a_default_replaces_no_choice_and_no_answer_is_none() {
    let implied = [Answer::ImpliedGranted, Answer::ImpliedDenied, Answer::Unset];
    for choice in [yes(NOW), no(NOW)] {
        for answer in implied {
            let (stands, entries) = after(&[choice, cookie(answer, NOW + 9)]);
            assert_eq!((stands, entries), after(&[choice]), "{answer:?}");
        }
    }
    assert_eq!(after(&[cookie(Answer::Unset, NOW)]), (None, 0));
}

#[test]
fn each_feature_is_closed_by_itself() {
    let but_replay =
        |answer| PerFeature::of(|f| if f == Feature::Replay { Answer::Denied } else { answer });
    let less = Said { answers: but_replay(Answer::Granted), ..cookie(Answer::Granted, NOW + 1) };
    for (name, said) in [
        ("a cookie closes replay", vec![yes(NOW), less]),
        (
            "and another with more opens it not",
            vec![yes(NOW), less, cookie(Answer::Granted, NOW + 9)],
        ),
        (
            "an older yes with less closes it",
            vec![yes(NOW), Said { at_ms: NOW - 9, how: yes(NOW).how, ..less }],
        ),
    ] {
        let answers = after(&said).0.unwrap().answers;
        assert_eq!(answers, but_replay(Answer::Granted), "{name}");
    }
    let all = after(&[yes(NOW), less, yes(NOW + 2)]).0.unwrap().answers;
    assert_eq!(all, PerFeature::all(Answer::Granted), "a receipt's yes opens it");
}

#[test]
fn the_words_of_a_history_of_cookies() {
    let (granted, denied) = (Answer::Granted, Answer::Denied);
    let mut stands = None;
    let mut events = Vec::new();
    for (n, answer) in [(0, denied), (9, granted), (18, denied), (27, Answer::ImpliedDenied)] {
        let said = on("$device:1", cookie(answer, NOW + n * IN_FLIGHT_MS));
        if let Taken::Added { standing, event, .. } = Standing::take(stands, &said) {
            stands = standing;
            events.push(event);
        }
    }
    assert_eq!(events, [ConsentEvent::Refused, ConsentEvent::Given, ConsentEvent::Withdrawn]);
    let closed =
        after(&[cookie(Answer::ImpliedGranted, NOW), cookie(Answer::ImpliedDenied, NOW + 1)]);
    assert_eq!((closed.0.unwrap().event, closed.1), (ConsentEvent::Expired, 2));
}

#[test]
fn page_views_of_what_is_known_write_nothing_and_a_hundred_of_two_devices_write_once() {
    let mut said = vec![
        on("phone", cookie(Answer::Granted, NOW)),
        on("phone", cookie(Answer::Denied, NOW + 9)),
    ];
    for n in 0..100 {
        let answer = if n % 2 == 0 { Answer::Granted } else { Answer::Denied };
        said.push(on("laptop", cookie(answer, NOW + 100_000 * n)));
    }
    let (stands, entries) = after(&said);
    assert_eq!((entries, mode(&said)), (2, Mode::Off));
    assert_eq!(stands.unwrap().shut.unwrap().by, By::Several);
}

#[test]
fn a_receipt_that_says_the_same_again_is_no_news_and_a_no_counts_from_when_it_was_said_last() {
    let again = |said| Said { repeated: true, ..said };
    assert_eq!(after(&[yes(NOW), again(yes(NOW + 9)), again(yes(NOW + 99))]).1, 1);
    let said = [no(NOW), again(no(NOW + 9))];
    assert_eq!(after(&said).1, 1);
    assert_eq!(
        mode(&[said[0], said[1], claimed(ConsentEvent::Given, NOW + 99, NOW + 5)]),
        Mode::Off
    );
    let other = Said { version: Some("2"), ..again(yes(NOW + 9)) };
    assert_eq!(after(&[yes(NOW), other]).1, 2, "a yes to another version is news");
}

#[test]
fn what_several_people_say_closes_and_opens_nothing() {
    let shared = |said| Said { shared: true, ..said };
    let table: [(&str, Vec<Said>, Mode); 7] = [
        ("a yes", vec![shared(yes(NOW))], Mode::Off),
        ("a cookie's yes", vec![shared(cookie(Answer::Granted, NOW))], Mode::Off),
        ("a yes after a no", vec![no(NOW), shared(yes(NOW + 9))], Mode::Off),
        ("a no after a yes", vec![yes(NOW), shared(no(NOW + 9))], Mode::Off),
        (
            "a cookie's no after a yes",
            vec![yes(NOW), shared(cookie(Answer::Denied, NOW + 9))],
            Mode::Off,
        ),
        ("one's own yes after that", vec![yes(NOW), shared(no(NOW + 9)), yes(NOW + 10)], Mode::On),
        ("one's own yes, then a shared one", vec![yes(NOW), shared(yes(NOW + 9))], Mode::On),
    ];
    for (name, said, expected) in &table {
        assert_eq!(mode(said), *expected, "{name}");
    }
}

#[test]
fn terms_are_of_the_one_who_asks() {
    let line = after(&[Said { version: Some("1"), ..yes(NOW) }]).0.unwrap().line();
    let code = |terms: Terms, when| {
        let decision = judge([(line.as_str(), when)], &terms).decision;
        (decision.mode, decision.code)
    };
    let terms = Terms::default();
    let table = [
        (terms, When::At(NOW), (Mode::On, Code::Granted)),
        (terms, When::At(NOW - 1), (Mode::Off, Code::NothingRecorded)),
        // Another server, whose clock is behind, has heard of it.
        (terms, When::Now(NOW - 2000), (Mode::On, Code::Granted)),
        (Terms { version: Some("2"), ..terms }, When::Now(NOW), (Mode::Off, Code::Expired)),
        (Terms { max_age_ms: Some(10), ..terms }, When::Now(NOW + 9), (Mode::On, Code::Granted)),
        (Terms { max_age_ms: Some(10), ..terms }, When::Now(NOW + 10), (Mode::Off, Code::Expired)),
        (
            Terms { retention_ms: Some(10), ..terms },
            When::Now(NOW + 11),
            (Mode::Off, Code::NothingRecorded),
        ),
    ];
    for (n, (terms, when, expected)) in table.into_iter().enumerate() {
        assert_eq!(code(terms, when), expected, "{n}");
    }
}

#[test]
fn of_several_lines_the_strictest_and_of_what_cannot_be_read_nothing() {
    let open = after(&[yes(NOW)]).0.unwrap().line();
    let shut = after(&[no(NOW)]).0.unwrap().line();
    let code = |lines: &[&str]| {
        let now = When::Now(NOW + 9);
        judge(lines.iter().map(|line| (*line, now)), &Terms::default()).decision.code
    };
    assert_eq!(code(&[&open]), Code::Granted);
    assert_eq!(code(&[&open, &shut]), Code::Denied);
    assert_eq!(code(&[&shut, &open]), Code::Denied);
    assert_eq!(code(&[&open, ""]), Code::NothingRecorded);
    assert_eq!(code(&[]), Code::NothingRecorded);
    for bad in [
        "null",
        "{}",
        "1",
        "1 gggg g",
        "2 gggg g 1 - - - -",
        "1 gggg g -1 - - - -",
        "1 gggg g 1 - - -",
        "1 gggg g 99999999999999999999 - - - -",
        "1 gggx g 1 - - - -",
        "1 gggg g 1 x - - -",
        "\0",
    ] {
        assert_eq!(code(&[bad]), Code::HistoryUnreadable, "{bad:?}");
        assert_eq!(code(&[&open, bad]), Code::HistoryUnreadable, "{bad:?}");
    }
}

fn some_said() -> impl Strategy<Value = Said<'static>> {
    let answer = || prop::sample::select(Answer::ALL.to_vec());
    let event = prop::sample::select(vec![
        ConsentEvent::Given,
        ConsentEvent::Refused,
        ConsentEvent::Withdrawn,
        ConsentEvent::Expired,
    ]);
    let how = prop_oneof![
        (event, prop::option::of(0..60_000u64))
            .prop_map(|(event, ms)| How::Act { event, claimed_ms: ms }),
        prop::option::weighted(0.3, 0..60_000u64).prop_map(|ms| How::Seen { proven_ms: ms }),
    ];
    let device = prop::sample::select(vec![None, Some("a"), Some("b")]);
    let version = prop::sample::select(vec![None, Some("1"), Some("2 b")]);
    (vec(answer(), 4), how, 0..60_000u64, device, any::<bool>(), version, any::<bool>()).prop_map(
        |(four, how, at_ms, device, shared, version, repeated)| Said {
            answers: PerFeature::of(|f| four[f as usize]),
            how,
            at_ms,
            heard_ms: 0,
            device,
            shared,
            version,
            repeated,
        },
    )
}
/// Heard one after another.
fn some_history() -> impl Strategy<Value = Vec<Said<'static>>> {
    vec((some_said(), 1..9_000u64), 0..12).prop_map(|all| {
        let mut heard_ms = 30_000;
        all.into_iter()
            .map(|(said, gap)| {
                heard_ms += gap;
                Said { heard_ms, ..said }
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn a_line_says_what_it_was_made_of(history in some_history()) {
        if let Some(stands) = after(&history).0 {
            let line = stands.line();
            prop_assert_eq!(Standing::parse(&line), Some(stands));
        }
    }

    #[test]
    fn after_a_no_that_was_heard_nothing_is_on(history in some_history(), shared in any::<bool>(), at_ms in 0..90_000u64, ms in prop::option::of(0..90_000u64)) {
        let heard_ms = history.last().map_or(30_000, |last| last.heard_ms);
        let no = Said { at_ms, shared, ..receipt(ConsentEvent::Withdrawn, heard_ms, ms) };
        let mut history = history;
        history.push(no);
        prop_assert_eq!(mode(&history), Mode::Off);
        // And no cookie without a proof, of nobody or of another device, opens it again.
        let mut seen = history.clone();
        for device in [None, Some("z")] {
            seen.push(Said { device, heard_ms: heard_ms + 99_000, at_ms: heard_ms + 99_000, ..cookie(Answer::Granted, 0) });
            prop_assert_eq!(mode(&seen), Mode::Off);
        }
    }

    #[test]
    fn several_people_never_open(history in some_history(), said in some_said()) {
        let before = after(&history).0.map_or(PerFeature::all(Answer::Unset), |stands| stands.answers);
        let heard_ms = 200_000;
        let mut history = history;
        history.push(Said { shared: true, heard_ms, ..said });
        let now = after(&history).0.map_or(PerFeature::all(Answer::Unset), |stands| stands.answers);
        for f in Feature::ALL {
            prop_assert!(now.get(f) <= before.get(f));
        }
    }

    #[test]
    fn what_stands_gets_no_older(history in some_history()) {
        let mut stands: Option<Standing> = None;
        for said in &history {
            let now = match Standing::take(stands, said) {
                Taken::Nothing => continue,
                Taken::Noted(standing) => Some(standing),
                Taken::Added { standing, .. } => standing,
            };
            prop_assert!(now.map_or(0, |now| now.at_ms) >= stands.map_or(0, |was| was.at_ms));
            stands = now;
        }
    }

    #[test]
    fn whatever_a_line_holds_there_is_a_ruling(line in "[ -~]{0,60}|1 [dcuog]{4} [grwe] [0-9-]{1,22} [0-9-]{1,4} [0-9-]{1,4} [=*-][a-z ]{0,5} [=-].{0,5}") {
        let ruling = judge([(line.as_str(), When::Now(NOW))], &Terms::default());
        if Standing::parse(&line).is_none() {
            prop_assert_eq!(ruling.decision.mode, Mode::Off);
        }
    }
}

#[test]
fn a_line_is_as_documented() {
    let device = Shut {
        at_ms: 1_764_000_360_000,
        claimed_ms: Some(1_764_000_359_000),
        by: By::Device("$device:4f1c"),
    };
    let no = Standing {
        answers: PerFeature::all(Answer::Denied),
        event: ConsentEvent::Withdrawn,
        at_ms: 1_764_000_360_000,
        shut: Some(device),
        version: None,
    };
    assert_eq!(no.line(), "1 dddd w 1764000360000 1764000360000 1764000359000 =$device:4f1c -");
    let yes = Standing {
        answers: PerFeature::all(Answer::Granted),
        event: ConsentEvent::Given,
        at_ms: NOW,
        shut: None,
        version: Some("2026-01"),
    };
    assert_eq!(yes.line(), "1 gggg g 1764000000000 - - - =2026-01");
}
