//! What a person's answers come to, as one line: what a ledger keeps beside the history, so that a
//! check reads one row whatever the length of the history.
//!
//! [`Standing::take`] says what one more answer makes of it, [`judge`] what it allows. Both are
//! pure. Who the person is, and that the line is written in one transaction with the history, is
//! the ledger's business (src/server/ledger).
//!
//! Three rules order what is heard, because a browser's clock may be wrong and a cookie says what
//! was answered and not when (a fourth, on ids that are named together, is in joining.rs):
//!
//! - The server's clock orders. What is heard later is later, whatever time it claims.
//! - A claimed time may make a yes older, and never a no: a yes that was given before a standing no
//!   does not undo it.
//! - What a request carried opens what nobody has closed. It undoes a no only with a proof of its
//!   time, or as a change on the very device that had said the no.
//!
//! ```text
//! 1 gggg g 1764000000000 - - - =2026-01
//! 1 dddd w 1764000360000 1764000360000 1764000359000 =$device:4f1c -
//! ```
//!
//! The fields: the format, the answers, the event, the time from which on they hold; of the last
//! answer that closed something its time here, its time by its own clock, and its device (`*`:
//! several); the version of the site's policy.

use super::history::{capped, close, nothing, said_at};
use super::record::{parse_answers, write_answers};
use super::{
    Answer, BrowserSignals, Code, ConsentEvent, Entry, Feature, Merged, PerFeature, Ruling, Terms,
};

/// How long a request may be on its way: what a device carries for so long after its own no may
/// have been sent before it.
pub const IN_FLIGHT_MS: u64 = 5_000;

/// How an answer became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// A receipt: the visitor's act.
    Act {
        /// What it was in the visitor's history.
        event: ConsentEvent,
        /// When, by the clock of the browser that says it. `None`: the site says it, and when.
        claimed_ms: Option<u64>,
    },
    /// What a request carried.
    Seen {
        /// When it was answered, where a signature of the site's proves that.
        proven_ms: Option<u64>,
    },
}

/// One answer that a ledger hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said<'a> {
    /// What was answered.
    pub answers: PerFeature<Answer>,
    /// How it became known.
    pub how: How,
    /// When it was given or read, as the site says.
    pub at_ms: u64,
    /// When the ledger heard it.
    pub heard_ms: u64,
    /// The device that says it, if it is known.
    pub device: Option<&'a str>,
    /// Several people use the device: its answers may close and may not open.
    pub shared: bool,
    /// The version of the site's policy that it was given to.
    pub version: Option<&'a str>,
    /// The last entry of the history says the same, and is young.
    pub repeated: bool,
}

/// The last answer that closed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shut<'a> {
    /// When, by the server's clock.
    pub at_ms: u64,
    /// When, by the clock of the browser that said it.
    pub claimed_ms: Option<u64>,
    /// Which device said it.
    pub by: By<'a>,
}

/// Which device closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By<'a> {
    /// Nobody said which.
    Unknown,
    /// This one alone.
    Device(&'a str),
    /// More than one has said a no since the last yes.
    Several,
}

/// What a person's answers come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    /// The answers that count, before the site's terms.
    pub answers: PerFeature<Answer>,
    /// The event that they rest on.
    pub event: ConsentEvent,
    /// From when on they hold, by the server's clock.
    pub at_ms: u64,
    /// What closed what is closed.
    pub shut: Option<Shut<'a>>,
    /// The version of the site's policy that they were given to.
    pub version: Option<&'a str>,
}

/// What one more answer makes of a standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken<'a> {
    /// It says nothing new.
    Nothing,
    /// It is to be remembered, and is no entry of the history.
    Noted(Standing<'a>),
    /// It is an entry of the history.
    Added {
        /// What holds from then on. `None`: still nothing.
        standing: Option<Standing<'a>>,
        /// What it is in the history.
        event: ConsentEvent,
        /// It opens nothing: a later answer stood already, or it is the word of several people.
        late: bool,
    },
}

impl Answer {
    pub(super) const fn is_closed(self) -> bool {
        matches!(self, Answer::Denied | Answer::ImpliedDenied)
    }
}

impl<'a> By<'a> {
    fn of(device: Option<&'a str>) -> Self {
        device.map_or(By::Unknown, By::Device)
    }

    fn is(self, device: Option<&str>) -> bool {
        matches!((self, device), (By::Device(by), Some(device)) if by == device)
    }
}

impl<'a> Shut<'a> {
    /// This no, after an earlier one that still closes something.
    fn after(earlier: Option<Shut<'a>>, at_ms: u64, claimed_ms: Option<u64>, by: By<'a>) -> Self {
        match earlier {
            Some(earlier) if earlier.by != by => {
                Shut { at_ms: at_ms.max(earlier.at_ms), claimed_ms: None, by: By::Several }
            }
            Some(earlier) => Shut {
                at_ms: at_ms.max(earlier.at_ms),
                claimed_ms: claimed_ms.max(earlier.claimed_ms),
                by,
            },
            None => Shut { at_ms, claimed_ms, by },
        }
    }
}

impl<'a> Standing<'a> {
    /// Reads a line. `None`: it is none.
    pub fn parse(line: &'a str) -> Option<Standing<'a>> {
        let mut fields = line.splitn(8, ' ');
        let mut next = || fields.next();
        if next()? != "1" {
            return None;
        }
        let answers = parse_answers(next()?)?;
        let [letter] = next()?.as_bytes() else { return None };
        let event = ConsentEvent::of_letter(*letter)?;
        let at_ms = number(next()?)?;
        let (shut_ms, claimed, by) = (next()?, next()?, next()?);
        let version = optional(next()?)?;
        let shut = match shut_ms {
            "-" => None,
            shut_ms => Some(Shut {
                at_ms: number(shut_ms)?,
                claimed_ms: if claimed == "-" { None } else { Some(number(claimed)?) },
                by: if by == "*" { By::Several } else { By::of(optional(by)?) },
            }),
        };
        Some(Standing { answers, event, at_ms, shut, version })
    }

    /// Writes the line. A device's name has no space in it, and no version a line's end.
    pub fn line(&self) -> String {
        let shut = self.shut.map_or_else(
            || String::from("- - -"),
            |Shut { at_ms, claimed_ms, by }| {
                let claimed = claimed_ms.map_or_else(|| "-".into(), |ms| ms.to_string());
                let by = match by {
                    By::Unknown => "-".into(),
                    By::Several => "*".into(),
                    By::Device(device) => ["=", device].concat(),
                };
                format!("{at_ms} {claimed} {by}")
            },
        );
        let version = self.version.map_or_else(|| "-".into(), |version| ["=", version].concat());
        let (answers, event, at_ms) =
            (write_answers(self.answers), char::from(self.event.letter()), self.at_ms);
        format!("1 {answers} {event} {at_ms} {shut} {version}")
    }

    /// What this answer makes of what stands.
    ///
    /// ```
    /// use mixpanel_consent_bridge::core::{Answer, How, PerFeature, Said, Standing, Taken, ConsentEvent};
    /// let said = |answer, event, at_ms| Said {
    ///     answers: PerFeature::all(answer), how: How::Act { event, claimed_ms: None }, at_ms,
    ///     heard_ms: 9_000, device: None, shared: false, version: None, repeated: false,
    /// };
    /// let no = said(Answer::Denied, ConsentEvent::Withdrawn, 5_000);
    /// let Taken::Added { standing, .. } = Standing::take(None, &no) else { unreachable!() };
    /// // A yes of before the no changes nothing, whenever it arrives.
    /// let yes = said(Answer::Granted, ConsentEvent::Given, 4_000);
    /// assert_eq!(Standing::take(standing, &yes), Taken::Added { standing, event: ConsentEvent::Given, late: true });
    /// ```
    pub fn take(stands: Option<Standing<'a>>, said: &Said<'a>) -> Taken<'a> {
        match said.how {
            How::Act { event, claimed_ms } => act(stands, said, event, claimed_ms),
            How::Seen { proven_ms } => seen(stands, said, proven_ms),
        }
    }

    fn is_closed(&self, feature: Feature) -> bool {
        let answer = self.answers.get(feature);
        answer.is_closed() || answer == Answer::Unset && self.event == ConsentEvent::Expired
    }
}

/// A receipt: it has a time of its own, so it is told from an older one.
fn act<'a>(
    stands: Option<Standing<'a>>,
    said: &Said<'a>,
    event: ConsentEvent,
    claimed_ms: Option<u64>,
) -> Taken<'a> {
    // Nobody answers in the future: a clock that is ahead is taken to say "now".
    let claimed_ms = claimed_ms.map(|ms| ms.min(said.heard_ms));
    let at_ms = claimed_ms.map_or(said.at_ms.min(said.heard_ms), |_| said.heard_ms);
    let answers = match event {
        ConsentEvent::Given => said.answers,
        ConsentEvent::Refused | ConsentEvent::Withdrawn => capped(said.answers, Answer::Denied),
        ConsentEvent::Expired => capped(said.answers, Answer::Unset),
    };
    let before = stands.map_or(PerFeature::all(Answer::Unset), |stands| stands.answers);
    let opens =
        event == ConsentEvent::Given && !said.shared && is_later(&stands, said, at_ms, claimed_ms);
    let after = PerFeature::of(|f| match (before.get(f), answers.get(f)) {
        (_, said) if opens => said,
        (stands, said) if event != ConsentEvent::Given || said.is_closed() => stands.min(said),
        (stands, _) => stands,
    });
    let closes =
        event == ConsentEvent::Expired || Feature::ALL.iter().any(|f| answers.get(*f).is_closed());
    let earlier = stands.and_then(|stands| stands.shut).filter(|_| !opens);
    let shut = if closes {
        Some(Shut::after(earlier, at_ms, claimed_ms, By::of(said.device)))
    } else {
        earlier
    };
    let standing = match stands {
        // What an older yes closes besides does not make it the answer that stands.
        Some(stands) if event == ConsentEvent::Given && !opens => {
            Some(Standing { answers: after, shut, ..stands })
        }
        None if event == ConsentEvent::Given && !opens && !closes => None,
        stands => Some(Standing {
            answers: after,
            event,
            at_ms: at_ms.max(stands.map_or(0, |stands| stands.at_ms)),
            shut,
            version: match stands {
                Some(stands) if !opens => stands.version,
                _ => said.version,
            },
        }),
    };
    if said.repeated
        && let (Some(stands), Some(standing)) = (stands, standing)
        && (standing.answers, standing.version) == (stands.answers, stands.version)
    {
        return if standing.shut == stands.shut {
            Taken::Nothing
        } else {
            Taken::Noted(Standing { shut, ..stands })
        };
    }
    Taken::Added { standing, event, late: event == ConsentEvent::Given && !opens }
}

/// Whether a yes was given after what stands.
fn is_later(stands: &Option<Standing>, said: &Said, at_ms: u64, claimed_ms: Option<u64>) -> bool {
    match (stands, claimed_ms) {
        (None, _) => true,
        (Some(stands), None) => at_ms > stands.at_ms,
        (Some(Standing { shut: None, .. }), Some(_)) => true,
        (Some(Standing { shut: Some(shut), .. }), Some(claimed_ms)) => {
            // Of one device both times are by one clock, be it right or wrong.
            let own = shut.claimed_ms.filter(|_| shut.by.is(said.device));
            claimed_ms > own.unwrap_or(shut.at_ms)
        }
    }
}

/// What a request carried: it says what was answered and not when.
fn seen<'a>(stands: Option<Standing<'a>>, said: &Said<'a>, proven_ms: Option<u64>) -> Taken<'a> {
    let at_ms = said.at_ms.min(said.heard_ms);
    let by = By::of(said.device);
    let before = stands.map_or(PerFeature::all(Answer::Unset), |stands| stands.answers);
    let undoes = stands.and_then(|stands| stands.shut).is_some_and(|shut| {
        proven_ms.is_some_and(|ms| ms.min(said.heard_ms) > shut.at_ms)
            || shut.by.is(said.device) && at_ms > shut.at_ms + IN_FLIGHT_MS
    });
    let after = PerFeature::of(|f| {
        let (now, said_now) = (before.get(f), said.answers.get(f));
        let closed = stands.is_some_and(|stands| stands.is_closed(f)) && !undoes;
        let after = match said_now {
            Answer::Unset => now,
            Answer::Denied => Answer::Denied,
            // A default replaces no choice.
            Answer::ImpliedDenied | Answer::ImpliedGranted if now.is_explicit() => now,
            Answer::ImpliedDenied => Answer::ImpliedDenied,
            Answer::ImpliedGranted | Answer::Granted if closed => now,
            opening => opening,
        };
        if said.shared { now.min(after) } else { after }
    });
    let earlier = stands.and_then(|stands| stands.shut);
    if after == before {
        let again = Feature::ALL
            .iter()
            .any(|f| said.answers.get(*f).is_closed() && after.get(*f) == said.answers.get(*f));
        return match (stands, earlier) {
            // A page view writes nothing, but that one more device has said the same no.
            (Some(stands), Some(shut)) if again && shut.by != by && shut.by != By::Several => {
                Taken::Noted(Standing {
                    shut: Some(Shut { claimed_ms: None, by: By::Several, ..shut }),
                    ..stands
                })
            }
            _ => Taken::Nothing,
        };
    }
    let event = match (before.get(Feature::Tracking), after.get(Feature::Tracking)) {
        (_, Answer::Granted | Answer::ImpliedGranted) => ConsentEvent::Given,
        (_, Answer::ImpliedDenied) => ConsentEvent::Expired,
        (Answer::ImpliedGranted | Answer::Granted, Answer::Denied) => ConsentEvent::Withdrawn,
        (Answer::Denied, Answer::Denied) => {
            stands.map_or(ConsentEvent::Refused, |stands| stands.event)
        }
        (_, Answer::Denied) => ConsentEvent::Refused,
        (_, Answer::Unset) => stands.map_or(ConsentEvent::Given, |stands| stands.event),
    };
    let closes =
        Feature::ALL.iter().any(|f| after.get(*f).is_closed() && after.get(*f) != before.get(*f));
    let mut standing = Standing {
        answers: after,
        event,
        at_ms: at_ms.max(stands.map_or(0, |stands| stands.at_ms)),
        shut: earlier,
        version: match stands {
            Some(stands) if event != ConsentEvent::Given => stands.version,
            _ => said.version,
        },
    };
    let still = Feature::ALL.iter().any(|f| standing.is_closed(*f));
    standing.shut = match earlier.filter(|_| still) {
        earlier if closes => Some(Shut::after(earlier, at_ms, None, by)),
        earlier => earlier,
    };
    match after.get(Feature::Tracking) {
        // Nobody has answered for tracking, so there is nothing to tell in a history.
        Answer::Unset => Taken::Noted(standing),
        _ => Taken::Added { standing: Some(standing), event, late: false },
    }
}

/// The moment that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Now, by the clock of the server that asks. Another server's may be ahead: what that one has
    /// kept a moment ago holds already.
    Now(u64),
    /// A time that is told.
    At(u64),
}

/// What these lines allow, each at its time: the strictest. An empty line is a person of whom
/// nothing is known, and one that cannot be read may have been a no. No line allows nothing.
pub fn judge<'a>(lines: impl IntoIterator<Item = (&'a str, When)>, terms: &Terms) -> Ruling {
    let mut strictest: Option<Merged> = None;
    for (line, when) in lines {
        let said = if line.is_empty() { nothing() } else { of_line(line, when, terms) };
        match &mut strictest {
            None => strictest = Some(said),
            Some(least) => close(least, &said),
        }
    }
    let merged = strictest.unwrap_or_else(nothing);
    Ruling::of(&merged, BrowserSignals::default(), &terms.policy)
}

fn of_line(line: &str, when: When, terms: &Terms) -> Merged {
    let Some(stands) = Standing::parse(line) else {
        return Merged { code: Some(Code::HistoryUnreadable), ..nothing() };
    };
    let entry = Entry {
        at_ms: stands.at_ms,
        said: Some((stands.answers, stands.event)),
        version: stands.version,
        limits: false,
    };
    let time_ms = match when {
        When::Now(ms) => ms.max(stands.at_ms),
        When::At(ms) => ms,
    };
    said_at(&[entry], time_ms, terms)
}

/// A time as decimal digits alone.
fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// `=text`, or `-` for none.
fn optional(text: &str) -> Option<Option<&str>> {
    if text == "-" { Some(None) } else { text.strip_prefix('=').map(Some) }
}
