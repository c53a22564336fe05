//! What a person's kept answers allow at a moment, for a job that has no request to judge by.
//!
//! Who the person is, where the history is kept and which devices belong together is for whoever
//! keeps it. The ledger of the npm package (src/server/ledger) asks about one entry, the line that
//! [`Standing`](super::Standing) makes of all; a program with a history of its own asks about that.

use super::{
    Answer, BrowserSignals, Code, ConsentEvent, Decision, Feature, Merged, PerFeature, Policy,
    answers, decide,
};

/// One kept answer of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// When it was given, in milliseconds since 1970.
    pub at_ms: u64,
    /// What was answered, and what it was in the person's history. `None`: it cannot be read.
    pub said: Option<(PerFeature<Answer>, ConsentEvent)>,
    /// The version of the site's policy that it was given to, if that was kept.
    pub version: Option<&'a str>,
    /// It may close and may not open: what several people may have said on one device.
    pub limits: bool,
}

/// By what a history is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms<'a> {
    /// The site's rules. Signals of a browser were judged when the answer was kept.
    pub policy: Policy,
    /// The version that an answer must have been given to, to open anything. `None`: any.
    pub version: Option<&'a str>,
    /// For how many milliseconds an answer opens. `None`: for as long as no other follows.
    pub max_age_ms: Option<u64>,
    /// For how many milliseconds an answer is kept; an older one is not there. `None`: for ever.
    pub retention_ms: Option<u64>,
}

/// A decision, and the answer of each feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ruling {
    /// What may flow, and why.
    pub decision: Decision,
    /// The answer for each feature, after the browser's signals.
    pub answers: PerFeature<Answer>,
}

impl Ruling {
    /// Judges what the sources say together.
    pub fn of(merged: &Merged, browser: BrowserSignals, policy: &Policy) -> Ruling {
        Ruling {
            decision: decide(merged, browser, policy),
            answers: answers(merged, browser, policy),
        }
    }
}

/// What this history allowed at `time_ms`.
///
/// The last answer up to that time counts, whatever the order of `entries`; of several at the
/// same millisecond the strictest. One that cannot be read may have been a no, so it closes
/// what was open before it. Nothing recorded is unset, and unset is never sent.
///
/// ```
/// use mixpanel_consent_bridge::core::{Answer, Code, Entry, Mode, PerFeature, Terms, ConsentEvent, allowed_at};
/// let entry = |at_ms, answer, event| Entry { at_ms, said: Some((PerFeature::all(answer), event)), version: None, limits: false };
/// let history = [entry(1_000, Answer::Granted, ConsentEvent::Given), entry(5_000, Answer::Denied, ConsentEvent::Withdrawn)];
/// let mode = |time_ms| allowed_at(&history, time_ms, &Terms::default()).decision.mode;
/// assert_eq!([mode(999), mode(1_000), mode(4_999), mode(5_000)], [Mode::Off, Mode::On, Mode::On, Mode::Off]);
/// ```
pub fn allowed_at(entries: &[Entry], time_ms: u64, terms: &Terms) -> Ruling {
    allowed_through(&[entries], &[time_ms], terms)
}

/// What each of these histories allowed at each of these times: the strictest, feature by
/// feature. An event that several people may have caused, or that happened then and is sent
/// now, has to be allowed by all. No history and no time allow nothing.
pub fn allowed_through(histories: &[&[Entry]], times_ms: &[u64], terms: &Terms) -> Ruling {
    let mut strictest: Option<Merged> = None;
    for entries in histories {
        for time_ms in times_ms {
            let said = said_at(entries, *time_ms, terms);
            match &mut strictest {
                None => strictest = Some(said),
                Some(least) => close(least, &said),
            }
        }
    }
    let merged = strictest.unwrap_or_else(nothing);
    Ruling::of(&merged, BrowserSignals::default(), &terms.policy)
}

pub(super) fn nothing() -> Merged {
    Merged {
        answers: PerFeature::all(Answer::Unset),
        source: None,
        live: false,
        limited: false,
        code: Some(Code::NothingRecorded),
    }
}

/// Leaves of the first no more than the second allows, and says why.
pub(super) fn close(merged: &mut Merged, by: &Merged) {
    if by.answers.get(Feature::Tracking) < merged.answers.get(Feature::Tracking) {
        merged.code = by.code;
        merged.source = by.source;
    }
    merged.answers = PerFeature::of(|f| merged.answers.get(f).min(by.answers.get(f)));
}

/// What the history said at that time.
pub(super) fn said_at(entries: &[Entry], time_ms: u64, terms: &Terms) -> Merged {
    let oldest = terms.retention_ms.map_or(0, |longest| time_ms.saturating_sub(longest));
    let mut until: Vec<&Entry> =
        entries.iter().filter(|entry| entry.at_ms <= time_ms && entry.at_ms >= oldest).collect();
    until.sort_by_key(|entry| entry.at_ms);
    let mut merged = nothing();
    let mut last = None;
    for entry in until {
        let (answers, code) = counted(entry, time_ms, terms);
        let code = code.filter(|_| answers.get(Feature::Tracking) == Answer::Unset);
        let said = Merged { answers, source: Some(0), live: false, limited: false, code };
        if entry.limits || last == Some(entry.at_ms) {
            close(&mut merged, &said);
        } else {
            merged = said;
            last = Some(entry.at_ms);
        }
    }
    merged
}

/// What one answer still says at that time, and why it says no more.
fn counted(entry: &Entry, time_ms: u64, terms: &Terms) -> (PerFeature<Answer>, Option<Code>) {
    let Some((answers, event)) = entry.said else {
        return (PerFeature::all(Answer::Unset), Some(Code::HistoryUnreadable));
    };
    let aged = terms.max_age_ms.is_some_and(|longest| time_ms - entry.at_ms >= longest);
    let other = terms.version.is_some() && entry.version != terms.version;
    let most = match event {
        // The event is the bound: answers that say more than it are not believed.
        ConsentEvent::Refused | ConsentEvent::Withdrawn => Answer::Denied,
        ConsentEvent::Expired => Answer::Unset,
        ConsentEvent::Given if aged || other => Answer::Unset,
        ConsentEvent::Given => Answer::Granted,
    };
    (capped(answers, most), (most == Answer::Unset).then_some(Code::Expired))
}

/// No more than this for tracking, and nothing else that is not open; a no of its own stays one.
pub(super) fn capped(answers: PerFeature<Answer>, most: Answer) -> PerFeature<Answer> {
    PerFeature::of(|feature| match feature {
        Feature::Tracking => answers.get(feature).min(most),
        _ => answers.get(feature).min(most.max(Answer::Unset)),
    })
}
