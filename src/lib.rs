//! Makes Mixpanel follow the consent manager that a site already has.
//!
//! - [`core`] decides: signals, policy and time in; decision, reasons and commands out.
//!   Pure and total; it knows neither JavaScript nor the name of any consent manager.
//! - [`cmp`] reads: one file a consent manager, each a list of places to look and one pure
//!   function from what was found there to an answer.
//! - [`request`] reads what a request carries, for servers: cookies, headers, the bridge's own record.
//! - `js` acts (wasm32 only): the one room that knows JavaScript.

#![cfg_attr(not(test), deny(clippy::unwrap_used))]

pub mod cmp;
pub mod core;
#[cfg(target_arch = "wasm32")]
mod js;
#[cfg(any(feature = "server", not(target_arch = "wasm32")))]
pub mod request;
