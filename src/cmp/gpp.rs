//! A GPP string, as it is kept in cookies; the API `__gpp` hands out its sections read. An
//! opt-out of sale, sharing or targeted advertising closes what only a default opened, and
//! nothing in it opens anything.
//!
//! What of it is read: which sections there are, and three fields of those of the US. A section
//! that is not known, or not whole, limits nothing.
//!
//! <https://github.com/InteractiveAdvertisingBureau/Global-Privacy-Platform/blob/main/Core/Consent%20String%20Specification.md>
//! and the sections beside it; held to `@iabgpp/cmpapi` 3.2.0 (tests/server/read-gpp.test.mjs).

use super::bits::{number, whole};
use crate::core::{Pieces, pieces};

/// Whether the visitor opted out of something. `None`: it is no GPP string, or one that was cut
/// before the opt-out.
///
/// Its header has the numbers of the sections: they follow one another, each told by its distance
/// from the one before, alone or with the last of a row.
pub fn opted_out(text: &str) -> Option<bool> {
    let mut parts = Pieces { left: Some(text), at: b'~', encoded: true };
    let header = parts.next()?;
    if !whole(header) || number(header, 0, 12) != 3 << 6 | 1 {
        return None;
    }
    let mut at = 24;
    let mut id = 0_u32;
    for _ in 0..number(header, 12, 12) {
        at += 1;
        let row = number(header, at - 1, 1) == 1;
        id = id.wrapping_add(fibonacci(header, &mut at)?);
        let last = if row { id.wrapping_add(fibonacci(header, &mut at)?) } else { id };
        loop {
            if opts_out(id, parts.next()?) {
                return Some(true);
            }
            if id == last {
                break;
            }
            id = id.wrapping_add(1);
        }
    }
    Some(false)
}

/// A number as a sum of Fibonacci's, a bit for each from the least; two ones end it.
fn fibonacci(header: &str, at: &mut usize) -> Option<u32> {
    let (mut one, mut next) = (1_u32, 2_u32);
    let (mut sum, mut before) = (0_u32, 0);
    while *at < header.len() * 6 {
        let now = number(header, *at, 1);
        *at += 1;
        if now == 1 {
            if before == 1 {
                return Some(sum);
            }
            sum = sum.wrapping_add(one);
        }
        before = now;
        (one, next) = (next, one.wrapping_add(next));
    }
    None
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
    let first = pieces(section, b'.').next().unwrap_or_default();
    fields.iter().any(|at| number(first, *at, 2) == 1)
}
