//! One suite over every adapter of the registry and every fixture in `tests/fixtures`. An oddity
//! of one consent manager is a case added here, for all, not a suite of its own.

// A test that cannot go on says so by panicking, in its helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "cmp/compiler.rs"]
mod compiler;
#[path = "cmp/fixtures.rs"]
mod fixtures;
#[path = "cmp/fuzz.rs"]
mod fuzz;
#[path = "cmp/matrix.rs"]
mod matrix;
#[path = "cmp/odd.rs"]
mod odd;
#[path = "cmp/rules.rs"]
mod rules;
#[path = "cmp/seen.rs"]
mod seen;
#[path = "cmp/situations.rs"]
mod situations;
#[path = "cmp/strings.rs"]
mod strings;
