//! The consent record: what the site keeps of an explicit answer, as text.
//!
//! `1.<answers>.<turn>.<time>.<source>`, newest first, one a line, at most [`Record::KEPT`]:
//!
//! ```text
//! 1.dddd.w.1764000000000.onetrust
//! 1.gggg.g.1763990000000.onetrust
//! ```
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

const ANSWERS: [(u8, Answer); 5] = [
    (b'd', Answer::Denied),
    (b'c', Answer::ImpliedDenied),
    (b'u', Answer::Unset),
    (b'o', Answer::ImpliedGranted),
    (b'g', Answer::Granted),
];

const TURNS: [(u8, Turn); 4] =
    [(b'g', Turn::Given), (b'r', Turn::Refused), (b'w', Turn::Withdrawn), (b'e', Turn::Expired)];

impl Record {
    /// How many are kept: enough for a visitor who changes their mind a few times, and small
    /// enough for a cookie (ten lines are under 500 bytes).
    pub const KEPT: usize = 10;

    /// How long a source's id may be; the longest built-in one has 24 characters.
    const SOURCE_MAX: usize = 40;

    /// Reads one line.
    pub fn parse(line: &str) -> Option<Record> {
        let mut fields = pieces(line, b'.');
        let mut next = || fields.next();
        if next()? != "1" {
            return None;
        }
        let answers = parse_answers(next()?)?;
        let turn = one(&TURNS, next()?)?;
        let at_ms = parse_number(next()?)?;
        let source = next()?;
        let plain = source.len() <= Self::SOURCE_MAX
            && source.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        (next().is_none() && plain).then(|| Record { answers, turn, at_ms, source: source.into() })
    }

    /// Reads all lines, newest first; what cannot be read is left out.
    pub fn parse_all(text: &str) -> Vec<Record> {
        pieces(text, b'\n').take(Self::KEPT).filter_map(Record::parse).collect()
    }

    /// Writes one line.
    pub fn line(&self) -> String {
        let mut line = String::from("1.");
        line.push_str(&write_answers(self.answers));
        line.push('.');
        line.extend(TURNS.iter().filter(|t| t.1 == self.turn).map(|t| t.0 as char));
        line.push('.');
        push_number(&mut line, self.at_ms);
        line.push('.');
        let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        line.extend(self.source.chars().filter(plain).take(Self::SOURCE_MAX));
        line
    }
}

/// Reads four answers: `gggd`.
pub(crate) fn parse_answers(text: &str) -> Option<PerFeature<Answer>> {
    let &[tracking, replay, profile, flags] = text.as_bytes() else { return None };
    let answer = |byte| ANSWERS.iter().find(|a| a.0 == byte).map(|a| a.1);
    let (tracking, replay, profile, flags) =
        (answer(tracking)?, answer(replay)?, answer(profile)?, answer(flags)?);
    Some(PerFeature::of(|feature| match feature {
        Feature::Tracking => tracking,
        Feature::Replay => replay,
        Feature::Profile => profile,
        Feature::Flags => flags,
    }))
}

/// Writes four answers.
pub(crate) fn write_answers(answers: PerFeature<Answer>) -> String {
    let letter = |answer| ANSWERS.iter().find(|a| a.1 == answer).map(|a| a.0 as char);
    Feature::ALL.iter().filter_map(|feature| letter(answers.get(*feature))).collect()
}

fn one<T: Copy>(table: &[(u8, T)], text: &str) -> Option<T> {
    let &[byte] = text.as_bytes() else { return None };
    table.iter().find(|entry| entry.0 == byte).map(|entry| entry.1)
}

fn parse_number(text: &str) -> Option<u64> {
    let mut number: u64 = 0;
    for byte in text.bytes() {
        let digit = byte.is_ascii_digit().then_some(u64::from(byte.wrapping_sub(b'0')))?;
        number = number.checked_mul(10)?.checked_add(digit)?;
    }
    (!text.is_empty()).then_some(number)
}
