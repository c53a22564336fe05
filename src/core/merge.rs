//! One answer out of several categories and several sources: the law, written once.

use super::{Answer, Code, PerFeature};

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
/// that runs before one that was only found in storage; those that still tie are never
/// OR-ed: the strictest holds, feature by feature.
pub fn merge(signals: &[Signal]) -> Merged {
    let speakers = || signals.iter().filter(|s| s.rank != Rank::Limit);
    let limited =
        signals.iter().any(|s| s.rank == Rank::Limit && together(answers_of(s)) < Answer::Unset);
    let Some(best) = speakers().map(|s| (s.rank, s.live)).max() else {
        return Merged {
            answers: PerFeature::all(Answer::Unset),
            source: None,
            limited,
            code: None,
        };
    };
    let equals = || speakers().filter(move |s| (s.rank, s.live) == best);
    let answers = PerFeature::of(|feature| together(equals().map(|s| s.answers.get(feature))));
    // The source that decided is one that gave the strictest answer.
    let deciding = equals().min_by_key(|s| s.answers.get(super::Feature::Tracking));
    let code = if equals().any(|s| s.answers != answers) {
        Some(Code::Disagree)
    } else {
        deciding.and_then(|s| s.trouble).map(|trouble| match trouble {
            Trouble::NotReady => Code::NotReady,
            Trouble::Unreadable => Code::Unreadable,
            Trouble::Expired => Code::Expired,
            Trouble::UnknownCategory => Code::UnknownCategory,
            Trouble::Manual => Code::Manual,
        })
    };
    Merged { answers, source: deciding.map(|s| s.source), limited, code }
}

fn answers_of(signal: &Signal) -> [Answer; 4] {
    super::Feature::ALL.map(|feature| signal.answers.get(feature))
}
