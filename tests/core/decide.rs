//! What may flow, by answer, signals of the browser, and policy.

use std::collections::HashSet;

use mixpanel_consent_bridge::core::{
    Answer, BrowserSignals, Code, Decision, Feature, Flow, Input, LastAnswer, Machine, Merged,
    Mode, PerFeature, Policy, Privacy, Start, decide,
};

use crate::table::{answer, answers, browser, policy, rows};
use crate::walk::{every_answers, policies};

/// What one consent manager says, with nothing in its way.
fn said(answers: PerFeature<Answer>, limited: bool) -> Merged {
    Merged { answers, source: Some(0), live: true, limited, code: None }
}

/// `consent mode flow code`, a letter a feature: pass, hold, drop.
fn show(decision: &Decision) -> String {
    let flow: String = Feature::ALL.map(|f| &decision.flow.get(f).name()[..1]).concat();
    let (consent, mode, code) =
        (decision.consent.name(), decision.mode.name(), decision.code.name());
    format!("{consent} {mode} {flow} {code}")
}

#[test]
fn one_answer_for_everything() {
    // `limit`: a standard that can only tighten says no.
    for [said_by_cmp, page, options, expected] in rows(
        "
        answer          | page          | options                                 | consent mode flow code
        granted         |               |                                         | granted on pppp granted
        granted         | gpc           |                                         | granted on pppp granted
        granted         | dnt           |                                         | granted on pppp granted
        granted         | limit         |                                         | granted on pppp granted
        granted         | gpc           | gpc:strict                              | implied-denied off dddd gpc
        granted         | dnt           | dnt:strict                              | implied-denied off dddd dnt
        granted         | gpc           | gpc:strict denied:cookieless            | implied-denied off dddd gpc
        granted         | gpc dnt       | gpc:ignore dnt:strict                   | implied-denied off dddd dnt
        granted         | gpc           | gpc:ignore                              | granted on pppp granted
        granted         |               | implied:ask pending:drop gpc:strict     | granted on pppp granted

        denied          |               |                                         | denied off dddd denied
        denied          | gpc dnt limit | gpc:strict dnt:strict                   | denied off dddd denied
        denied          |               | denied:cookieless                       | denied cookieless pddd denied
        denied          |               | pending:cookieless                      | denied off dddd denied

        unset           |               |                                         | unset off hhhh cmp-asking
        unset           | timed-out     |                                         | unset off hhhh cmp-asking
        unset           |               | pending:drop                            | unset off dddd cmp-asking
        unset           |               | pending:cookieless                      | unset cookieless phhh cmp-asking
        unset           | gpc           |                                         | unset off hhhh cmp-asking
        unset           | gpc           | pending:cookieless                      | unset off hhhh cmp-asking
        unset           | dnt           | pending:cookieless                      | unset off hhhh cmp-asking
        unset           | gpc           | pending:cookieless gpc:ignore           | unset cookieless phhh cmp-asking
        unset           | gpc           | gpc:strict                              | implied-denied off dddd gpc
        unset           | gpc           | gpc:strict denied:cookieless            | implied-denied off dddd gpc

        implied-granted |               |                                         | implied-granted on pppp implied-granted
        implied-granted | gpc           |                                         | implied-denied off dddd gpc
        implied-granted | dnt           |                                         | implied-denied off dddd dnt
        implied-granted | gpc dnt       |                                         | implied-denied off dddd gpc
        implied-granted | limit         |                                         | implied-denied off dddd opted-out-of-sale
        implied-granted | gpc           | gpc:ignore                              | implied-granted on pppp implied-granted
        implied-granted | limit         | gpc:ignore dnt:ignore                   | implied-denied off dddd opted-out-of-sale
        implied-granted |               | implied:ask                             | implied-granted off hhhh implied-ask
        implied-granted |               | implied:ask pending:drop                | implied-granted off dddd implied-ask
        implied-granted |               | implied:ask pending:cookieless          | implied-granted cookieless phhh implied-ask
        implied-granted | gpc           | implied:ask pending:cookieless          | implied-denied off dddd gpc
        implied-granted | gpc           | implied:ask denied:cookieless           | implied-denied off dddd gpc

        implied-denied  |               |                                         | implied-denied off dddd implied-denied
        implied-denied  | gpc           |                                         | implied-denied off dddd implied-denied
        implied-denied  |               | denied:cookieless                       | implied-denied cookieless pddd implied-denied
        ",
    ) {
        let limited = page.contains("limit");
        let merged = said(PerFeature::all(answer(said_by_cmp)), limited);
        let found = decide(&merged, browser(&page.replace("limit", "")), &policy(options));
        assert_eq!(show(&found), expected, "{said_by_cmp}, page: {page}, options: {options}");
    }
}

#[test]
fn a_feature_of_its_own_category() {
    // Tracking, replay, profile, flags: denied, closed by a rule, unset, open by a rule, granted.
    for [said_by_cmp, page, options, expected] in rows(
        "
        answers | page | options                             | consent mode flow code
        gdud    |      |                                     | granted on pdhd granted
        gouo    |      |                                     | granted on pphp granted
        gouo    | gpc  |                                     | granted on pdhd granted
        gouo    |      | implied:ask                         | granted on phhh granted
        gouo    |      | implied:ask pending:drop            | granted on pddd granted
        # Without tracking nothing else opens: all of it is data about the same visitor.
        dggg    |      |                                     | denied off dddd denied
        uggg    |      |                                     | unset off hhhh cmp-asking
        udgu    |      |                                     | unset off hdhh cmp-asking
        uggg    |      | pending:drop                        | unset off dddd cmp-asking
        uggd    |      | pending:cookieless                  | unset cookieless phhd cmp-asking
        dggg    |      | denied:cookieless                   | denied cookieless pddd denied
        cggg    |      |                                     | implied-denied off dddd implied-denied
        ",
    ) {
        let found = decide(&said(answers(said_by_cmp), false), browser(page), &policy(options));
        assert_eq!(show(&found), expected, "{said_by_cmp}, page: {page}, options: {options}");
    }
}

#[test]
fn nobody_has_answered_and_why() {
    for [found_source, code, page, options, expected] in rows(
        "
        source | trouble          | page      | options            | consent mode flow code
        none   |                  |           |                    | unset off hhhh cmp-looking
        none   |                  | timed-out |                    | unset off hhhh cmp-missing
        # A visitor who said no on an earlier page may only have to be found again.
        none   |                  |           | pending:cookieless | unset off hhhh cmp-looking
        none   |                  | timed-out | pending:cookieless | unset cookieless phhh cmp-missing
        some   |                  | timed-out |                    | unset off hhhh cmp-asking
        some   | cmp-not-ready    |           |                    | unset off hhhh cmp-not-ready
        some   | cmp-not-ready    | timed-out | pending:cookieless | unset off hhhh cmp-not-ready
        some   | cmp-unreadable   |           | pending:cookieless | unset off hhhh cmp-unreadable
        some   | category-unknown |           | pending:cookieless | unset off hhhh category-unknown
        some   | cmp-expired      |           | pending:cookieless | unset cookieless phhh cmp-expired
        some   | manual-unset     |           | pending:cookieless | unset cookieless phhh manual-unset
        some   | cmp-disagree     |           | pending:cookieless | unset off hhhh cmp-disagree
        ",
    ) {
        let merged = Merged {
            live: true,
            answers: PerFeature::all(Answer::Unset),
            source: (found_source == "some").then_some(0),
            limited: false,
            code: Code::ALL.iter().copied().find(|known| known.name() == code),
        };
        let found = decide(&merged, browser(page), &policy(options));
        assert_eq!(show(&found), expected, "{found_source} {code}, page: {page}, options: {options}");
    }
}

/// Everything there is to decide about; a few codes stand for all.
fn everything(mut each: impl FnMut(&Merged, BrowserSignals, &Policy)) {
    for policy in policies() {
        for answers in every_answers() {
            for (source, code) in [(None, None), (Some(0), None), (Some(0), Some(Code::NotReady))] {
                for limited in [false, true] {
                    let merged = Merged { answers, source, live: true, limited, code };
                    each(&merged, BrowserSignals::default(), &policy);
                }
            }
        }
    }
}

/// Breaks if `tighten` gives `Denied`, or `decide` maps an implied answer to an explicit one.
#[test]
fn a_default_is_never_made_a_choice() {
    everything(|merged, nothing, policy| {
        let said = merged.answers.get(Feature::Tracking);
        for gpc in [false, true] {
            let decision = decide(merged, BrowserSignals { gpc, ..nothing }, policy);
            let consent = decision.consent;
            assert!(
                consent == said || consent == Answer::ImpliedDenied,
                "{consent:?} out of {merged:?}"
            );
            assert_eq!(decision.code == Code::Granted, consent == Answer::Granted);
            assert!(decision.code != Code::Denied || consent == Answer::Denied);
        }
    });
}

/// Breaks if a privacy signal turns waiting into `denied: 'cookieless'`.
#[test]
fn a_signal_of_the_browser_or_a_limit_never_opens() {
    fn opens_no_more(with: &Decision, without: &Decision) -> bool {
        let rank = |mode| [Mode::Off, Mode::Cookieless, Mode::On].iter().position(|m| *m == mode);
        rank(with.mode) <= rank(without.mode)
            && with.consent <= without.consent
            && Feature::ALL.iter().all(|f| with.flow.get(*f) <= without.flow.get(*f))
    }
    everything(|merged, nothing, policy| {
        let without = decide(merged, nothing, policy);
        let gpc = decide(merged, BrowserSignals { gpc: true, ..nothing }, policy);
        assert!(opens_no_more(&gpc, &without), "gpc: {merged:?} {policy:?}\n{without:?}\n{gpc:?}");
        let limited = decide(&Merged { limited: true, ..*merged }, nothing, policy);
        assert!(opens_no_more(&limited, &without), "limit: {merged:?} {policy:?}");
    });
}

/// Breaks if the two are judged by different rules; the walk varies one of them only.
#[test]
fn do_not_track_does_what_global_privacy_control_does() {
    everything(|merged, nothing, policy| {
        let gpc = decide(merged, BrowserSignals { gpc: true, ..nothing }, policy);
        let swapped = Policy { gpc: policy.dnt, dnt: policy.gpc, ..*policy };
        let mut dnt = decide(merged, BrowserSignals { dnt: true, ..nothing }, &swapped);
        if dnt.code == Code::Dnt {
            dnt.code = Code::Gpc;
        }
        assert_eq!(gpc, dnt, "{merged:?} {policy:?}");
    });
}

/// Breaks if `flow_of` lets a feature pass while the mode is off.
#[test]
fn what_passes_is_what_the_mode_says() {
    everything(|merged, nothing, policy| {
        let decision = decide(merged, nothing, policy);
        for feature in Feature::ALL {
            let pass = decision.flow.get(feature) == Flow::Pass;
            let may = match decision.mode {
                Mode::Off => false,
                Mode::Cookieless => feature == Feature::Tracking,
                Mode::On => true,
            };
            assert!(!pass || may, "{feature:?} passes: {decision:?}");
        }
        let tracking = decision.flow.get(Feature::Tracking) == Flow::Pass;
        assert_eq!(tracking, decision.mode != Mode::Off, "{decision:?}");
    });
}

/// Breaks if `Machine::step` asks `decision.code`. The walk leaves codes out for that reason.
#[test]
fn the_machine_does_not_look_at_the_code() {
    let mut seen = HashSet::new();
    everything(|merged, nothing, policy| {
        let decision = decide(merged, nothing, policy);
        if !seen.insert(decision) {
            return;
        }
        for start in [Start::Deferred, Start::OptedOut] {
            let mut one = Machine::new(start, LastAnswer::Unknown, false);
            let mut other = one;
            let plain = Decision { code: Code::Looking, ..decision };
            for (a, b) in [
                (Input::Decide(decision), Input::Decide(plain)),
                (Input::Loaded, Input::Loaded),
                (Input::Decide(Decision::LOOKING), Input::Decide(Decision::LOOKING)),
                (Input::Settled, Input::Settled),
                (Input::Decide(decision), Input::Decide(plain)),
            ] {
                assert_eq!(one.step(a), other.step(b));
            }
        }
    });
    assert!(seen.len() > 100);
}

/// Breaks if a privacy option stands for another.
#[test]
fn an_ignored_signal_changes_nothing() {
    everything(|merged, nothing, policy| {
        let ignoring = Policy { gpc: Privacy::Ignore, dnt: Privacy::Ignore, ..*policy };
        let all = BrowserSignals { gpc: true, dnt: true, ..nothing };
        assert_eq!(decide(merged, all, &ignoring), decide(merged, nothing, &ignoring));
    });
}
