//! From one consent manager's own categories to a signal per feature.

use super::{Adapter, Reading};
#[cfg(all(target_arch = "wasm32", feature = "page"))]
use crate::core::Pieces;
use crate::core::{Answer, Feature, PerFeature, Signal, Trouble, pieces};

/// What a reading means for each feature. `wanted`: the categories that the site named, a line for
/// each [`Feature`] in the order of [`Feature::ALL`], names separated by tabs; an empty line leaves
/// it to the adapter.
pub fn signal(adapter: &Adapter, source: u8, reading: &Reading, wanted: &str) -> Signal {
    let mut unknown = false;
    let mut lines = pieces(wanted, b'\n');
    let answers = PerFeature::of(|feature| {
        let own = lines.next().unwrap_or_default();
        let answer = match own {
            "" => together(reading, default_of(adapter, reading), b'+'),
            own => together(reading, own, b'\t'),
        };
        answer.unwrap_or_else(|| {
            unknown |= feature == Feature::Tracking || !own.is_empty();
            Answer::Unset
        })
    });
    let trouble = reading.trouble.or(unknown.then_some(Trouble::UnknownCategory));
    Signal { source, rank: adapter.rank, live: reading.live, answers, trouble }
}

/// The categories that were looked for on behalf of tracking, and what is between them.
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub fn asked<'a>(adapter: &'a Adapter, reading: &Reading, wanted: &'a str) -> Pieces<'a> {
    match pieces(wanted, b'\n').next().unwrap_or_default() {
        "" => pieces(default_of(adapter, reading), b'+'),
        own => pieces(own, b'\t'),
    }
}

/// The first alternative whose names the reading knows, else the first.
fn default_of(adapter: &Adapter, reading: &Reading) -> &'static str {
    let mut first = None;
    for names in pieces(adapter.category, b'|') {
        first = first.or(Some(names));
        if pieces(names, b'+').all(|name| reading.knows(name)) {
            return names;
        }
    }
    first.unwrap_or_default()
}

/// The strictest of what the names are answered; `None` if there is no such category.
fn together(reading: &Reading, names: &str, separator: u8) -> Option<Answer> {
    let mut strictest = Answer::Granted;
    for name in pieces(names, separator) {
        strictest = strictest.min(reading.answer(name)?);
    }
    Some(strictest)
}
