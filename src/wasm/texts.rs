//! The module for pages that decodes what few pages have (`src/cmp/encoded.rs`): by itself, so that
//! all other pages need not carry it. `src/page/look/texts.ts` is at the other end.
//!
//! No glue is made for it: a text goes in and out through one piece of memory.

use std::cell::Cell;
use std::str;

use super::arena;
use crate::cmp::encoded;
use crate::core::protocol::Form;

thread_local! {
    /// The text that was given, and then the one that is given back.
    static TEXT: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Where the text is.
#[unsafe(no_mangle)]
pub extern "C" fn at() -> *const u8 {
    let text = TEXT.take();
    let at = text.as_ptr();
    TEXT.set(text);
    at
}

/// Makes room for a text of so many bytes, in place of all that was there.
#[unsafe(no_mangle)]
pub extern "C" fn room(length: usize) {
    drop(arena::Call::begins());
    TEXT.set(vec![0; length]);
}

/// Decodes the text by the letter of its form. How many bytes of JSON are there instead; 0 where it
/// cannot be decoded.
#[unsafe(no_mangle)]
pub extern "C" fn decode(form: u8) -> usize {
    let text = TEXT.take();
    let json = Form::of_sign(form)
        .zip(str::from_utf8(&text).ok())
        .and_then(|(form, text)| encoded::json(form, text))
        .unwrap_or_default();
    let length = json.len();
    TEXT.set(json.into_bytes());
    length
}
