//! What becomes of answers when ids or histories turn out to belong together: tables of both laws.

use mixpanel_consent_bridge::core::{
    APART_MS, Answer, ConsentEvent, Feature, Heard, Named, PerFeature, in_order, meant,
};

fn said(heard_ms: u64, answer: Answer, event: ConsentEvent) -> Option<Heard> {
    Some(Heard { heard_ms, said: Some((PerFeature::all(answer), event)) })
}
fn yes(heard_ms: u64) -> Option<Heard> {
    said(heard_ms, Answer::Granted, ConsentEvent::Given)
}
fn no(heard_ms: u64) -> Option<Heard> {
    said(heard_ms, Answer::Denied, ConsentEvent::Withdrawn)
}

#[test]
fn what_closes_counts_as_heard_later_by_as_much_as_two_clocks_may_be_apart() {
    let partly =
        PerFeature::of(|f| if f == Feature::Replay { Answer::Denied } else { Answer::Granted });
    for (name, heard, later) in [
        ("a yes", yes(1_000), 0),
        ("a default that opens", said(1_000, Answer::ImpliedGranted, ConsentEvent::Given), 0),
        ("no answer", said(1_000, Answer::Unset, ConsentEvent::Given), 0),
        ("a withdrawal", no(1_000), APART_MS),
        ("a refusal", said(1_000, Answer::Denied, ConsentEvent::Refused), APART_MS),
        ("an end", said(1_000, Answer::Unset, ConsentEvent::Expired), APART_MS),
        (
            "a default that closes",
            said(1_000, Answer::ImpliedDenied, ConsentEvent::Given),
            APART_MS,
        ),
        (
            "a yes that closes one feature",
            Some(Heard { heard_ms: 1_000, said: Some((partly, ConsentEvent::Given)) }),
            APART_MS,
        ),
        ("what cannot be read", Some(Heard { heard_ms: 1_000, said: None }), APART_MS),
    ] {
        assert_eq!(heard.unwrap().order_ms(), 1_000 + later, "{name}");
    }
    let last = Heard { heard_ms: u64::MAX, said: None };
    assert_eq!(last.order_ms(), u64::MAX, "the end of time");
}

#[test]
fn two_histories_become_one_in_the_order_in_which_they_were_heard() {
    for (name, first, second, order) in [
        ("nothing and nothing", vec![], vec![], vec![]),
        ("nothing and one", vec![], vec![yes(1)], vec![0]),
        ("one and nothing", vec![yes(1)], vec![], vec![0]),
        ("one after the other", vec![yes(1), yes(2)], vec![yes(3), yes(4)], vec![0, 1, 2, 3]),
        ("the other way round", vec![yes(3), yes(4)], vec![yes(1), yes(2)], vec![2, 3, 0, 1]),
        ("in turns", vec![yes(1), yes(3)], vec![yes(2), yes(4)], vec![0, 2, 1, 3]),
        ("at one moment the first is first", vec![yes(1)], vec![yes(1)], vec![0, 1]),
        ("a no of just before a yes", vec![no(1_000)], vec![yes(4_000)], vec![1, 0]),
        ("the same, joined the other way", vec![yes(4_000)], vec![no(1_000)], vec![0, 1]),
        ("a no of long before a yes", vec![no(1_000)], vec![yes(1_001 + APART_MS)], vec![0, 1]),
        ("each keeps its own order", vec![no(1_000), yes(2_000)], vec![yes(1_500)], vec![2, 0, 1]),
        ("without a time, in the first", vec![None, yes(2)], vec![yes(1)], vec![0, 2, 1]),
        (
            "without a time, in the second",
            vec![yes(2)],
            vec![yes(1), None, yes(3)],
            vec![1, 2, 0, 3],
        ),
        ("none has a time", vec![None], vec![None], vec![0, 1]),
    ] {
        assert_eq!(in_order(&first, &second), order, "{name}");
    }
}

#[test]
fn of_ids_that_are_named_together_all_who_may_be_meant_count() {
    let user = |persons| Named { device: false, persons };
    let device = |persons| Named { device: true, persons };
    for (name, ids, people) in [
        ("nobody is named", vec![], None),
        ("a user", vec![user(&[1])], Some(vec![1])),
        ("a user of whom nothing is known", vec![user(&[])], None),
        ("a device", vec![device(&[1])], Some(vec![1])),
        ("a device of whom nothing is known", vec![device(&[])], None),
        ("two users", vec![user(&[1]), user(&[2])], Some(vec![1, 2])),
        ("a user and one who is unknown", vec![user(&[1]), user(&[])], None),
        ("a user and a new device", vec![user(&[1]), device(&[])], Some(vec![1])),
        (
            "a user and a device that nobody linked",
            vec![user(&[1]), device(&[2])],
            Some(vec![1, 2]),
        ),
        ("a device speaks for one new user", vec![user(&[]), device(&[2])], Some(vec![2])),
        ("and so do two devices", vec![device(&[2]), user(&[]), device(&[3])], Some(vec![2, 3])),
        ("for no two", vec![user(&[]), user(&[]), device(&[2])], None),
        ("for none beside one who is known", vec![user(&[1]), user(&[]), device(&[2])], None),
        ("a device of several speaks for no one else", vec![user(&[]), device(&[2, 3])], None),
        ("and closes for each of its people", vec![device(&[2, 3])], Some(vec![2, 3])),
        ("a user and the device of several", vec![user(&[2]), device(&[2, 3])], Some(vec![2, 3])),
        ("a person once, however often named", vec![user(&[1]), device(&[1])], Some(vec![1])),
        ("users before devices", vec![device(&[2]), user(&[1])], Some(vec![1, 2])),
    ] {
        assert_eq!(meant(&ids), people, "{name}");
    }
}
