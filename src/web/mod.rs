//! The bridge for front ends in Rust (Leptos, Yew, Dioxus): typed, and without npm.
//!
//! The page's files are those of the npm package, in one module that this crate carries; wasm-bindgen
//! puts it beside your program's own glue. It decides nothing here that it does not decide there.
//!
//! ```no_run
//! # #[cfg(all(target_arch = "wasm32", feature = "web"))]
//! # fn page() -> Result<(), mixpanel_consent_bridge::web::Error> {
//! use mixpanel_consent_bridge::web::{Options, Sdk, connect};
//!
//! // Mixpanel's module, from a place of your own: it is fetched after a yes and not before.
//! let options = Options::new("YOUR_PROJECT_TOKEN").sdk(Sdk::module("/mixpanel.module.js"));
//! let bridge = connect(&options)?;
//! bridge.track("Page Loaded", &())?;
//! let listening = bridge.subscribe(|state| log(&state.reason));
//! // Dropping it stops listening; a page that listens for as long as it lives keeps it.
//! listening.forget();
//! # Ok(())
//! # }
//! # fn log(_: &str) {}
//! ```
//!
//! What was answered on an earlier page is [`last_answer`]'s, before anything has been loaded.

mod bridge;
mod error;
mod events;
mod host;
mod kept;
mod options;

pub use crate::core::{
    Answer, Code, ConsentEvent, Denied, Feature, Flow, Implied, Mode, Pending, PerFeature, Privacy,
    Record, Start, State,
};
pub use bridge::{Bridge, Receipt, Subscription, connect};
pub use error::Error;
pub use events::{Event, Events, What, events};
pub use kept::{last_answer, last_answer_of};
pub use options::{Category, Options, RecordPlace, Sdk};
