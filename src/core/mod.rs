//! The decision, on plain values: signals, policy and time in; decision, reasons and
//! commands out. No JavaScript, no clock, no storage, no panic, and no consent manager's name.
//!
//! One way through: [`Signal`]s of all sources → [`merge`] → [`decide`] by the site's
//! [`Policy`] → [`Machine`], which says by [`Command`]s how to bring the SDK and the gate
//! there. [`Session`] holds what a page remembers on the way: the other tabs' word, the
//! consent record, and what has been said before.

mod answer;
#[cfg(feature = "serde")]
mod by_name;
mod code;
mod command;
mod decide;
mod feature;
#[cfg(feature = "request")]
mod history;
#[cfg(feature = "request")]
mod joining;
mod machine;
mod merge;
mod policy;
pub mod protocol;
mod record;
mod session;
#[cfg(feature = "request")]
mod standing;
mod state;
mod text;

pub use answer::Answer;
pub use code::Code;
pub use command::{Command, Input, LastAnswer, Opening, Sdk, Sweep};
pub use decide::{BrowserSignals, Decision, Flow, Mode, answers, decide};
pub use feature::{Feature, PerFeature};
#[cfg(feature = "request")]
pub use history::{Entry, Ruling, Terms, allowed_at, allowed_through};
#[cfg(feature = "request")]
pub use joining::{APART_MS, Heard, Named, in_order, meant};
pub use machine::Machine;
pub use merge::{Merged, Rank, Signal, Trouble, merge, together};
pub use policy::{Denied, Implied, Pending, Policy, Privacy, Start};
pub use record::{ConsentEvent, Kept, Record};
#[cfg(all(feature = "page", target_arch = "wasm32"))]
pub(crate) use record::{write_answers, write_letters};
pub use session::{Effects, Event, Session};
#[cfg(feature = "request")]
pub use standing::{By, How, IN_FLIGHT_MS, Said, Shut, Standing, Taken, When, judge};
pub use state::State;
#[cfg(any(feature = "page", feature = "texts", feature = "request"))]
pub(crate) use text::push_number;
pub(crate) use text::{Pieces, cut, pieces};
