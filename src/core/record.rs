//! The consent record: what the site keeps of an explicit answer, as text.
//!
//! `1.<answers>.<turn>.<time>.<source>`, newest first, one a line, at most [`Record::KEPT`]:
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

use super::text::{pieces, push_number};
use super::{Answer, Feature, PerFeature};

/// What happened in a visitor's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Turn {
    /// The visitor said yes.
    Given,
    /// The visitor said no, not having said yes.
    Refused,
    /// The visitor took a yes back.
    Withdrawn,
    /// An earlier answer stopped counting.
    Expired,
}

impl Turn {
    /// Its name in a receipt.
    pub const fn name(self) -> &'static str {
        match self {
            Turn::Given => "given",
            Turn::Refused => "refused",
            Turn::Withdrawn => "withdrawn",
            Turn::Expired => "expired",
        }
    }

    /// The turn of this name.
    pub fn named(name: &str) -> Option<Turn> {
        [Turn::Given, Turn::Refused, Turn::Withdrawn, Turn::Expired]
            .into_iter()
            .find(|turn| turn.name() == name)
    }
}

/// One answer of one visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What was answered.
    pub answers: PerFeature<Answer>,
    /// What it was in the visitor's history.
    pub turn: Turn,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// The id of the source.
    pub source: String,
}

impl Turn {
    const fn letter(self) -> char {
        match self {
            Turn::Given => 'g',
            Turn::Refused => 'r',
            Turn::Withdrawn => 'w',
            Turn::Expired => 'e',
        }
    }

    fn parse(text: &str) -> Option<Turn> {
        Some(match text {
            "g" => Turn::Given,
            "r" => Turn::Refused,
            "w" => Turn::Withdrawn,
            "e" => Turn::Expired,
            _ => return None,
        })
    }
}

impl Record {
    /// How many are kept: enough for a visitor who changes their mind a few times, and small
    /// enough for a cookie (ten lines are under 500 bytes).
    pub const KEPT: usize = 10;

    /// How long a source's id may be; the longest built-in one has 24 characters.
    const SOURCE_MAX: usize = 40;

    /// How long a server's signature is: base64 of 32 bytes, without padding.
    pub(crate) const SIGNATURE: usize = 43;

    /// Reads one line.
    pub fn parse(line: &str) -> Option<Record> {
        let (answers, turn, at_ms, source) = fields(line)?;
        Some(Record { answers, turn, at_ms, source: source.into() })
    }

    /// What the newest of a kept text answered: [`Record::newest`], as far as a page needs it.
    pub(super) fn newest_answers(text: &str) -> Option<PerFeature<Answer>> {
        Some(fields(pieces(text, b'\n').next()?)?.0)
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

    /// Writes one line.
    pub fn line(&self) -> String {
        self.line_of(&self.source)
    }

    /// The same, with the source's id from elsewhere.
    pub fn line_of(&self, source: &str) -> String {
        let mut line = String::from("1.");
        line.push_str(&write_answers(self.answers));
        line.push('.');
        line.push(self.turn.letter());
        line.push('.');
        push_number(&mut line, self.at_ms);
        line.push('.');
        for byte in source.bytes().filter(plain).take(Self::SOURCE_MAX) {
            line.push(byte.into());
        }
        line
    }
}

/// What a source's id is made of.
/// The parts of a line, if it is one in every part.
fn fields(line: &str) -> Option<(PerFeature<Answer>, Turn, u64, &str)> {
    let mut fields = pieces(line, b'.');
    let mut next = || fields.next();
    if next()? != "1" {
        return None;
    }
    let answers = parse_answers(next()?)?;
    let turn = Turn::parse(next()?)?;
    let at_ms = parse_number(next()?)?;
    let source = next()?;
    // A server's signature, which says nothing here.
    let signed = next().is_none_or(|signature| signature.len() == Record::SIGNATURE);
    if !signed
        || next().is_some()
        || source.len() > Record::SOURCE_MAX
        || !source.bytes().all(|b| plain(&b))
    {
        return None;
    }
    Some((answers, turn, at_ms, source))
}

fn plain(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'-'
}

/// Reads four answers: `gggd`.
pub(crate) fn parse_answers(text: &str) -> Option<PerFeature<Answer>> {
    let mut letters = text.bytes();
    let mut bad = text.len() != 4;
    let answers = PerFeature::of(|_| match letters.next() {
        Some(b'd') => Answer::Denied,
        Some(b'c') => Answer::ImpliedDenied,
        Some(b'u') => Answer::Unset,
        Some(b'o') => Answer::ImpliedGranted,
        Some(b'g') => Answer::Granted,
        _ => {
            bad = true;
            Answer::Unset
        }
    });
    (!bad).then_some(answers)
}

/// Writes four answers.
pub(crate) fn write_answers(answers: PerFeature<Answer>) -> String {
    let mut text = String::new();
    for feature in &Feature::ALL {
        text.push(match answers.get(*feature) {
            Answer::Denied => 'd',
            Answer::ImpliedDenied => 'c',
            Answer::Unset => 'u',
            Answer::ImpliedGranted => 'o',
            Answer::Granted => 'g',
        });
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
