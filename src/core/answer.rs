//! The five answers that every consent manager's state comes down to.

/// What a source says about one purpose at one instant.
///
/// The order is how much an answer opens: of two answers the lesser is the stricter, so
/// the law for several is [`Ord::min`].
///
/// A default is not a choice: [`Answer::ImpliedGranted`] and [`Answer::ImpliedDenied`] say
/// that a rule or a region decided and nobody was asked, and nothing may turn them into
/// [`Answer::Granted`] or [`Answer::Denied`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Answer {
    /// The visitor said no.
    Denied,
    /// Nobody was asked and a rule says no (a signal of the browser, a closed default).
    ImpliedDenied,
    /// Nobody has been asked yet, or the answer is not known.
    Unset,
    /// Nobody was asked and the rules of the place allow it.
    ImpliedGranted,
    /// The visitor said yes.
    Granted,
}

impl Answer {
    /// Every answer, strictest first.
    pub const ALL: [Answer; 5] = [
        Answer::Denied,
        Answer::ImpliedDenied,
        Answer::Unset,
        Answer::ImpliedGranted,
        Answer::Granted,
    ];

    /// The name that `state.consent` has in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Answer::Denied => "denied",
            Answer::ImpliedDenied => "implied-denied",
            Answer::Unset => "unset",
            Answer::ImpliedGranted => "implied-granted",
            Answer::Granted => "granted",
        }
    }

    /// The answer of this name.
    pub fn named(name: &str) -> Option<Answer> {
        Answer::ALL.into_iter().find(|answer| answer.name() == name)
    }

    /// An act of the visitor, told from a default: `explicit(true)` is a yes.
    pub const fn explicit(yes: bool) -> Answer {
        if yes { Answer::Granted } else { Answer::Denied }
    }

    /// A default that nobody chose: `implied(true)` allows.
    pub const fn implied(yes: bool) -> Answer {
        if yes { Answer::ImpliedGranted } else { Answer::ImpliedDenied }
    }

    /// Whether the visitor gave this answer.
    pub const fn is_explicit(self) -> bool {
        matches!(self, Answer::Denied | Answer::Granted)
    }
}
