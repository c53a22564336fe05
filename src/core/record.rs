//! The consent record: what the site keeps of an explicit answer, as text.
//!
//! `1.<answers>.<event>.<time>.<source>`, newest first, one a line, at most [`Record::KEPT`]:
//!
//! ```text
//! 1.dddd.w.1764000000000.onetrust
//! 1.gggg.g.1763990000000.onetrust
//! ```
//!
//! A server may sign a line (`.<signature>` behind it, `request::sign`); what reads it without the key
//! passes over that.
//!
//! The alphabet is that of a cookie's value, so that the same text serves where the server
//! is to read it. What cannot be read is no record: a damaged one never grants.

use super::protocol::{self, RECORD_SEPARATOR as SEPARATOR};
use super::text::{pieces, push_number};
use super::{Answer, Feature, PerFeature};

/// What happened in a visitor's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConsentEvent {
    /// The visitor said yes.
    Given,
    /// The visitor said no, not having said yes.
    Refused,
    /// The visitor took a yes back.
    Withdrawn,
    /// An earlier answer stopped counting.
    Expired,
}

impl ConsentEvent {
    /// Its name in a receipt.
    pub const fn name(self) -> &'static str {
        match self {
            ConsentEvent::Given => "given",
            ConsentEvent::Refused => "refused",
            ConsentEvent::Withdrawn => "withdrawn",
            ConsentEvent::Expired => "expired",
        }
    }

    /// The event of this name.
    pub fn named(name: &str) -> Option<ConsentEvent> {
        [ConsentEvent::Given, ConsentEvent::Refused, ConsentEvent::Withdrawn, ConsentEvent::Expired]
            .into_iter()
            .find(|event| event.name() == name)
    }
}

/// One answer of one visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What was answered.
    pub answers: PerFeature<Answer>,
    /// What it was in the visitor's history.
    pub event: ConsentEvent,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// The id of the source.
    pub source: String,
}

impl Record {
    /// How many are kept ([`protocol::RECORD_LINES`]).
    pub const KEPT: usize = protocol::RECORD_LINES;

    /// Reads one line.
    pub fn parse(line: &str) -> Option<Record> {
        let (answers, event, at_ms, source) = fields(line)?;
        Some(Record { answers, event, at_ms, source: source.into() })
    }

    /// What stands of kept texts, as far as a page needs it: the newest answer of the one that
    /// counts ([`Record::newest`]), or a no that is newer. Of two of one time it is the no.
    pub(super) fn standing(kept: Kept) -> Option<PerFeature<Answer>> {
        let stands = newest(kept.record);
        match newest(kept.own) {
            Some((no, at_ms))
                if no.get(Feature::Tracking) == Answer::Denied
                    && stands.is_none_or(|(_, last)| last <= at_ms) =>
            {
                Some(no)
            }
            _ => Some(stands?.0),
        }
    }

    /// Reads all lines, newest first; what cannot be read is left out.
    pub fn parse_all(text: &str) -> Vec<Record> {
        let mut records = Vec::new();
        for line in pieces(text, b'\n').take(Self::KEPT) {
            records.extend(Record::parse(line));
        }
        records
    }

    /// The last answer. One that cannot be read (damaged, of another version) may have been a
    /// no, so none before it counts.
    pub fn newest(text: &str) -> Option<Record> {
        Record::parse(pieces(text, b'\n').next()?)
    }

    /// Whether it holds for every instance of its project, where the site's own dialog was told: a no
    /// does, as Mixpanel's own opt-out does; a yes is for the instance that it was said to.
    pub fn holds_for_all(&self) -> bool {
        self.answers.get(Feature::Tracking) == Answer::Denied
    }

    /// Writes one line.
    pub fn line(&self) -> String {
        self.line_of(&self.source)
    }

    /// The same, with the source's id from elsewhere.
    pub fn line_of(&self, source: &str) -> String {
        let mut line = String::from(protocol::RECORD_VERSION);
        line.push(SEPARATOR.into());
        line.push_str(&write_answers(self.answers));
        line.push(SEPARATOR.into());
        line.push(self.event.letter().into());
        line.push(SEPARATOR.into());
        push_number(&mut line, self.at_ms);
        line.push(SEPARATOR.into());
        for byte in source.bytes().filter(plain).take(protocol::RECORD_SOURCE_MAX) {
            line.push(byte.into());
        }
        line
    }
}

/// What is kept for an instance.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kept<'a> {
    /// The text that counts.
    pub record: &'a str,
    /// Of an instance that was begun on another, and so has the other's record: what is kept under
    /// its own name, by pages that begin it alone. Only a no counts there.
    pub own: &'a str,
}

impl<'a, T: AsRef<str> + ?Sized> From<&'a T> for Kept<'a> {
    fn from(record: &'a T) -> Kept<'a> {
        Kept { record: record.as_ref(), own: "" }
    }
}

/// What the newest line of a text answered, and when.
fn newest(text: &str) -> Option<(PerFeature<Answer>, u64)> {
    let (answers, _, at_ms, _) = fields(pieces(text, b'\n').next()?)?;
    Some((answers, at_ms))
}

/// The parts of a line, if it is one in every part.
fn fields(line: &str) -> Option<(PerFeature<Answer>, ConsentEvent, u64, &str)> {
    let mut fields = pieces(line, SEPARATOR);
    let mut next = || fields.next();
    if next()? != protocol::RECORD_VERSION {
        return None;
    }
    let answers = parse_answers(next()?)?;
    let [event] = next()?.as_bytes() else { return None };
    let event = ConsentEvent::of_letter(*event)?;
    let at_ms = parse_number(next()?)?;
    let source = next()?;
    // A server's signature may follow. It says nothing to who does not have the key.
    let signed = next().is_none_or(|signature| signature.len() == protocol::RECORD_SIGNATURE);
    if !signed
        || next().is_some()
        || source.len() > protocol::RECORD_SOURCE_MAX
        || !source.bytes().all(|b| plain(&b))
    {
        return None;
    }
    Some((answers, event, at_ms, source))
}

/// What a source's id is made of.
fn plain(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'-'
}

/// Reads four answers: `gggd`.
pub(crate) fn parse_answers(text: &str) -> Option<PerFeature<Answer>> {
    let mut letters = text.bytes();
    let mut bad = text.len() != 4;
    let answers = PerFeature::of(|_| {
        letters.next().and_then(Answer::of_letter).unwrap_or_else(|| {
            bad = true;
            Answer::Unset
        })
    });
    (!bad).then_some(answers)
}

/// Writes four answers.
pub(crate) fn write_answers(answers: PerFeature<Answer>) -> String {
    write_letters(PerFeature::of(|feature| answers.get(feature).letter()))
}

/// Writes a letter for each feature.
pub(crate) fn write_letters(letters: PerFeature<u8>) -> String {
    let mut text = String::new();
    for feature in &Feature::ALL {
        text.push(letters.get(*feature).into());
    }
    text
}

fn parse_number(text: &str) -> Option<u64> {
    let mut number: u64 = 0;
    for byte in text.bytes() {
        let digit = byte.is_ascii_digit().then_some(u64::from(byte.wrapping_sub(b'0')))?;
        number = number.checked_mul(10)?.checked_add(digit)?;
    }
    (!text.is_empty()).then_some(number)
}
