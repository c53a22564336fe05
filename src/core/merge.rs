//! One answer out of several categories and several sources: the law, written once.

use super::{Answer, Code, Feature, PerFeature};

/// Who is believed when several sources speak: the first of these that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Limit: can only tighten (US Privacy, the US sections of GPP).
    Limit,
    /// Bus: hands on what somebody else asked (consent mode, WP Consent API).
    Bus,
    /// Standard: an API that many consent managers install (TCF).
    Standard,
    /// The product that asked the visitor.
    Vendor,
}

/// What kept a source from a plain answer; its answer is [`Answer::Unset`] then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// It is on the page and has not loaded its state yet.
    NotReady,
    /// It is asking the visitor, whatever it hands out meanwhile.
    Asking,
    /// It gave something that cannot be read, or threw.
    Unreadable,
    /// There was an answer, and it no longer counts.
    Expired,
    /// It has no category of the name that the site gave.
    UnknownCategory,
    /// It is the site's own banner, which has not called yet.
    Manual,
}

/// What one source says of each feature at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Signal {
    /// Which source; a number that means something outside of the core only.
    pub source: u8,
    /// Who it is among sources.
    pub rank: Rank,
    /// Said by the running consent manager, not only found in what it stored earlier.
    pub live: bool,
    /// What it says.
    pub answers: PerFeature<Answer>,
    /// What kept it from a plain answer.
    pub trouble: Option<Trouble>,
}

/// What all sources say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Merged {
    /// The answers.
    pub answers: PerFeature<Answer>,
    /// The source that decided; `None` if there is none.
    pub source: Option<u8>,
    /// Its consent manager runs, and was not only found in storage.
    pub live: bool,
    /// A source that can only tighten says no.
    pub limited: bool,
    /// Why it is unset, or that equals disagree.
    pub code: Option<Code>,
}

/// The law for several categories that stand for one purpose: all must allow, so the
/// strictest holds. No category at all is no answer.
///
/// ```
/// use mixpanel_consent_bridge::core::{Answer, together};
/// assert_eq!(together([Answer::Granted, Answer::Denied]), Answer::Denied);
/// assert_eq!(together([]), Answer::Unset);
/// ```
pub fn together(answers: impl IntoIterator<Item = Answer>) -> Answer {
    answers.into_iter().min().unwrap_or(Answer::Unset)
}

/// The law for several sources. Vendor before standard before bus, and among equals one
/// that runs before one that was only found in storage, which is no answer at all while one that
/// runs is asking; those that still tie are never
/// OR-ed: the strictest holds, feature by feature.
pub fn merge(signals: &[Signal]) -> Merged {
    let mut merged = Merged {
        answers: PerFeature::all(Answer::Unset),
        source: None,
        live: false,
        limited: false,
        code: None,
    };
    let mut best: Option<&Signal> = None;
    let mut asking: Option<&Signal> = None;
    for signal in signals {
        if signal.rank == Rank::Limit {
            merged.limited |= Feature::ALL.iter().any(|f| signal.answers.get(*f) < Answer::Unset);
            continue;
        }
        if best.is_none_or(|best| (signal.rank, signal.live) > (best.rank, best.live)) {
            best = Some(signal);
        }
        let asks = matches!(signal.trouble, Some(Trouble::Asking | Trouble::Expired));
        if signal.live && asks && asking.is_none_or(|asking| signal.rank > asking.rank) {
            asking = Some(signal);
        }
    }
    let Some(mut best) = best else { return merged };
    // What was only found in storage is no answer while a manager that runs is asking: it may be
    // of one that is gone, or is not accepted any more.
    if !best.live {
        best = asking.unwrap_or(best);
    }
    // The source that decided is the first that gave the strictest answer. Among those a source in
    // trouble comes first, because nobody knows what it would say.
    let strict = |s: &Signal| (s.answers.get(Feature::Tracking), s.trouble.is_none());
    let mut deciding = best;
    let mut disagree = false;
    merged.answers = best.answers;
    for signal in signals {
        if (signal.rank, signal.live) != (best.rank, best.live) {
            continue;
        }
        disagree |= signal.answers != best.answers;
        merged.answers =
            PerFeature::of(|feature| merged.answers.get(feature).min(signal.answers.get(feature)));
        if strict(signal) < strict(deciding) {
            deciding = signal;
        }
    }
    merged.source = Some(deciding.source);
    merged.live = deciding.live;
    merged.code = match deciding.trouble {
        _ if disagree => Some(Code::Disagree),
        None => None,
        Some(Trouble::NotReady) => Some(Code::NotReady),
        Some(Trouble::Asking) => Some(Code::Asking),
        Some(Trouble::Unreadable) => Some(Code::Unreadable),
        Some(Trouble::Expired) => Some(Code::Expired),
        Some(Trouble::UnknownCategory) => Some(Code::UnknownCategory),
        Some(Trouble::Manual) => Some(Code::Manual),
    };
    merged
}
