//! What a request says of its visitor's answer: for servers, natively and as their wasm module.
//!
//! It takes the header `Cookie` apart, looks there in the places that the adapters' pages name
//! ([`crate::cmp`]), reads the bridge's own record, and has [`crate::core`] judge. A page's
//! globals and its `localStorage` are not in a request, so what only they tell is not read. No
//! JavaScript, no clock, no network; whatever a header holds, there is an answer, in a time
//! that its length bounds.

mod cookies;
mod places;
mod reader;
pub mod sign;

pub use cookies::{LONGEST, pairs, text};
pub use reader::{Explained, Options, Reader, Request, Source, UnknownCmp, Verdict, record_name};
