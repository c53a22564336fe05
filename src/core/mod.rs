//! The decision, on plain values: signals, policy and time in; decision, reasons and
//! commands out. No JavaScript, no clock, no storage, no panic, and no consent manager's name.

mod answer;
mod feature;

pub use answer::Answer;
pub use feature::{Feature, PerFeature};
