//! A GPP string, as it is kept in cookies; the API `__gpp` hands out its sections read. An
//! opt-out of sale, sharing or targeted advertising closes what only a default opened, and
//! nothing in it opens anything.
//!
//! What of it is read: which sections there are, and three fields of those of the US. A section
//! that is not known, or not whole, limits nothing.
//!
//! <https://github.com/InteractiveAdvertisingBureau/Global-Privacy-Platform/blob/main/Core/Consent%20String%20Specification.md>
//! and the sections beside it; held to `@iabgpp/cmpapi` 3.2.0 (tests/server/read-gpp.test.mjs).

use super::bits::number;
use crate::core::{Pieces, pieces};

/// More sections than there are; a string that has more is none.
const MOST: usize = 64;

/// Whether the visitor opted out of something. `None`: it is no GPP string.
pub fn opted_out(text: &str) -> Option<bool> {
    let mut parts = Pieces { left: Some(text), at: b'~', encoded: true };
    let ids = sections(parts.next()?)?;
    Some(ids.into_iter().zip(parts).any(|(id, section)| opts_out(id, section)))
}

/// The numbers of the sections, by the header: they follow one another, each told by its distance
/// from the one before, alone or with the last of a row.
fn sections(header: &str) -> Option<Vec<u32>> {
    if number(header, 0, 6)? != 3 || number(header, 6, 6)? != 1 {
        return None;
    }
    let mut at = 24;
    let mut bit = || {
        at += 1;
        number(header, at - 1, 1)
    };
    let mut ids = Vec::new();
    let mut last = 0_u32;
    for _ in 0..number(header, 12, 12)? {
        let row = bit()? == 1;
        let first = last.checked_add(fibonacci(&mut bit)?)?;
        last = if row { first.checked_add(fibonacci(&mut bit)?)? } else { first };
        if ids.len() + (last - first) as usize >= MOST {
            return None;
        }
        ids.extend(first..=last);
    }
    Some(ids)
}

/// A number as a sum of Fibonacci's, a bit for each from the least; two ones end it.
fn fibonacci(bit: &mut impl FnMut() -> Option<u32>) -> Option<u32> {
    let (mut one, mut next) = (1_u32, 2_u32);
    let (mut sum, mut before) = (0_u32, 0);
    loop {
        let now = bit()?;
        if now == 1 {
            if before == 1 {
                return Some(sum);
            }
            sum = sum.checked_add(one)?;
        }
        before = now;
        (one, next) = (next, one.checked_add(next)?);
    }
}

/// Whether a section says so: where its `SaleOptOut`, `SharingOptOut` and
/// `TargetedAdvertisingOptOut` begin, two bits each, of which 1 is an opt-out.
fn opts_out(id: u32, section: &str) -> bool {
    let fields: &[usize] = match id {
        // US Privacy, in letters.
        6 => return matches!(section.as_bytes(), [b'1', _, b'Y', ..]),
        7 => &[18, 20, 22],
        8..=10 | 12..=17 | 19..=23 => &[12, 14],
        11 | 18 => &[14, 16],
        24..=27 => &[16, 18],
        _ => return false,
    };
    let whole = pieces(section, b'.').next().unwrap_or_default();
    fields.iter().any(|at| number(whole, *at, 2) == Some(1))
}
