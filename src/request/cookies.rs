//! The header `Cookie`, taken apart as RFC 6265 (sections 4.2 and 5.4) and its successor have it.

use std::borrow::Cow;

/// The longest header that is read, in bytes. Browsers send 180 cookies of a site at most, and
/// servers take 8 to 64 KB of headers; what is longer was made by somebody.
pub const LONGEST: usize = 65_536;

/// The name and value of each cookie, in the order of the header.
///
/// Names are compared as they stand and values keep their quotes, as in `document.cookie`:
/// the consent managers that wrote them read them there. A pair without `=` has no name, and
/// no place asks for such.
///
/// Of several cookies of one name the first is meant. Browsers send the one with the longest path
/// first, then the oldest, and pages meet them in that order too.
pub fn pairs(header: &str) -> impl Iterator<Item = (&str, &str)> {
    header.split(';').filter_map(|pair| pair.trim_matches([' ', '\t']).split_once('='))
}

/// The text of a header. Browsers send the bytes of UTF-8; what is none is replaced as
/// `document.cookie` does it. Many servers hand on a text with a character for each byte
/// (Node's `IncomingMessage`, fetch's `Headers`); the bytes are taken from it again.
pub fn text(header: &str) -> Cow<'_, str> {
    if header.is_ascii() {
        return Cow::Borrowed(header);
    }
    let bytes: Option<Vec<u8>> = header.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    match bytes {
        Some(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        None => Cow::Borrowed(header),
    }
}

#[cfg(test)]
mod tests {
    use super::{pairs, text};

    #[test]
    fn a_header_falls_into_pairs() {
        let all = |header| pairs(header).collect::<Vec<_>>();
        assert_eq!(all("a=1; b=2"), [("a", "1"), ("b", "2")]);
        assert_eq!(all(" a=1;b=2;\tc=3 ;"), [("a", "1"), ("b", "2"), ("c", "3")]);
        assert_eq!(all("a=b=c; d=\"e\""), [("a", "b=c"), ("d", "\"e\"")]);
        assert_eq!(all("a; =1; ;;"), [("", "1")]);
        assert_eq!(all(""), []);
    }

    #[test]
    fn bytes_are_utf_8_whatever_the_server_made_of_them() {
        assert_eq!(text("a=ä"), "a=\u{fffd}");
        assert_eq!(text("a=Ã¤"), "a=ä");
        assert_eq!(text("a=€"), "a=€");
    }
}
