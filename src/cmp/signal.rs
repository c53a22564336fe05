//! From one consent manager's own categories to a signal per feature.

use super::{Adapter, Note, Reading};
use crate::core::{Answer, Feature, PerFeature, Signal, Trouble, together};

/// The categories that the site named for each feature, in the order of [`Feature::ALL`];
/// an empty list leaves it to the adapter.
pub type Wanted = [Vec<String>; 4];

/// What a reading means for each feature.
pub fn signal(adapter: &Adapter, source: u8, reading: &Reading, wanted: &Wanted) -> Signal {
    let mut unknown = false;
    let answers = PerFeature::of(|feature| {
        let index = feature as usize;
        let own = wanted.get(index).filter(|names| !names.is_empty());
        let answers = match own {
            Some(names) => fold(reading, names.iter().map(String::as_str)),
            None => {
                let mut alternatives = adapter.category.split('|');
                let first = alternatives.clone().next().unwrap_or_default();
                let known =
                    alternatives.find(|names| names.split('+').all(|name| reading.knows(name)));
                fold(reading, known.unwrap_or(first).split('+'))
            }
        };
        answers.unwrap_or_else(|| {
            unknown |= feature == Feature::Tracking || own.is_some();
            Answer::Unset
        })
    });
    let trouble = match reading.note {
        Some(Note::NotReady) => Some(Trouble::NotReady),
        Some(Note::Unreadable) => Some(Trouble::Unreadable),
        Some(Note::Expired) => Some(Trouble::Expired),
        None if unknown => Some(Trouble::UnknownCategory),
        None => None,
    };
    Signal { source, rank: adapter.rank, live: reading.live, answers, trouble }
}

/// `None` if there is no such category. A site with no category to name (one answer for
/// everything) gets that answer.
fn fold<'a>(reading: &Reading, names: impl Iterator<Item = &'a str>) -> Option<Answer> {
    let mut any = false;
    let mut missing = false;
    let answer = together(names.filter_map(|name| {
        any = true;
        let answer = reading.answer(name);
        missing |= answer.is_none();
        answer
    }));
    match (any, missing) {
        (false, _) => reading.rest,
        (true, true) => None,
        (true, false) => Some(answer),
    }
}
