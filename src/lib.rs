//! Makes Mixpanel follow the consent manager that a site already has.
//!
//! - [`core`] decides: signals, policy and time in; decision, reasons and commands out.
//!   Pure and total; it knows neither JavaScript nor the name of any consent manager.
//! - [`cmp`] reads: one file a consent manager, each a list of places to look and one pure
//!   function from what was found there to an answer.
//! - [`request`] reads what a request carries, for servers: cookies, headers, the bridge's own record.
//! - `js` acts (wasm32 only): the one room that knows JavaScript.
//!
//! # On a server in Rust
//!
//! What the visitor of a request has answered, and what that allows, is one call: a
//! [`Reader`](request::Reader), made once of the site's options, and the header `Cookie`.
//!
//! ```
//! use mixpanel_consent_bridge::core::{Feature, Mode};
//! use mixpanel_consent_bridge::request::{Options, Reader, Request};
//!
//! let reader = Reader::new(&Options { cmp: &["klaro"], ..Options::default() }).unwrap();
//! let request = Request {
//!     cookies: "session=1; klaro=%7B%22mixpanel%22%3Atrue%7D",
//!     gpc: false, // the header `Sec-GPC` is `1`
//!     dnt: false,
//! };
//! let decision = reader.read(&request).ruling.decision;
//! assert_eq!(decision.mode, Mode::On);
//! assert_eq!(decision.mode_of(Feature::Profile), Mode::On);
//! assert_eq!(decision.code.name(), "granted");
//!
//! // Nothing that can be read is unset, and unset is never sent.
//! let nobody = reader.read(&Request { cookies: "klaro=%7B%22mixp", ..request });
//! assert_eq!(nobody.ruling.decision.mode, Mode::Off);
//! ```
//!
//! What was answered earlier, for a job without a request, is [`core::allowed_at`]'s. A whole
//! program is in `examples/server.rs`.

#![cfg_attr(not(test), deny(clippy::unwrap_used))]

pub mod cmp;
pub mod core;
#[cfg(feature = "request")]
pub mod request;
#[cfg(all(target_arch = "wasm32", any(feature = "page", feature = "texts", feature = "server")))]
mod wasm;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod web;
