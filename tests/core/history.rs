//! What a history allows at a time: the laws over random ones. What only limits: ledger.rs;
//! single cases, from JavaScript: tests/server/read.test.mjs.
//!
//! Tried by breaking: the first instead of the last entry; a yes that does not age.

use mixpanel_consent_bridge::core::{
    Answer, Code, ConsentEvent, Entry, Feature, Implied, Mode, PerFeature, Policy, Terms,
    allowed_at,
};
use proptest::prelude::*;

fn turns() -> impl Strategy<Value = ConsentEvent> {
    prop::sample::select(vec![
        ConsentEvent::Given,
        ConsentEvent::Refused,
        ConsentEvent::Withdrawn,
        ConsentEvent::Expired,
    ])
}

fn answers() -> impl Strategy<Value = PerFeature<Answer>> {
    prop::collection::vec(prop::sample::select(Answer::ALL.to_vec()), 4).prop_map(|four| {
        let mut four = four.into_iter();
        PerFeature::of(|_| four.next().unwrap())
    })
}

fn entries() -> impl Strategy<Value = Vec<Entry<'static>>> {
    let version = prop::sample::select(vec![None, Some("1"), Some("2")]);
    let said = prop::option::weighted(0.8, (answers(), turns()));
    let entry = (0..20_u64, said, version);
    let entry =
        entry.prop_map(|(at_ms, said, version)| Entry { at_ms, said, version, limits: false });
    prop::collection::vec(entry, 0..8)
}

fn terms() -> impl Strategy<Value = Terms<'static>> {
    let implied = prop::sample::select(vec![Implied::Accept, Implied::Ask]);
    let version = prop::sample::select(vec![None, Some("1")]);
    (implied, version, prop::option::of(1..20_u64)).prop_map(|(implied, version, max_age_ms)| {
        Terms {
            policy: Policy { implied, ..Policy::default() },
            version,
            max_age_ms,
            retention_ms: None,
        }
    })
}

proptest! {
    #[test]
    fn the_order_in_which_a_history_is_kept_says_nothing(
        kept in entries().prop_shuffle(), time in 0..25_u64, terms in terms(),
    ) {
        let mut other = kept.clone();
        other.sort_by_key(|entry| entry.at_ms);
        prop_assert_eq!(allowed_at(&kept, time, &terms), allowed_at(&other, time, &terms));
    }

    #[test]
    fn what_comes_later_says_nothing_of_now(kept in entries(), time in 0..25_u64, terms in terms()) {
        let now: Vec<Entry> = kept.iter().copied().filter(|entry| entry.at_ms <= time).collect();
        prop_assert_eq!(allowed_at(&kept, time, &terms), allowed_at(&now, time, &terms));
    }

    #[test]
    fn open_is_only_what_every_last_answer_opens(
        kept in entries(), time in 0..25_u64, terms in terms(),
    ) {
        let ruling = allowed_at(&kept, time, &terms);
        let last = kept.iter().map(|entry| entry.at_ms).filter(|at| *at <= time).max();
        let said: Vec<&Entry> = kept.iter().filter(|entry| Some(entry.at_ms) == last).collect();
        for feature in Feature::ALL {
            let open = ruling.decision.mode_of(feature) == Mode::On;
            let opens = |entry: &&Entry| entry.said.is_some_and(|(answers, event)| {
                let yes = |feature| match terms.policy.implied {
                    Implied::Accept => answers.get(feature) >= Answer::ImpliedGranted,
                    Implied::Ask => answers.get(feature) == Answer::Granted,
                };
                event == ConsentEvent::Given
                    && yes(Feature::Tracking)
                    && yes(feature)
                    && (terms.version.is_none() || entry.version == terms.version)
                    && terms.max_age_ms.is_none_or(|longest| time - entry.at_ms < longest)
            });
            prop_assert_eq!(open, !said.is_empty() && said.iter().all(opens), "{:?}", feature);
        }
        prop_assert_eq!(said.is_empty(), ruling.decision.code == Code::NothingRecorded);
    }

    #[test]
    fn a_no_stays_one_however_old(at in 0..20_u64, later in 0..1000_u64, terms in terms()) {
        let no = Entry { at_ms: at, said: Some((PerFeature::all(Answer::Denied), ConsentEvent::Refused)), version: None, limits: false };
        prop_assert_eq!(allowed_at(&[no], at + later, &terms).decision.consent, Answer::Denied);
    }
}
