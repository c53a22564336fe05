//! What kept histories allow: the strictest of several, and what may only close.

use mixpanel_consent_bridge::core::{
    Answer, Code, ConsentEvent, Entry, Feature, Mode, PerFeature, Terms, allowed_at,
    allowed_through,
};
use proptest::collection::vec;
use proptest::prelude::*;

fn said(at_ms: u64, answer: Answer, event: ConsentEvent) -> Entry<'static> {
    Entry { at_ms, said: Some((PerFeature::all(answer), event)), version: None, limits: false }
}
fn yes(at_ms: u64) -> Entry<'static> {
    said(at_ms, Answer::Granted, ConsentEvent::Given)
}
fn no(at_ms: u64) -> Entry<'static> {
    said(at_ms, Answer::Denied, ConsentEvent::Withdrawn)
}
fn limits(entry: Entry<'static>) -> Entry<'static> {
    Entry { limits: true, ..entry }
}
fn mode(histories: &[&[Entry]], times: &[u64]) -> Mode {
    allowed_through(histories, times, &Terms::default()).decision.mode
}

#[test]
fn what_may_only_close_does_not_open_and_does_close_and_a_later_yes_opens_again() {
    let table: [(&[Entry], Mode); 7] = [
        (&[limits(yes(1))], Mode::Off),
        (&[no(1), limits(yes(2))], Mode::Off),
        (&[yes(1), limits(yes(2))], Mode::On),
        (&[yes(1), limits(no(2))], Mode::Off),
        (&[yes(1), limits(no(2)), limits(yes(3))], Mode::Off),
        (&[yes(1), limits(no(2)), yes(3)], Mode::On),
        (&[limits(no(2)), yes(1)], Mode::Off),
    ];
    for (history, expected) in table {
        assert_eq!(mode(&[history], &[9]), expected, "{history:?}");
    }
}

#[test]
fn of_several_histories_and_times_the_strictest_and_of_none_nothing() {
    let (open, shut) = ([yes(1)], [yes(1), no(5)]);
    assert_eq!(mode(&[&open, &shut], &[3]), Mode::On);
    assert_eq!(mode(&[&open, &shut], &[3, 5]), Mode::Off);
    assert_eq!(mode(&[&open, &[]], &[3]), Mode::Off);
    assert_eq!(mode(&[], &[3]), Mode::Off);
    assert_eq!(mode(&[&open], &[]), Mode::Off);
    let code =
        |histories: &[&[Entry]]| allowed_through(histories, &[9], &Terms::default()).decision.code;
    assert_eq!(
        [code(&[&open]), code(&[&open, &shut]), code(&[&shut, &open]), code(&[&open, &[]])],
        [Code::Granted, Code::Denied, Code::Denied, Code::NothingRecorded]
    );
}

fn entries() -> impl Strategy<Value = Vec<Entry<'static>>> {
    let answer = prop::sample::select(Answer::ALL.to_vec());
    let event = prop::sample::select(vec![
        ConsentEvent::Given,
        ConsentEvent::Refused,
        ConsentEvent::Withdrawn,
        ConsentEvent::Expired,
    ]);
    let entry = (0..20u64, prop::option::weighted(0.9, (answer, event)), any::<bool>()).prop_map(
        |(at_ms, said, limits)| Entry {
            at_ms,
            said: said.map(|(answer, event)| (PerFeature::all(answer), event)),
            version: None,
            limits,
        },
    );
    vec(entry, 0..8)
}

proptest! {
    #[test]
    fn nothing_that_may_only_close_ever_opens(history in entries(), time in 0..22u64) {
        let sure: Vec<Entry> = history.iter().copied().filter(|entry| !entry.limits).collect();
        let of = |entries: &[Entry]| allowed_at(entries, time, &Terms::default());
        for feature in Feature::ALL {
            prop_assert!(of(&history).answers.get(feature) <= of(&sure).answers.get(feature));
        }
    }

    #[test]
    fn the_order_in_which_entries_are_kept_says_nothing(history in entries(), time in 0..22u64) {
        let mut other = history.clone();
        other.reverse();
        let of = |entries: &[Entry]| allowed_at(entries, time, &Terms::default()).decision.mode;
        let alone = history.iter().all(|entry| history.iter().filter(|one| one.at_ms == entry.at_ms).count() == 1);
        prop_assume!(alone);
        prop_assert_eq!(of(&history), of(&other));
    }

    #[test]
    fn several_allow_no_more_than_each(a in entries(), b in entries(), times in vec(0..22u64, 1..3)) {
        let together = allowed_through(&[&a, &b], &times, &Terms::default());
        for history in [&a, &b] {
            for time in &times {
                let alone = allowed_at(history, *time, &Terms::default());
                for feature in Feature::ALL {
                    prop_assert!(together.answers.get(feature) <= alone.answers.get(feature));
                }
            }
        }
    }
}
