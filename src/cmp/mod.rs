//! What the bridge knows of consent managers: one file each.
//!
//! An adapter is data: where to look, what tells of a change, and the rules from what was found
//! ([`Snapshot`]) to what the visitor answered ([`Reading`]). It attaches nothing, merges nothing, knows no policy and
//! no Mixpanel: one interpreter in `js` runs the probes of all, and [`crate::core`] folds
//! the readings. So every adapter is tested natively, from captured snapshots.

#[cfg(any(feature = "request", feature = "texts"))]
mod bits;
#[cfg(any(feature = "request", feature = "texts"))]
pub(crate) mod encoded;
#[cfg(feature = "request")]
mod form;
#[cfg(any(feature = "request", feature = "texts"))]
mod gpp;
#[cfg(any(feature = "request", feature = "texts"))]
mod lz;
mod reading;
mod registry;
mod rules;
mod signal;
mod snapshot;
mod value;

pub use crate::core::Rank;
#[cfg(feature = "request")]
pub(crate) use bits::{tc_string, tc_updated_ms};
#[cfg(feature = "request")]
pub use form::decode;
pub use reading::Reading;
pub use registry::{ALL, find, named, parse};
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub(crate) use signal::asked;
pub use signal::signal;
pub use snapshot::Snapshot;
pub use value::Value;

/// Our reader of one consent manager.
///
/// # The page
///
/// `page` is JSON, as src/wasm hands it to `probe.js` and `listen.js`: a list of places to look, a
/// comma, and a list of what tells that it is worth looking again. It is text from the start
/// because text is what crosses the boundary, and because tables of pointers weigh more in a page
/// than what they point to.
///
/// A place is a verb, where, and more:
///
/// | | |
/// |---|---|
/// | `["g", path]` | The value at a dotted path from `window`. A segment that ends in `()` is called, on its owner; one that ends in `(word)` or `(word,word)` is called with these strings, which contain no dot and no bracket, and of which `@host` is `location.hostname`. A first segment `@parsed`: only once the document is parsed. A function at the end is [`Value::Function`]; a step that is not there is no value at all; one that throws is [`Value::Thrown`]. Copied within bounds. |
/// | `["q", path, word]` | Of an array of commands, which are array-likes, those whose first element is this word: for each second element a map from the names in the third to the texts that were said of each, the newest first, between commas; what is said twice in a row stands once. |
/// | `["c", name, form]` | A cookie. |
/// | `["p", beginning, form]` | The cookie whose name begins so: of several the shortest, the first of these. |
/// | `["l", key, form]` | A key of `localStorage`. |
/// | `["a", beginning, form]` | Every key of `localStorage` that begins so, as a map from the rest of the key. |
/// | `["h", name]` | What a callback of this name was last called with. |
///
/// How a stored text is decoded, its form: `r` raw, `t` percent-decoded, `j` JSON (percent-decoded
/// first where that is needed, and base64 where it is no JSON even then), `b` base64 of JSON, `u` a TC
/// string, `v` a GPP string, `z` JSON that LZ-string has packed, in base64 (src/cmp/encoded.rs says what these
/// three become). What cannot be decoded is [`Value::Thrown`].
///
/// What tells of a change. Payloads are inconsistent and reads are not, so an event means "look
/// again" and no more; only where there is no synchronous read are fields of a payload kept.
///
/// | | |
/// |---|---|
/// | `["w", name, null, kept, fields]` | A DOM event on `window`; of the event these fields are kept, if `kept` names where. |
/// | `["d", name, null, kept, fields]` | The same on `document`. |
/// | `["t", path]` | After each call of the function at this path. |
/// | `["c", path, args, name, fields, off, args]` | The function at `path` is called once it is there. In `args`, `{}` is our callback, `{"m": name}` an object with our callback as that method, `{"h": field}` (in the last) that field of what the callback was last called with. `name` and `fields`: what to keep of the callback's first argument, a map from dotted path to value. `off`: `true` if the call returned a function that takes the callback back, or the path of one that does, with its arguments; without it the callback cannot be taken back and does nothing any more. |
///
/// Cookies and keys are watched for changes besides. In a frame `__tcfapi`, `__gpp` and `__uspapi` are those of
/// a page above where the frame's own page has none (src/page/look/frames.js); an adapter does not know.
#[derive(Clone, Copy, Debug)]
pub struct Adapter {
    /// The id of the option `cmp`.
    pub id: &'static str,
    /// Who is believed when several speak.
    pub rank: Rank,
    /// Whether its changes are seen only by looking again.
    pub looks: Looks,
    /// Categories that stand for analytics by default: alternatives between `|` in the order they
    /// are tried, each of names between `+` that must all allow. The first alternative whose names
    /// the reading knows is taken, else the first.
    pub category: &'static str,
    /// Where to look and what to listen to.
    pub page: &'static str,
    /// What was found there, as answers: `src/cmp/rules.rs` says how they are written.
    pub rules: &'static str,
}

/// Where a change of the answer is told by nobody, so that only looking again shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Looks {
    /// Nowhere: what the adapter listens to tells of each.
    Never,
    /// In browsers that do not tell of cookies: the answer is one.
    Cookies,
    /// Everywhere.
    Always,
}

impl Adapter {
    /// What was found, as answers. `None`: this consent manager is not on the page (the same
    /// global and cookie names belong to several products, so the shape is tested).
    pub fn read(&self, found: &Snapshot) -> Option<Reading> {
        read(self.rules, found)
    }

    /// The rules that can hold where only these places are looked at, for [`read`].
    #[cfg(feature = "request")]
    pub(crate) fn rules_within(&self, looked_at: impl Fn(usize) -> bool) -> String {
        rules::within(self.rules, looked_at)
    }

    /// The line of the rules that was taken, for tests.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn rule(&self, found: &Snapshot) -> Option<usize> {
        Some(rules::follow(self.rules, found)?.0)
    }
}

/// What was found, as answers by these rules ([`Adapter::read`]).
pub(crate) fn read(rules: &str, found: &Snapshot) -> Option<Reading> {
    rules::follow(rules, found)?.1
}
