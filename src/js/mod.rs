//! The one room that knows JavaScript (wasm32 only).
//!
//! It acts and reports back; it decides nothing and knows no consent manager's name. The
//! files in JavaScript beside these touch the page: `probe.js` looks, `listen.js` attaches,
//! `sweep.js` removes. What crosses between the two is text ([`notation`]) and numbers,
//! because that is what a page pays least for. [`bridge`] is what the gate (src/entry)
//! calls, [`mixpanel`] carries out the core's commands, [`record`] keeps the consent record.

mod bridge;
mod host;
mod mixpanel;
mod notation;
mod record;
