//! The one room that knows JavaScript (wasm32 only).
//!
//! It acts and reports back; it decides nothing and knows no consent manager's name. The
//! files in JavaScript touch the page: `probe.js` looks, `listen.js` attaches, `mixpanel.js`
//! carries out the core's commands, `sweep.js` removes, `frames.js` asks pages above a frame. What crosses between the two is text ([`notation`]) and numbers,
//! because that is what a page pays least for. [`bridge`] is what the gate (src/page/gate) calls.
//!
//! With the feature `server` it is `server` alone: what src/server calls.

#[cfg(not(feature = "server"))]
mod bridge;
#[cfg(not(feature = "server"))]
mod host;
mod notation;
#[cfg(feature = "server")]
mod server;

#[cfg(not(feature = "server"))]
use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};

/// 2 KB less of a page's load than the standard allocator. What the bridge allocates is small
/// and short-lived; freed neighbours are joined, so that looking for hours takes no more memory
/// than looking once (tests/wasm/memory.test.mjs).
// SAFETY: a page's module has one thread; it is built without atomics.
#[cfg(not(feature = "server"))]
#[global_allocator]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };
