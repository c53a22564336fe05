//! The decision core, natively: tables for its laws, walks over all its states, and random
//! histories. What a page really does is in `tests/browser`; what the boundary does, in
//! `tests/wasm`.

// A test that cannot go on says so by panicking, in its helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "core/decide.rs"]
mod decide;
#[path = "core/histories.rs"]
mod histories;
#[path = "core/history.rs"]
mod history;
#[path = "core/joining.rs"]
mod joining;
#[path = "core/ledger.rs"]
mod ledger;
#[path = "core/merge.rs"]
mod merge;
#[path = "core/names.rs"]
mod names;
#[path = "core/record.rs"]
mod record;
#[path = "core/session.rs"]
mod session;
#[path = "core/standing.rs"]
mod standing;
#[path = "core/table.rs"]
mod table;
#[path = "core/walk.rs"]
mod walk;
#[path = "core/world.rs"]
mod world;
