//! Texts that LZ-string has packed and written in base64, as one product stores its state.

/// Longer ones are not read: a few letters may stand for any number.
const MOST: usize = 65_536;

/// The text that was packed; `None` for one that was not.
pub(super) fn unpack(packed: &str) -> Option<String> {
    let mut bits = Bits { packed: packed.as_bytes(), at: 0 };
    // By their numbers; the first three are words of the format.
    let mut known: Vec<Vec<u16>> = vec![Vec::new(); 3];
    let mut width = 2;
    let mut before: Vec<u16> = Vec::new();
    let mut text: Vec<u16> = Vec::new();
    loop {
        let mut code = bits.number(width)?;
        if code == 2 {
            return String::from_utf16(&text).ok();
        }
        if code < 2 {
            let unit = bits.number(if code == 1 { 16 } else { 8 })?;
            code = known.len();
            known.push(vec![u16::try_from(unit).ok()?]);
        } else if code > known.len() || before.is_empty() {
            return None;
        }
        let next = known.get(code).cloned().or_else(|| {
            let first = *before.first()?;
            Some(before.iter().copied().chain([first]).collect())
        })?;
        if !before.is_empty() {
            before.push(*next.first()?);
            known.push(before);
        }
        text.extend(&next);
        if text.len() > MOST {
            return None;
        }
        before = next;
        width = usize::BITS - known.len().leading_zeros();
    }
}

/// What is left to read, and the bit that is next.
struct Bits<'a> {
    packed: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    /// The bits of a number come from the least on, those of a letter from the greatest.
    fn number(&mut self, bits: u32) -> Option<usize> {
        let mut value = 0;
        for bit in 0..bits {
            let letter = match *self.packed.get(self.at / 6)? {
                letter @ b'A'..=b'Z' => letter - b'A',
                letter @ b'a'..=b'z' => letter - b'a' + 26,
                letter @ b'0'..=b'9' => letter - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            value |= usize::from(letter >> (5 - self.at % 6) & 1) << bit;
            self.at += 1;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::unpack;

    #[test]
    fn what_the_library_packed_is_read_and_what_it_did_not_is_not() {
        // By lz-string 1.5.0, compressToBase64.
        for (packed, text) in TEXTS {
            assert_eq!(unpack(packed).as_deref(), Some(text));
        }
        for wrong in ["", "A", "====", "N4Ig", "{}", "zzzzzzzzzzzz"] {
            assert_eq!(unpack(wrong), None, "{wrong}");
        }
    }

    const TEXTS: [(&str, &str); 5] = [
        ("Q===", ""),
        ("IZA=", "a"),
        ("IY4AldKA", "aaaa aaaa aaaa"),
        (
            "N4IgzgLghhCuYgFwgIIBk0H0AiBRAcgJK7YgA0IEAngA4CmSIuAGgApqEDChAKiAL5A=",
            r#"{"status":"ALL_DENIED","type":"EXPLICIT"}"#,
        ),
        ("CeGoIg==", "ä€"),
    ];
}
