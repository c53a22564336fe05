//! The laws of the core, as tables and over random histories: merging, judging, the record,
//! what a page remembers. How the SDK is moved is walked exhaustively in `tests/core`.

// A test that cannot go on says so by panicking, in its helpers too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use mixpanel_consent_bridge::core::{
    Answer::{self, *},
    BrowserSignals, Code, ConsentEvent, Denied as OnNo, Event, Feature, Flow, Implied, Input, Mode,
    Pending, PerFeature, Policy, Privacy, Rank, Record, Session, Signal, Start, Trouble, decide,
    merge, together,
};
use proptest::prelude::*;

fn signal(source: u8, rank: Rank, live: bool, answer: Answer) -> Signal {
    Signal { source, rank, live, answers: PerFeature::all(answer), trouble: None }
}

const QUIET: BrowserSignals =
    BrowserSignals { gpc: false, dnt: false, timed_out: false, unseen: false };
const GPC: BrowserSignals =
    BrowserSignals { gpc: true, dnt: false, timed_out: false, unseen: false };

#[test]
fn several_sources_are_one_answer() {
    use Rank::*;
    type Row<'a> = (&'a str, &'a [Signal], Answer, Option<u8>, Option<Code>);
    let rows: &[Row] = &[
        ("nobody", &[], Unset, None, None),
        ("one", &[signal(1, Vendor, true, Granted)], Granted, Some(1), None),
        (
            "the vendor, not the standard that it feeds",
            &[signal(1, Standard, true, Granted), signal(2, Vendor, true, Denied)],
            Denied,
            Some(2),
            None,
        ),
        (
            "the vendor that has not been answered, not the bus that says yes",
            &[signal(1, Bus, true, ImpliedGranted), signal(2, Vendor, true, Unset)],
            Unset,
            Some(2),
            None,
        ),
        (
            "the one that runs, not the one found in storage",
            &[signal(1, Vendor, false, Granted), signal(2, Vendor, true, Unset)],
            Unset,
            Some(2),
            None,
        ),
        (
            "a stored vendor before a running standard",
            &[signal(1, Vendor, false, Granted), signal(2, Standard, true, Unset)],
            Granted,
            Some(1),
            None,
        ),
        (
            "of equals that disagree the strictest, and it is said",
            &[signal(1, Vendor, true, Granted), signal(2, Vendor, true, Denied)],
            Denied,
            Some(2),
            Some(Code::Disagree),
        ),
        (
            "equals that agree are no trouble",
            &[signal(1, Vendor, true, Granted), signal(2, Vendor, true, Granted)],
            Granted,
            Some(1),
            None,
        ),
        (
            "a limit is no source of an answer",
            &[signal(1, Limit, true, Granted)],
            Unset,
            None,
            None,
        ),
    ];
    for (what, signals, answer, source, code) in rows {
        let merged = merge(signals);
        let got = (merged.answers.get(Feature::Tracking), merged.source, merged.code);
        assert_eq!(got, (*answer, *source, *code), "{what}");
    }
}

#[test]
fn what_an_answer_opens_under_each_policy() {
    use Mode::*;
    let plain = Policy::default();
    let cookieless = Policy { pending: Pending::Cookieless, denied: OnNo::Cookieless, ..plain };
    let ask = Policy { implied: Implied::Ask, ..plain };
    let drop = Policy { pending: Pending::Drop, ..plain };
    let strict = Policy { gpc: Privacy::Strict, ..plain };
    let ignore = Policy { gpc: Privacy::Ignore, ..plain };
    let rows = [
        // answer, policy, browser -> consent, mode, tracking, profile, code
        (Granted, plain, QUIET, Granted, On, Flow::Pass, Flow::Pass, Code::Granted),
        (Denied, plain, QUIET, Denied, Off, Flow::Drop, Flow::Drop, Code::Denied),
        (Unset, plain, QUIET, Unset, Off, Flow::Hold, Flow::Hold, Code::Asking),
        (Unset, drop, QUIET, Unset, Off, Flow::Drop, Flow::Drop, Code::Asking),
        (Unset, cookieless, QUIET, Unset, Cookieless, Flow::Pass, Flow::Hold, Code::Asking),
        (Unset, cookieless, GPC, Unset, Off, Flow::Hold, Flow::Hold, Code::Asking),
        (Denied, cookieless, QUIET, Denied, Cookieless, Flow::Pass, Flow::Drop, Code::Denied),
        (
            ImpliedGranted,
            plain,
            QUIET,
            ImpliedGranted,
            On,
            Flow::Pass,
            Flow::Pass,
            Code::ImpliedGranted,
        ),
        (ImpliedGranted, ask, QUIET, ImpliedGranted, Off, Flow::Hold, Flow::Hold, Code::ImpliedAsk),
        (ImpliedGranted, plain, GPC, ImpliedDenied, Off, Flow::Drop, Flow::Drop, Code::Gpc),
        (
            ImpliedGranted,
            ignore,
            GPC,
            ImpliedGranted,
            On,
            Flow::Pass,
            Flow::Pass,
            Code::ImpliedGranted,
        ),
        (
            ImpliedDenied,
            plain,
            QUIET,
            ImpliedDenied,
            Off,
            Flow::Drop,
            Flow::Drop,
            Code::ImpliedDenied,
        ),
        // An explicit yes wins over the signal, unless the site is strict.
        (Granted, plain, GPC, Granted, On, Flow::Pass, Flow::Pass, Code::Granted),
        (Granted, strict, GPC, ImpliedDenied, Off, Flow::Drop, Flow::Drop, Code::Gpc),
    ];
    for (i, (answer, policy, browser, consent, mode, tracking, profile, code)) in
        rows.into_iter().enumerate()
    {
        let decision = decide(&merge(&[signal(1, Rank::Vendor, true, answer)]), browser, &policy);
        let got = (
            decision.consent,
            decision.mode,
            decision.flow.get(Feature::Tracking),
            decision.flow.get(Feature::Profile),
            decision.code,
        );
        assert_eq!(got, (consent, mode, tracking, profile, code), "row {i}: {answer:?}");
    }
}

#[test]
fn while_nobody_is_found_nothing_goes_out_even_without_storage() {
    let policy = Policy { pending: Pending::Cookieless, ..Policy::default() };
    let looking = decide(&merge(&[]), QUIET, &policy);
    assert_eq!((looking.mode, looking.code), (Mode::Off, Code::Looking));
    let missing = decide(&merge(&[]), BrowserSignals { timed_out: true, ..QUIET }, &policy);
    assert_eq!((missing.mode, missing.code), (Mode::Cookieless, Code::Missing));
}

#[test]
fn what_cannot_be_read_as_a_record_is_none() {
    let good = "1.gggd.g.1764000000000.onetrust";
    let record = Record::parse(good).unwrap();
    assert_eq!(
        (record.event, record.at_ms, record.source.as_str()),
        (ConsentEvent::Given, 1_764_000_000_000, "onetrust")
    );
    assert_eq!(record.answers.get(Feature::Flags), Denied);
    assert_eq!(record.line(), good);
    for damaged in [
        "",
        "1",
        "2.gggg.g.1.x",
        "1.ggg.g.1.x",
        "1.ggggg.g.1.x",
        "1.gxgg.g.1.x",
        "1.gggg.x.1.x",
        "1.gggg.g..x",
        "1.gggg.g.-1.x",
        "1.gggg.g.99999999999999999999999.x",
        "1.gggg.g.1.x.y",
        "1.gggg.g.1.<script>",
    ] {
        assert_eq!(Record::parse(damaged), None, "{damaged}");
    }
}

/// A page: the session, and what it was told to do.
struct Page {
    session: Session,
    records: Vec<Record>,
    yeses: usize,
}

impl Page {
    fn new(record: &str) -> Page {
        let session = Session::new(Policy::default(), record, false, false);
        Page { session, records: Vec::new(), yeses: 0 }
    }

    fn on(&mut self, event: Event) -> Answer {
        let effects = self.session.on(event);
        self.records.extend(effects.record);
        self.yeses += usize::from(effects.new_yes);
        self.session.decision().consent
    }

    fn says(&mut self, signals: &[Signal]) -> Answer {
        self.on(Event::Read { signals, browser: QUIET, now_ms: 7 })
    }

    fn vendor(&mut self, live: bool, answer: Answer) -> Answer {
        self.says(&[signal(1, Rank::Vendor, live, answer)])
    }

    fn turns(&self) -> Vec<ConsentEvent> {
        self.records.iter().map(|record| record.event).collect()
    }
}

#[test]
fn only_the_visitors_own_answers_are_kept_once_each() {
    let mut page = Page::new("");
    for answer in
        [Unset, ImpliedGranted, ImpliedDenied, Unset, Granted, Granted, Denied, Denied, Granted]
    {
        page.vendor(true, answer);
    }
    assert_eq!(page.turns(), [ConsentEvent::Given, ConsentEvent::Withdrawn, ConsentEvent::Given]);
    assert_eq!(page.yeses, 2);
    let told: Vec<Answer> = page.records.iter().map(|r| r.answers.get(Feature::Tracking)).collect();
    assert_eq!(told, [Granted, Denied, Granted]);
}

#[test]
fn a_page_of_a_visitor_who_said_yes_before_is_no_new_yes() {
    let mut page = Page::new("1.gggg.g.5.onetrust");
    page.vendor(true, Unset);
    page.vendor(true, Granted);
    assert_eq!((page.yeses, page.records.len()), (0, 0));
}

#[test]
fn another_tabs_answer_holds_until_this_tabs_manager_moves() {
    let mut page = Page::new("");
    assert_eq!(page.vendor(true, Granted), Granted);
    assert_eq!(page.on(Event::Peer("dddd")), Denied);
    // Its own manager still has the old answer in memory.
    assert_eq!(page.vendor(true, Granted), Denied);
    assert_eq!(page.vendor(true, Unset), Unset);
    assert_eq!(page.vendor(true, Granted), Granted);
    assert_eq!(page.on(Event::Peer("nonsense")), Granted);
    assert_eq!(page.on(Event::Kept("1.dddd.w.9.onetrust".into())), Denied);
}

#[test]
fn a_manager_that_is_loading_takes_back_nothing_of_what_it_had_stored() {
    let mut page = Page::new("1.gggg.g.5.x");
    assert_eq!(page.vendor(false, Granted), Granted);
    let loading =
        Signal { trouble: Some(Trouble::NotReady), ..signal(1, Rank::Vendor, true, Unset) };
    assert_eq!(page.says(&[loading]), Granted);
    assert_eq!(page.vendor(true, Denied), Denied);
}

fn answers() -> impl Strategy<Value = Answer> {
    prop::sample::select(&Answer::ALL)
}

fn signals() -> impl Strategy<Value = Vec<Signal>> {
    let ranks = prop::sample::select(&[Rank::Limit, Rank::Bus, Rank::Standard, Rank::Vendor]);
    let one = (0u8..5, ranks, any::<bool>(), [answers(), answers(), answers(), answers()])
        .prop_map(|(source, rank, live, each)| {
            let answers = PerFeature::of(|feature| each[feature as usize]);
            Signal { source, rank, live, answers, trouble: None }
        });
    prop::collection::vec(one, 0..5)
}

fn policies() -> impl Strategy<Value = Policy> {
    let privacy = || prop::sample::select(&[Privacy::Respect, Privacy::Strict, Privacy::Ignore]);
    (
        prop::sample::select(&[Start::Deferred, Start::OptedOut]),
        prop::sample::select(&[Pending::Hold, Pending::Drop, Pending::Cookieless]),
        prop::sample::select(&[OnNo::Off, OnNo::Cookieless]),
        prop::sample::select(&[Implied::Accept, Implied::Ask]),
        privacy(),
        privacy(),
    )
        .prop_map(|(start, pending, denied, implied, gpc, dnt)| Policy {
            start,
            pending,
            denied,
            implied,
            gpc,
            dnt,
        })
}

proptest! {
    #[test]
    fn the_order_in_which_sources_are_found_changes_no_answer(mut signals in signals()) {
        let answers = merge(&signals).answers;
        signals.reverse();
        prop_assert_eq!(answers, merge(&signals).answers);
    }

    #[test]
    fn categories_together_are_as_strict_as_the_strictest(all in prop::collection::vec(answers(), 1..6)) {
        let strictest = all.iter().copied().min().unwrap();
        prop_assert_eq!(together(all), strictest);
    }

    #[test]
    fn a_signal_of_the_browser_and_a_limit_open_nothing(signals in signals(), policy in policies(), timed_out: bool) {
        let quiet = BrowserSignals { timed_out, ..QUIET };
        let before = decide(&merge(&signals), quiet, &policy);
        let mut limited = signals.clone();
        limited.push(signal(9, Rank::Limit, true, Denied));
        for (signals, browser) in [
            (&signals, BrowserSignals { gpc: true, ..quiet }),
            (&signals, BrowserSignals { dnt: true, ..quiet }),
            (&limited, quiet),
        ] {
            let after = decide(&merge(signals), browser, &policy);
            prop_assert!(after.consent <= before.consent);
            // What is denied may be sent without storage, where the site says so; no more.
            prop_assert!(after.mode != Mode::On || before.mode == Mode::On);
        }
    }

    #[test]
    fn a_page_that_nobody_sees_is_shut(signals in signals(), policy in policies(), gpc: bool, dnt: bool, timed_out: bool) {
        let seen = BrowserSignals { gpc, dnt, timed_out, unseen: false };
        let decision = decide(&merge(&signals), BrowserSignals { unseen: true, ..seen }, &policy);
        prop_assert_eq!((decision.consent, decision.mode, decision.code), (Unset, Mode::Off, Code::Unseen));
        prop_assert_eq!(decision.flow, PerFeature::all(Flow::Hold));
    }

    #[test]
    fn a_default_never_becomes_a_choice(signals in signals(), policy in policies(), gpc: bool, dnt: bool) {
        let merged = merge(&signals);
        let consent = decide(&merged, BrowserSignals { gpc, dnt, timed_out: false, unseen: false }, &policy).consent;
        if consent.is_explicit() {
            prop_assert_eq!(merged.answers.get(Feature::Tracking), consent);
        }
    }

    #[test]
    fn over_any_history_the_gate_opens_no_further_than_the_last_decision(
        policy in policies(),
        steps in prop::collection::vec((0u8..9, signals(), any::<bool>()), 1..30),
    ) {
        let mut session = Session::new(policy, "", false, false);
        for (kind, signals, flag) in steps {
            let effects = session.on(match kind {
                0..=3 => Event::Read { signals: &signals, browser: BrowserSignals { gpc: flag, ..QUIET }, now_ms: 1 },
                4 => Event::Peer(if flag { "gggg" } else { "dddd" }),
                5 => Event::Sdk(Input::Loaded),
                6 => Event::Sdk(if flag { Input::Found } else { Input::LoadFailed }),
                7 => Event::Sdk(Input::Settled),
                _ => Event::Sdk(if flag { Input::Late } else { Input::Leaving }),
            });
            for feature in Feature::ALL {
                let gate = session.machine().gate().get(feature);
                prop_assert!(gate != Flow::Pass || session.decision().flow.get(feature) == Flow::Pass);
            }
            if let Some(record) = effects.record {
                let tracking = record.answers.get(Feature::Tracking);
                prop_assert!(tracking.is_explicit() || record.event == ConsentEvent::Expired);
            }
        }
    }

    #[test]
    fn a_record_is_read_as_it_was_written(at_ms: u64, each in [answers(), answers(), answers(), answers()]) {
        let answers = PerFeature::of(|feature| each[feature as usize]);
        let record = Record { answers, event: ConsentEvent::Withdrawn, at_ms, source: "a-b9".into() };
        prop_assert_eq!(Record::parse(&record.line()), Some(record));
    }

    #[test]
    fn no_text_makes_the_record_fail(text in "\\PC{0,80}") {
        let _ = Record::parse_all(&text);
    }
}
