//! The little that is done with text, in loops: what the standard library has for patterns and
//! for numbers would be the largest part of a page's module.

/// The pieces of a text between separators.
pub(crate) fn pieces(text: &str, at: u8) -> Pieces<'_> {
    Pieces { left: Some(text), at, encoded: false }
}

/// What is left to cut.
#[derive(Clone)]
pub(crate) struct Pieces<'t> {
    pub left: Option<&'t str>,
    pub at: u8,
    pub encoded: bool,
}

impl<'t> Iterator for Pieces<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let (piece, left) = cut(self.left?, self.at, self.encoded);
        self.left = left;
        Some(piece)
    }
}

/// Cuts at the first separator; nothing is left if there is none.
///
/// In a stored text it may be percent-encoded; not so in a query string, whose values may hold
/// whole addresses. `_` stands for a space there, and `*` for whatever products put between the
/// members of a list.
pub(crate) fn cut(text: &str, separator: u8, encoded: bool) -> (&str, Option<&str>) {
    let separator = if encoded && separator == b'_' { b' ' } else { separator };
    let loose = encoded && separator == b'*';
    let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' - 10 + half };
    let code = [b'%', digit(separator >> 4), digit(separator & 15)];
    let encoded = encoded && separator != b'&' && separator != b'=';
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let width = match byte {
            _ if *byte == separator => 1,
            b',' | b'|' | b'_' | b' ' if loose => 1,
            b'%' if encoded
                && bytes.get(at..at + 3).is_some_and(|three| three.eq_ignore_ascii_case(&code)) =>
            {
                3
            }
            _ => continue,
        };
        if let Some((head, tail)) = text.split_at_checked(at) {
            return (head, tail.get(width..));
        }
    }
    (text, None)
}

/// Writes a number.
pub(crate) fn push_number(text: &mut String, number: u64) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    text.push((b'0' + (number % 10) as u8) as char);
}

#[cfg(test)]
mod tests {
    use super::{cut, pieces, push_number};

    #[test]
    fn a_text_falls_into_pieces_as_split_would_have_it() {
        for text in ["", " ", "a", "a b", " a  b ", "ä ö"] {
            let split: Vec<&str> = text.split(' ').collect();
            assert_eq!(pieces(text, b' ').collect::<Vec<_>>(), split, "{text:?}");
            let (piece, rest) = cut(text, b' ', false);
            assert_eq!(rest.map(|rest| (piece, rest)), text.split_once(' '), "{text:?}");
        }
    }

    #[test]
    fn numbers_are_written_in_decimal() {
        for number in [0, 7, 10, 1_764_000_000_000, u64::MAX] {
            let mut text = String::new();
            push_number(&mut text, number);
            assert_eq!(text, number.to_string());
        }
    }
}
