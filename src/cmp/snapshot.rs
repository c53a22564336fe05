//! What the places of one adapter held at one instant.

use super::Value;

/// What was found, by the number of the place that was looked at (0 the first). A place where
/// nothing was found has no entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot(Vec<(usize, Value)>);

impl Snapshot {
    /// Keeps what was found at a place.
    pub fn put(&mut self, place: usize, value: Value) {
        self.0.push((place, value));
    }

    /// What was found at a place.
    pub fn get(&self, place: usize) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == place).map(|(_, value)| value)
    }
}
