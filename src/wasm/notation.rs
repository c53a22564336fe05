//! The text that crosses the boundary: what to look for goes out as JSON, what was found
//! comes back in a notation of one character a type.
//!
//! Text, because it costs the page least: objects would be walked through the boundary one
//! property at a time (30 KB of the naive module were that). `probe.js` and `listen.js` are
//! at the other end.

use std::iter;

#[cfg(feature = "page")]
use crate::cmp::Adapter;
use crate::cmp::{Snapshot, Value};
#[cfg(feature = "page")]
use crate::core::push_number;
use crate::core::{cut, protocol};

/// Where these adapters look and listen, as the JSON that `look` and `watch` interpret: each its
/// number and its page.
#[cfg(feature = "page")]
pub fn program(adapters: &[Adapter]) -> String {
    // As long as it will be, with the number and the brackets of each: grown piece by piece it would
    // take twice the room.
    let mut program = String::with_capacity(
        adapters.iter().fold(2, |length, adapter| length + adapter.page.len() + 8),
    );
    program.push('[');
    for (number, adapter) in adapters.iter().enumerate() {
        program.push_str(if number == 0 { "[" } else { ",[" });
        push_number(&mut program, number as u64);
        program.push(',');
        program.push_str(adapter.page);
        program.push(']');
    }
    program.push(']');
    program
}

/// Reads what `look` found: each adapter's number and its snapshot.
pub fn snapshots(text: &str) -> impl Iterator<Item = (usize, Snapshot)> {
    let mut rest = In(text);
    iter::from_fn(move || {
        if rest.next() != Some(protocol::MARK_ADAPTER) {
            return None;
        }
        let number = rest.number() as usize;
        let mut snapshot = Snapshot::default();
        for _ in 0..rest.number() {
            let place = rest.number() as usize;
            snapshot.put(place, rest.value());
        }
        Some((number, snapshot))
    })
}

/// What is left to read. It is our own text; all the same nothing in it can make this fail,
/// only end.
struct In<'a>(&'a str);

impl In<'_> {
    fn next(&mut self) -> Option<u8> {
        let first = self.0.as_bytes().first()?;
        self.0 = self.0.get(1..).unwrap_or_default();
        Some(*first)
    }

    /// Up to [`protocol::MARK_END`].
    fn number(&mut self) -> i64 {
        let mut number = 0;
        let mut sign = 1;
        loop {
            match self.next() {
                Some(b'-') => sign = -1,
                Some(digit @ b'0'..=b'9') => number = number * 10 + i64::from(digit - b'0'),
                _ => return number * sign,
            }
        }
    }

    /// Up to the zero.
    fn text(&mut self) -> String {
        let (text, rest) = cut(self.0, 0, false);
        self.0 = rest.unwrap_or_default();
        text.to_owned()
    }

    fn value(&mut self) -> Value {
        match self.next() {
            Some(protocol::MARK_TRUE) => Value::Bool(true),
            Some(protocol::MARK_FALSE) => Value::Bool(false),
            Some(protocol::MARK_NUMBER) => Value::Number(self.number() as f64),
            Some(protocol::MARK_TEXT) => Value::Text(self.text()),
            Some(protocol::MARK_FUNCTION) => Value::Function,
            Some(protocol::MARK_THROWN) => Value::Thrown,
            Some(protocol::MARK_LIST) => {
                let length = self.number();
                let mut items = Vec::new();
                for _ in 0..length {
                    items.push(self.value());
                }
                Value::List(items)
            }
            Some(protocol::MARK_MAP) => {
                let length = self.number();
                let mut entries = Vec::new();
                for _ in 0..length {
                    self.next();
                    let key = self.text();
                    entries.push((key, self.value()));
                }
                Value::Map(entries)
            }
            _ => Value::Null,
        }
    }
}
