//! From what the sources say to what may flow: the only place where consent is judged.

use super::{Answer, Code, Denied, Feature, Implied, Merged, Pending, PerFeature, Policy, Privacy};

/// What Mixpanel may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Nothing.
    Off,
    /// Send events, store nothing.
    Cookieless,
    /// Everything.
    On,
}

impl Mode {
    /// The name that `state.mode` has in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Off => "off",
            Mode::Cookieless => "cookieless",
            Mode::On => "on",
        }
    }
}

/// What the gate does with the calls of one feature. The order is how much it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Flow {
    /// They are dropped, those that waited too.
    Drop,
    /// They wait.
    Hold,
    /// They go to the SDK.
    Pass,
}

impl Flow {
    /// Its name in `explain()`.
    pub const fn name(self) -> &'static str {
        match self {
            Flow::Drop => "drop",
            Flow::Hold => "hold",
            Flow::Pass => "pass",
        }
    }

    /// The flow of this name.
    pub fn named(name: &str) -> Option<Flow> {
        [Flow::Drop, Flow::Hold, Flow::Pass].into_iter().find(|flow| flow.name() == name)
    }
}

/// What may flow, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decision {
    /// The answer for tracking, after the browser's signals: `state.consent`.
    pub consent: Answer,
    /// What Mixpanel may do: `state.mode`.
    pub mode: Mode,
    /// What the gate does, feature by feature.
    pub flow: PerFeature<Flow>,
    /// Why: `state.code`.
    pub code: Code,
}

impl Decision {
    /// The decision before anybody has spoken.
    pub const LOOKING: Decision = Decision {
        consent: Answer::Unset,
        mode: Mode::Off,
        flow: PerFeature::all(Flow::Hold),
        code: Code::Looking,
    };

    /// Whether a no stands (a visitor's or a rule's), so that nothing may remain.
    pub fn is_denied(&self) -> bool {
        self.consent < Answer::Unset
    }

    /// What one feature may do: what nobody holds for later passes or does not.
    pub fn mode_of(&self, feature: Feature) -> Mode {
        match (feature, self.flow.get(feature)) {
            (Feature::Tracking, _) => self.mode,
            (_, Flow::Pass) => Mode::On,
            (_, Flow::Hold | Flow::Drop) => Mode::Off,
        }
    }
}

/// What the page's surroundings say besides the sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BrowserSignals {
    /// The browser sends Global Privacy Control.
    pub gpc: bool,
    /// The browser sends Do Not Track.
    pub dnt: bool,
    /// `cmpTimeout` is over.
    pub timed_out: bool,
    /// The browser has prepared the page (prerendering) and shows it to nobody so far.
    pub unseen: bool,
}

/// Judges what the sources say by the site's rules.
pub fn decide(merged: &Merged, browser: BrowserSignals, policy: &Policy) -> Decision {
    if browser.unseen {
        // Nobody has visited this page so far. When somebody does, the sources are asked again.
        return Decision { code: Code::Unseen, ..Decision::LOOKING };
    }
    let answers = answers(merged, browser, policy);
    let (consent, closed_by) =
        tighten(merged.answers.get(Feature::Tracking), merged, browser, policy);
    let code = closed_by.unwrap_or(match consent {
        Answer::Granted => Code::Granted,
        Answer::Denied => merged.code.unwrap_or(Code::Denied),
        Answer::ImpliedGranted if policy.implied == Implied::Ask => Code::ImpliedAsk,
        Answer::ImpliedGranted => Code::ImpliedGranted,
        Answer::ImpliedDenied => merged.code.unwrap_or(Code::ImpliedDenied),
        Answer::Unset => match (merged.source, merged.code) {
            (_, Some(code)) => code,
            (Some(_), None) => Code::Asking,
            (None, None) if browser.timed_out => Code::Missing,
            (None, None) => Code::Looking,
        },
    });
    let mode = match stand(consent, policy) {
        Stand::Open => Mode::On,
        Stand::Waiting
            if policy.pending == Pending::Cookieless && may_send_unasked(code, browser, policy) =>
        {
            Mode::Cookieless
        }
        // An answer that a signal closed was not a no: without this condition the signal would open
        // what had only been waiting before.
        Stand::Closed if policy.denied == Denied::Cookieless && closed_by.is_none() => {
            Mode::Cookieless
        }
        Stand::Waiting | Stand::Closed => Mode::Off,
    };
    let flow = PerFeature::of(|feature| {
        let own = flow_of(stand(answers.get(feature), policy), policy);
        match (mode, feature) {
            (Mode::Cookieless, Feature::Tracking) => Flow::Pass,
            // Events alone go out without storage. Calls that say who the person is wait with the rest.
            (Mode::Cookieless | Mode::Off, _) => own.min(flow_of(stand(consent, policy), policy)),
            (Mode::On, _) => own,
        }
    });
    Decision { consent, mode, flow, code }
}

/// The answer for each feature, after the browser's signals: what is kept of a decision.
pub fn answers(merged: &Merged, browser: BrowserSignals, policy: &Policy) -> PerFeature<Answer> {
    PerFeature::of(|feature| tighten(merged.answers.get(feature), merged, browser, policy).0)
}

/// Where an answer stands under the policy.
#[derive(Clone, Copy, PartialEq)]
enum Stand {
    Open,
    Waiting,
    Closed,
}

fn stand(answer: Answer, policy: &Policy) -> Stand {
    match answer {
        Answer::Granted => Stand::Open,
        Answer::ImpliedGranted if policy.implied == Implied::Accept => Stand::Open,
        Answer::ImpliedGranted | Answer::Unset => Stand::Waiting,
        Answer::ImpliedDenied | Answer::Denied => Stand::Closed,
    }
}

fn flow_of(stand: Stand, policy: &Policy) -> Flow {
    match stand {
        Stand::Open => Flow::Pass,
        Stand::Waiting if policy.pending == Pending::Drop => Flow::Drop,
        Stand::Waiting => Flow::Hold,
        Stand::Closed => Flow::Drop,
    }
}

/// Whether `pending: 'cookieless'` may send now. Not while the consent manager is still
/// being looked for or loads: a visitor who said yes on an earlier page would be counted as
/// a stranger, and one who said no would be counted at all. Not against a privacy signal
/// either, for then only the site's default would have opened it.
fn may_send_unasked(code: Code, browser: BrowserSignals, policy: &Policy) -> bool {
    let signal = (browser.gpc && policy.gpc != Privacy::Ignore)
        || (browser.dnt && policy.dnt != Privacy::Ignore);
    !signal && (code.asks() || code == Code::Missing)
}

/// What the browser's signals and the limiting standards leave of an answer, and which of
/// them closed it. None of them opens anything, and none makes a choice of a default.
fn tighten(
    answer: Answer,
    merged: &Merged,
    browser: BrowserSignals,
    policy: &Policy,
) -> (Answer, Option<Code>) {
    let closers = [
        (browser.gpc, policy.gpc, Code::Gpc),
        (browser.dnt, policy.dnt, Code::Dnt),
        (merged.limited, Privacy::Respect, Code::OptedOutOfSale),
    ];
    for (present, privacy, code) in closers {
        let closes = match privacy {
            Privacy::Ignore => false,
            Privacy::Respect => answer == Answer::ImpliedGranted,
            Privacy::Strict => answer > Answer::ImpliedDenied,
        };
        if present && closes {
            return (Answer::ImpliedDenied, Some(code));
        }
    }
    (answer, None)
}
