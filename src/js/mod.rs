//! The one room that knows JavaScript (wasm32 only).
//!
//! It acts and reports back; it decides nothing and knows no consent manager's name.
//! [`probe`] and [`listen`] interpret what adapters list, [`mixpanel`] carries out the core's
//! commands, [`storage`] reads and sweeps the device, [`tabs`] talks to the other tabs, and
//! [`bridge`] is what the gate (src/entry) calls.

mod bridge;
mod listen;
mod mixpanel;
mod page;
mod probe;
mod storage;
mod tabs;
