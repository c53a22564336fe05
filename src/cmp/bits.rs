//! The bits of the IAB's encoded strings: base64url, six bits a letter, most significant first.
//! Only reads numbers at known places; what they mean stands in the adapters.
//!
//! <https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework/blob/master/TCFv2/IAB%20Tech%20Lab%20-%20Consent%20string%20and%20vendor%20list%20formats%20v2.md>

use crate::core::pieces;

/// The number in `count` bits from the bit `from` on; `None` beyond the end of the text, or at a
/// letter outside the alphabet.
pub fn number(text: &str, from: usize, count: usize) -> Option<u32> {
    let mut number = 0;
    for at in from..from + count {
        let letter = u32::from(six(*text.as_bytes().get(at / 6)?)?);
        number = number << 1 | (letter >> (5 - at % 6)) & 1;
    }
    Some(number)
}

/// Whether it is a TC string of version 2 with a whole core segment: its dates are dates, its
/// languages letters, all of its fields are there, and nothing is behind the last of them but what
/// fills it up to whole bytes and letters. What a damaged string says of purposes is no answer.
pub fn tc_string(text: &str) -> bool {
    let core = pieces(text, b'.').next().unwrap_or_default();
    // In tenths of seconds: from 2017 on, and before the end of the century.
    let date = |at| matches!(number(core, at, 30), Some(234_000_000..=640_000_000));
    let letters = |at| number(core, at, 6) < Some(26) && number(core, at + 6, 6) < Some(26);
    number(core, 0, 6) == Some(2)
        && date(6)
        && date(42)
        && letters(108)
        && letters(201)
        && end(core).is_some_and(|end| {
            let bits = core.len() * 6;
            whole(core, bits)
                && end <= bits
                && bits - end < 24
                && (end..bits).all(|at| number(core, at, 1) == Some(0))
        })
}

/// When a TC string was last changed, in milliseconds since 1970, to some seconds.
#[cfg(feature = "request")]
pub fn tc_updated_ms(text: &str) -> Option<u64> {
    let core = pieces(text, b'.').next().unwrap_or_default();
    // 36 bits of tenths of seconds, without the last six.
    number(core, 42, 30).map(|high| u64::from(high) * 6_400)
}

/// Where the last field of a core segment ends: behind the vendors, those with a legitimate
/// interest, and the publisher's restrictions.
fn end(core: &str) -> Option<usize> {
    let mut at = 213;
    for _ in 0..2 {
        let most = number(core, at, 16)? as usize;
        at = match number(core, at + 16, 1)? {
            1 => ranges(core, at + 17)?,
            _ => at + 17 + most,
        };
    }
    let restrictions = number(core, at, 12)?;
    at += 12;
    for _ in 0..restrictions {
        at = ranges(core, at + 8)?;
    }
    Some(at)
}

/// Where a list of single numbers and of ranges ends.
fn ranges(core: &str, from: usize) -> Option<usize> {
    let mut at = from + 12;
    for _ in 0..number(core, from, 12)? {
        at += if number(core, at, 1)? == 1 { 33 } else { 17 };
    }
    Some(at)
}

/// Whether the first so many bits are there, all of letters of the alphabet.
fn whole(text: &str, bits: usize) -> bool {
    let letters = text.as_bytes().get(..bits.div_ceil(6));
    letters.is_some_and(|letters| letters.iter().all(|letter| six(*letter).is_some()))
}

fn six(letter: u8) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' | b'+' => 62,
        b'_' | b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{number, whole};

    #[test]
    fn numbers_lie_across_letters() {
        // C = 2, P = 15: 000010 001111.
        assert_eq!(number("CP", 0, 6), Some(2));
        assert_eq!(number("CP", 4, 4), Some(0b1000));
        assert_eq!(number("CP", 0, 12), Some(2 << 6 | 15));
    }

    #[test]
    fn beyond_the_end_and_outside_the_alphabet_there_is_nothing() {
        assert_eq!(number("CP", 7, 6), None);
        assert_eq!(number("C.", 0, 12), None);
        assert_eq!(number("", 0, 1), None);
    }

    #[test]
    fn a_text_is_whole_to_a_bit_if_every_letter_to_it_is_one() {
        assert!(whole("CPx.", 18) && whole("CPx.", 13) && whole("", 0));
        assert!(!whole("CPx.", 19) && !whole("C.x", 12) && !whole("CP", 13) && !whole("é", 1));
    }
}
