//! Random histories: whatever happens to a session in whatever order, and whatever texts come
//! from outside, the laws hold.

use std::collections::VecDeque;

use mixpanel_consent_bridge::core::{
    Answer, BrowserSignals, Code, Command, ConsentEvent, Denied, Event, Feature, Flow, Implied,
    Input, Mode, Opening, Pending, PerFeature, Policy, Privacy, Rank, Record, Sdk, Session, Signal,
    Start, Trouble, decide, merge,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::table::letters;

fn answers() -> impl Strategy<Value = PerFeature<Answer>> {
    let answer = || select(Answer::ALL.to_vec());
    // Most consent managers answer the same for all features.
    prop_oneof![
        answer().prop_map(PerFeature::all),
        [answer(), answer(), answer(), answer()]
            .prop_map(|each| PerFeature::of(|feature| each[feature as usize])),
    ]
}

fn signal() -> impl Strategy<Value = Signal> {
    let rank = select(vec![Rank::Limit, Rank::Bus, Rank::Standard, Rank::Vendor]);
    let trouble = select(vec![
        Trouble::NotReady,
        Trouble::Unreadable,
        Trouble::Expired,
        Trouble::UnknownCategory,
        Trouble::Manual,
    ]);
    (0..4u8, rank, any::<bool>(), answers(), option::weighted(0.2, trouble)).prop_map(
        |(source, rank, live, answers, trouble)| {
            // As adapters give them: what is in trouble says nothing.
            let answers = if trouble.is_some() { PerFeature::all(Answer::Unset) } else { answers };
            Signal { source, rank, live, answers, trouble }
        },
    )
}

fn browser() -> impl Strategy<Value = BrowserSignals> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(gpc, dnt, timed_out)| BrowserSignals {
        gpc: gpc && dnt,
        dnt,
        timed_out,
        unseen: false,
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    let privacy = || select(vec![Privacy::Respect, Privacy::Strict, Privacy::Ignore]);
    (
        select(vec![Start::Deferred, Start::OptedOut]),
        select(vec![Pending::Hold, Pending::Drop, Pending::Cookieless]),
        select(vec![Denied::Off, Denied::Cookieless]),
        select(vec![Implied::Accept, Implied::Ask]),
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

fn record() -> impl Strategy<Value = Record> {
    let event = select(vec![
        ConsentEvent::Given,
        ConsentEvent::Refused,
        ConsentEvent::Withdrawn,
        ConsentEvent::Expired,
    ]);
    (answers(), event, any::<u64>(), "[a-zA-Z0-9-]{0,40}")
        .prop_map(|(answers, event, at_ms, source)| Record { answers, event, at_ms, source })
}

/// Lines as they may lie in a browser: whole, cut, of another version, noise.
fn kept() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        4 => record().prop_map(|record| record.line()),
        1 => (record(), 0..60usize).prop_map(|(record, at)| record.line().chars().take(at).collect()),
        1 => record().prop_map(|record| record.line().replacen('1', "2", 1)),
        1 => ".{0,20}",
    ];
    vec(line, 0..4).prop_map(|lines| lines.join("\n"))
}

/// [`Event`], owned.
#[derive(Clone, Debug)]
enum Happens {
    Read(Vec<Signal>, BrowserSignals),
    Peer(String),
    Kept(String),
    Forget,
    Sdk(Input),
}

fn happens() -> impl Strategy<Value = Happens> {
    let input = select(vec![
        Input::Loaded,
        Input::Found,
        Input::LoadFailed,
        Input::LockRefused,
        Input::Settled,
        Input::Late,
        Input::Leaving,
        Input::Queued,
    ]);
    prop_oneof![
        6 => (vec(signal(), 0..4), browser()).prop_map(|(signals, browser)| Happens::Read(signals, browser)),
        1 => prop_oneof![answers().prop_map(letters), ".{0,6}"].prop_map(Happens::Peer),
        1 => kept().prop_map(Happens::Kept),
        1 => Just(Happens::Forget),
        4 => input.prop_map(Happens::Sdk),
    ]
}

fn hear(
    session: &mut Session,
    what: &Happens,
    now_ms: u64,
) -> mixpanel_consent_bridge::core::Effects {
    session.on(match what {
        Happens::Read(signals, browser) => Event::Read { signals, browser: *browser, now_ms },
        Happens::Peer(text) => Event::Peer(text),
        Happens::Kept(text) => Event::Kept(text.into()),
        Happens::Forget => {
            session.forget();
            return Default::default();
        }
        Happens::Sdk(input) => Event::Sdk(*input),
    })
}

fn is_opening(command: &Command) -> bool {
    matches!(
        command,
        Command::Init(Opening::On(_) | Opening::Cookieless)
            | Command::Unlock(_)
            | Command::StartSenders
            | Command::Pageview
            | Command::LoadFlags
            | Command::StartReplay
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Breaks if `set_gate` forgets the SDK's state, or `note` keeps what nobody chose.
    #[test]
    fn of_any_history_the_gate_follows_the_last_decision(
        policy in policy(),
        kept in kept(),
        refused: bool,
        known: bool,
        history in vec(happens(), 1..30),
    ) {
        let mut session = Session::new(policy, &kept, refused, known);
        let mut gate = PerFeature::all(Flow::Hold);
        let mut yes = session.kept().is_some_and(|kept| kept.get(Feature::Tracking) == Answer::Granted);
        for (n, what) in history.iter().enumerate() {
            let before = session.decision();
            let effects = hear(&mut session, what, n as u64);
            let decision = session.decision();
            let commands = &effects.commands;

            // The gate, as it is told.
            let mut shut = false;
            for command in commands {
                if let Command::Gate(flow) = command {
                    gate = *flow;
                    shut |= Feature::ALL.iter().all(|f| flow.get(*f) == Flow::Drop);
                }
                // While anything opens, nothing passes against the decision.
                for feature in Feature::ALL {
                    prop_assert!(!is_opening(command) || gate.get(feature) <= decision.flow.get(feature));
                }
                prop_assert!(!is_opening(command) || decision.mode != Mode::Off, "{command:?}");
                prop_assert_eq!(command.allowed_by(session.machine()), Some(*command), "a step's own");
            }
            prop_assert_eq!(gate, session.machine().gate());
            let ready = match decision.mode {
                Mode::Off => None,
                Mode::Cookieless => Some(Sdk::Cookieless),
                Mode::On => Some(Sdk::On),
            };
            for feature in Feature::ALL {
                prop_assert!(gate.get(feature) <= decision.flow.get(feature));
                if gate.get(feature) == Flow::Pass {
                    prop_assert_eq!(Some(session.machine().sdk()), ready);
                }
            }
            // A no drops what waits, whatever may flow after it.
            if decision.is_denied() && !before.is_denied() {
                prop_assert!(shut);
            }
            // The lock is before all that would upload without it.
            if let Some(lock) = commands.iter().position(|c| *c == Command::Lock) {
                for (at, command) in commands.iter().enumerate() {
                    let uploads = [Command::Reset, Command::StopReplay, Command::OptOut].contains(command);
                    prop_assert!(!uploads || at > lock);
                }
            }
            if before.mode == Mode::On && decision.mode == Mode::Off
                && commands.contains(&Command::Settle)
            {
                prop_assert!(commands.contains(&Command::Lock));
            }

            // The record.
            if let Some(record) = &effects.record {
                let tracking = record.answers.get(Feature::Tracking);
                prop_assert_eq!(Some(record.answers), session.kept());
                prop_assert!(matches!(what, Happens::Read(..)), "another tab's word is not ours");
                match record.event {
                    ConsentEvent::Given => prop_assert_eq!(tracking, Answer::Granted),
                    ConsentEvent::Withdrawn => prop_assert!(tracking == Answer::Denied && yes),
                    ConsentEvent::Refused => prop_assert!(tracking == Answer::Denied && !yes),
                    ConsentEvent::Expired => prop_assert!(tracking == Answer::Unset && yes),
                }
                // What is kept is read back.
                let line = record.line();
                prop_assert_eq!(Record::newest(&line).map(|r| r.answers), Some(record.answers));
            } else {
                prop_assert!(!effects.new_yes);
            }
            if effects.new_yes {
                prop_assert!(!yes, "a yes that was known");
            }
            yes = session.kept().is_some_and(|kept| kept.get(Feature::Tracking) == Answer::Granted);

            // Nothing is changed that was not said to be.
            if !effects.changed {
                prop_assert_eq!(before, decision);
            }
        }
    }

    /// A second event before the commands of the first are done: each is run as far as the
    /// machine then allows. Breaks if `allowed_by` asks for less than the machine's own state.
    #[test]
    fn commands_that_are_late_open_nothing(
        policy in policy(),
        history in vec((happens(), 0..6usize), 1..30),
    ) {
        let mut session = Session::new(policy, "", false, false);
        let mut queue: VecDeque<Command> = VecDeque::new();
        for (n, (what, run)) in history.iter().enumerate() {
            queue.extend(hear(&mut session, what, n as u64).commands);
            let (decision, machine) = (session.decision(), *session.machine());
            for command in queue.drain(..queue.len().min(*run)) {
                match command.allowed_by(&machine) {
                    Some(Command::Gate(flow)) => for feature in Feature::ALL {
                        prop_assert!(flow.get(feature) <= decision.flow.get(feature));
                        prop_assert!(flow.get(feature) <= machine.gate().get(feature));
                    },
                    Some(Command::Init(Opening::On(open)) | Command::Unlock(Opening::On(open))) => {
                        prop_assert_eq!(decision.mode, Mode::On);
                        for feature in Feature::ALL {
                            prop_assert!(!open.get(feature) || decision.flow.get(feature) == Flow::Pass);
                        }
                    }
                    Some(command) if is_opening(&command) => prop_assert!(decision.mode != Mode::Off),
                    _ => {}
                }
            }
        }
    }

    /// Breaks if a later signal wins over an earlier one of its rank.
    #[test]
    fn the_order_of_the_signals_says_nothing(
        (signals, shuffled) in vec(signal(), 0..6)
            .prop_flat_map(|signals| (Just(signals.clone()), Just(signals).prop_shuffle())),
    ) {
        let (one, other) = (merge(&signals), merge(&shuffled));
        prop_assert_eq!(one.answers, other.answers);
        prop_assert_eq!(one.limited, other.limited);
        prop_assert_eq!(one.source.is_some(), other.source.is_some());
        // Of several troubles the first is told.
        let kind = |code| match code {
            None => 0,
            Some(Code::Disagree) => 1,
            Some(_) => 2,
        };
        prop_assert_eq!(kind(one.code), kind(other.code));
    }

    /// Breaks if `pending` or `denied` `'cookieless'` sends against a signal.
    #[test]
    fn one_more_that_limits_or_a_signal_of_the_browser_opens_nothing(
        policy in policy(),
        signals in vec(signal(), 0..5),
        limit in signal(),
        browser in browser(),
        gpc: bool,
        dnt: bool,
    ) {
        let without = decide(&merge(&signals), browser, &policy);
        let mut more = signals.clone();
        more.push(Signal { rank: Rank::Limit, ..limit });
        let page = BrowserSignals { gpc: browser.gpc || gpc, dnt: browser.dnt || dnt, ..browser };
        for with in [
            decide(&merge(&more), browser, &policy),
            decide(&merge(&signals), page, &policy),
            decide(&merge(&more), page, &policy),
        ] {
            prop_assert!(with.consent <= without.consent, "{without:?} {with:?}");
            let rank = |mode| [Mode::Off, Mode::Cookieless, Mode::On].iter().position(|m| *m == mode);
            prop_assert!(rank(with.mode) <= rank(without.mode), "{without:?} {with:?}");
            for feature in Feature::ALL {
                prop_assert!(with.flow.get(feature) <= without.flow.get(feature));
            }
        }
    }

    /// Breaks if an answer is OR-ed: one more source of the rank that decides only tightens.
    #[test]
    fn one_more_of_the_rank_that_decides_opens_nothing(signals in vec(signal(), 1..5), other in signal()) {
        let before = merge(&signals);
        let best = signals.iter().filter(|s| s.rank != Rank::Limit).map(|s| (s.rank, s.live)).max();
        prop_assume!(best.is_some());
        let (rank, live) = best.unwrap();
        let mut more = signals.clone();
        more.push(Signal { rank, live, ..other });
        let after = merge(&more);
        for feature in Feature::ALL {
            prop_assert!(after.answers.get(feature) <= before.answers.get(feature));
        }
    }

    #[test]
    fn what_is_written_is_read(record in record()) {
        prop_assert_eq!(Record::parse(&record.line()), Some(record.clone()));
        prop_assert_eq!(Record::newest(&record.line()), Some(record));
    }

    /// Breaks if anything but the exact text is taken for a record.
    #[test]
    fn what_is_read_is_what_was_written(text in prop_oneof![kept(), "[1-2.gduo\n a-z]{0,60}", ".{0,80}"]) {
        for record in Record::parse_all(&text) {
            let line = record.line();
            // A number may have been written with zeroes before it; nothing else is lost.
            prop_assert!(text.split('\n').any(|written| written.replace(".0", ".") == line.replace(".0", ".")
                || Record::parse(written).as_ref() == Some(&record)));
            prop_assert_eq!(Record::parse(&line), Some(record));
        }
        if let Some(newest) = Record::newest(&text) {
            prop_assert_eq!(Record::parse_all(&text).first().cloned(), Some(newest));
        }
    }

    /// Breaks if a cut line is filled up with something that opens.
    #[test]
    fn a_damaged_record_never_grants(record in record(), at in 0..60usize, with in any::<char>()) {
        let mut damaged: Vec<char> = record.line().chars().collect();
        prop_assume!(at < damaged.len());
        damaged[at] = with;
        let damaged: String = damaged.into_iter().collect();
        let letter_changed = (2..6).contains(&at);
        if let Some(read) = Record::newest(&damaged) {
            // One letter for another is a forgery, not damage; it says what it says.
            prop_assert!(letter_changed || read.answers == record.answers);
        }
        let cut: String = record.line().chars().take(at).collect();
        let session = Session::new(Policy::default(), &cut, false, false);
        if let Some(kept) = session.kept() {
            // Only the end of the source's name can be missing.
            prop_assert_eq!(kept, record.answers);
        }
    }
}
