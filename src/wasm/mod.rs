//! Our three modules for JavaScript (wasm32 only): `page`, for a page that has the npm package or the
//! tag; `texts`, for such a page where a text is that few have; and `server`, for Node and edge runtimes. Each is a cargo feature that `tools/build.mjs`
//! turns on; a crate that depends on this one has neither, and so none of their exports and imports.
//!
//! Nothing is decided here, and no consent manager's name is known. What crosses is text ([`notation`])
//! and numbers, named in [`protocol`](crate::core::protocol), because that is what a page pays least
//! for: `src/page` touches the page, looks, listens, and carries out the core's commands.

#[cfg(any(
    all(feature = "page", feature = "server"),
    all(feature = "page", feature = "texts"),
    all(feature = "server", feature = "texts")
))]
compile_error!(
    "The features `page`, `texts` and `server` are modules: build one of them at a time."
);

#[cfg(any(feature = "page", feature = "texts"))]
mod arena;
#[cfg(feature = "page")]
mod host;
#[cfg(feature = "server")]
mod ledger;
#[cfg(any(feature = "page", feature = "server"))]
mod notation;
#[cfg(feature = "page")]
mod page;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "texts")]
mod texts;

#[cfg(any(feature = "page", feature = "texts"))]
#[global_allocator]
static ALLOCATOR: arena::Arena = arena::Arena;
