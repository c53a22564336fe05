//! The little that is done with text, in loops: what the standard library has for patterns and
//! for numbers would be the largest part of a page's module.

/// The pieces of a text between separators, which are ASCII.
pub(crate) fn pieces(text: &str, separator: u8) -> Pieces<'_> {
    Pieces { rest: Some(text), separator }
}

#[derive(Clone)]
pub(crate) struct Pieces<'a> {
    rest: Option<&'a str>,
    separator: u8,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest?;
        let (piece, rest) = match cut(text, self.separator) {
            Some((piece, rest)) => (piece, Some(rest)),
            None => (text, None),
        };
        self.rest = rest;
        Some(piece)
    }
}

/// What is before the first separator and what is behind it.
pub(crate) fn cut(text: &str, separator: u8) -> Option<(&str, &str)> {
    for (at, byte) in text.bytes().enumerate() {
        if byte == separator {
            return Some((text.get(..at)?, text.get(at + 1..)?));
        }
    }
    None
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
            assert_eq!(cut(text, b' '), text.split_once(' '), "{text:?}");
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
