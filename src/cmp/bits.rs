//! The bits of the IAB's encoded strings: base64url, six bits a letter, most significant first.
//! Only reads numbers at known places; what they mean stands in the adapters.
//!
//! <https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework/blob/master/TCFv2/IAB%20Tech%20Lab%20-%20Consent%20string%20and%20vendor%20list%20formats%20v2.md>

use crate::core::pieces;

/// The number in `count` bits, 32 at most, from the bit `from` on. Beyond the end of the text, and at a letter
/// outside the alphabet, there are zeros: see [`whole`].
pub fn number(text: &str, from: usize, count: usize) -> u32 {
    let to = from + count;
    let mut number = 0_u64;
    for at in from / 6..to.div_ceil(6) {
        let letter = text.as_bytes().get(at).map_or(NONE, |letter| six(*letter));
        number = number << 6 | u64::from(letter % NONE);
    }
    (number >> (to.div_ceil(6) * 6 - to) & ((1 << count) - 1)) as u32
}

/// Whether all letters are of the alphabet.
pub fn whole(text: &str) -> bool {
    text.bytes().all(|letter| six(letter) != NONE)
}

/// Whether it is a TC string of version 2 with a whole core segment: its dates are dates, its
/// languages letters, all of its fields are there, and nothing is behind the last of them but what
/// fills it up to whole bytes and letters. Of the other segments all fields are there, so a string
/// that was cut in its last one is found. What a damaged string says of purposes is no answer.
pub fn tc_string(text: &str) -> bool {
    let mut segments = pieces(text, b'.');
    let core = segments.next().unwrap_or_default();
    // In tenths of seconds: from 2017 on, and before the end of the century.
    let date = |at| matches!(number(core, at, 30), 234_000_000..=640_000_000);
    let letters = |at| number(core, at, 6) < 26 && number(core, at + 6, 6) < 26;
    // Most texts that are none have another version. Only what is one so far is walked to its end:
    // what stands for its length in another text is any number.
    let ends = || {
        let (bits, end) = (core.len() * 6, end(core));
        (bits.saturating_sub(23)..=bits).contains(&end) && number(core, end, bits - end) == 0
    };
    number(core, 0, 6) == 2
        && date(6)
        && date(42)
        && letters(108)
        && letters(201)
        && whole(core)
        && ends()
        && segments.all(|segment| {
            // The vendors that were disclosed or allowed, or the publisher's own purposes.
            let end = if number(segment, 0, 3) == 3 { 57 } else { vendors(segment, 3) };
            whole(segment) && end <= segment.len() * 6
        })
}

/// When a TC string was last changed, in milliseconds since 1970, to some seconds.
#[cfg(feature = "request")]
pub fn tc_updated_ms(text: &str) -> u64 {
    // 36 bits of tenths of seconds, without the last six.
    u64::from(number(text, 42, 30)) * 6_400
}

/// Where the last field of a core segment ends: behind the vendors, those with a legitimate
/// interest, and the publisher's restrictions.
fn end(core: &str) -> usize {
    let mut at = vendors(core, vendors(core, 213));
    let restrictions = number(core, at, 12);
    at += 12;
    for _ in 0..restrictions {
        at = ranges(core, at + 8);
    }
    at
}

/// Where a section of vendors ends.
fn vendors(segment: &str, from: usize) -> usize {
    let most = number(segment, from, 16) as usize;
    let at = from + 17;
    if number(segment, from + 16, 1) == 1 { ranges(segment, at) } else { at + most }
}

/// Where a list of single numbers and of ranges ends.
fn ranges(core: &str, from: usize) -> usize {
    let mut at = from + 12;
    for _ in 0..number(core, from, 12) {
        at += if number(core, at, 1) == 1 { 33 } else { 17 };
    }
    at
}

/// No letter of the alphabet, and six bits of zero.
const NONE: u8 = 64;

fn six(letter: u8) -> u8 {
    match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => NONE,
    }
}

#[cfg(test)]
mod tests {
    use super::{number, whole};

    #[test]
    fn numbers_lie_across_letters() {
        // C = 2, P = 15: 000010 001111.
        assert_eq!(number("CP", 0, 6), 2);
        assert_eq!(number("CP", 4, 4), 0b1000);
        assert_eq!(number("CP", 0, 12), 2 << 6 | 15);
    }

    #[test]
    fn beyond_the_end_and_outside_the_alphabet_there_are_zeros() {
        assert_eq!(number("CP", 7, 6), 0b011110);
        assert_eq!(number("_.", 0, 12), 0b111111_000000);
        assert_eq!(number("", 0, 1), 0);
    }

    #[test]
    fn a_text_is_whole_if_every_letter_is_one() {
        assert!(whole("CPx-_09") && whole(""));
        // Plain base64 has other letters for two numbers; the IAB's library takes neither.
        assert!(!whole("CPx.") && !whole("C.x") && !whole("é") && !whole("C+x") && !whole("C/x"));
    }
}
