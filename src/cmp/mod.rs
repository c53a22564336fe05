//! What the bridge knows of consent managers: one file each.
//!
//! An adapter is data first. It lists where to look ([`Probe`]) and what tells of a change
//! ([`Listen`]), and has one pure function from what was found ([`Snapshot`]) to what the
//! visitor answered ([`Reading`]). It attaches nothing, merges nothing, knows no policy and
//! no Mixpanel: one interpreter in `js` runs the probes of all, and [`crate::core`] folds
//! the readings. So every adapter is tested natively, from captured snapshots.

mod bits;
mod form;
mod reading;
mod registry;
mod rules;
mod signal;
mod snapshot;
mod value;

mod axeptio;
mod borlabs;
mod c15t;
mod civic;
mod commanders_act;
mod complianz;
mod consentmanager;
mod cookiebot;
mod cookieconsent;
mod cookiefirst;
mod cookiehub;
mod cookiescript;
mod cookieyes;
mod didomi;
mod enzuzo;
mod google_consent_mode;
mod google_funding_choices;
mod hubspot;
mod iab_gpp;
mod iab_tcf;
mod iab_usp;
mod inmobi;
mod iubenda;
mod ketch;
mod klaro;
mod onetrust;
mod orejime;
mod osano;
mod pandectes;
mod react_cookie_consent;
mod real_cookie_banner;
mod secure_privacy;
mod securiti;
mod shopify;
mod silktide;
mod sourcepoint;
mod tarteaucitron;
mod termly;
mod transcend;
mod trustarc;
mod usercentrics;
mod usercentrics_v2;
mod vanilla_cookieconsent;
mod vanilla_cookieconsent_v2;
mod webtoffee;
mod wp_consent_api;

pub use crate::core::Rank;
pub use form::Form;
#[cfg(not(target_arch = "wasm32"))]
pub use form::decode;
pub use reading::{Note, Reading};
pub use registry::{ALL, find};
pub use signal::{Wanted, signal};
pub use snapshot::Snapshot;
pub use value::Value;

/// Our reader of one consent manager.
#[derive(Debug)]
pub struct Adapter {
    /// The id of the option `cmp`.
    pub id: &'static str,
    /// Who is believed when several speak.
    pub rank: Rank,
    /// Categories that stand for analytics by default: alternatives in the order they are
    /// tried, each a list of names that must all allow. The first alternative whose names
    /// the reading knows is taken, else the first.
    pub category: &'static [&'static [&'static str]],
    /// Where to look.
    pub probes: &'static [Probe],
    /// What tells that it is worth looking again. Anything with a stored probe is watched
    /// for changes of that cookie or key besides.
    pub listen: &'static [Listen],
    /// What was found there, as answers.
    pub reader: Reader,
}

/// How an adapter reads what was found.
#[derive(Clone, Copy, Debug)]
pub enum Reader {
    /// By rules: data (`src/cmp/rules.rs` says how they are written).
    Rules(&'static str),
    /// By a function, where the order of what was found has a meaning that rules do not know.
    Code(fn(&Snapshot) -> Option<Reading>),
}

impl Adapter {
    /// What was found, as answers. `None`: this consent manager is not on the page (the same
    /// global and cookie names belong to several products, so the shape is tested).
    pub fn read(&self, found: &Snapshot) -> Option<Reading> {
        match self.reader {
            Reader::Rules(rules) => rules::follow(rules, self.probes, found)?.1,
            Reader::Code(read) => read(found),
        }
    }

    /// The line of the rules that was taken, for tests and `explain()`.
    pub fn rule(&self, found: &Snapshot) -> Option<usize> {
        match self.reader {
            Reader::Rules(rules) => Some(rules::follow(rules, self.probes, found)?.0),
            Reader::Code(_) => None,
        }
    }
}

/// A place to look. What is found there is kept in the [`Snapshot`] under the same words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Probe {
    /// The value at a dotted path from `window`. A segment that ends in `()` is called, on
    /// its owner, without arguments: `"OneTrust.GetDomainData().ConsentModel.Name"`; one that
    /// ends in `(word)` or `(word,word)` is called with these strings, which never contain a
    /// dot or a bracket, and of which `@host` is `location.hostname`. A first segment `@parsed`
    /// means: only once the document is parsed (`document.readyState` is not `"loading"`),
    /// and the path goes on from `window`.
    ///
    /// A function at the end of the path is [`Value::Function`]; a step that is not there is
    /// no value at all; one that throws is [`Value::Thrown`].
    /// Values are copied within bounds (four levels, 256 entries a level, 8,192 characters).
    Global(&'static str),
    /// The entries of an array of array-likes whose first element is this word:
    /// `Entries("dataLayer", "consent")`.
    Entries(&'static str, &'static str),
    /// A cookie by its exact name.
    Cookie(&'static str, Form),
    /// The first cookie whose name begins so.
    CookiePrefix(&'static str, Form),
    /// A key of `localStorage`.
    Local(&'static str, Form),
    /// Every key of `localStorage` that begins so, as a map from the rest of the key.
    LocalAll(&'static str, Form),
    /// What a [`Listen::Call`] with this name was last called back with.
    Heard(&'static str),
}

impl Probe {
    /// How it is written in a fixture and in `explain()`: `cookie:cc_cookie`.
    pub fn label(&self) -> String {
        let (verb, place) = match *self {
            Probe::Global(path) => ("global:", path),
            Probe::Entries(path, _) => ("entries:", path),
            Probe::Cookie(name, _) | Probe::CookiePrefix(name, _) => ("cookie:", name),
            Probe::Local(key, _) | Probe::LocalAll(key, _) => ("local:", key),
            Probe::Heard(name) => ("heard:", name),
        };
        [verb, place].concat()
    }
}

/// Something that tells that it is worth looking again. Payloads are inconsistent and reads
/// are not, so an event means "read again" and no more; only where there is no synchronous
/// read does [`Listen::Call`] keep what it was called with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Listen {
    /// A DOM event on `window`.
    Window(&'static str),
    /// A DOM event on `document`.
    Document(&'static str),
    /// Call the function at `path` once it is there, handing it our callback.
    Call {
        /// As in [`Probe::Global`]: `"orejime.manager.on"`.
        path: &'static str,
        /// Its arguments.
        args: &'static [Arg],
        /// The fields of the callback's first argument to keep for [`Probe::Heard`], as
        /// dotted paths, and the name to keep them under: a map from path to value.
        heard: Option<(&'static str, &'static [&'static str])>,
        /// How to take the callback back.
        off: Off,
    },
    /// Look again after each call of the function at this path (it is wrapped, and put back
    /// when the bridge disconnects): `"dataLayer.push"`.
    Tap(&'static str),
}

/// An argument of [`Listen::Call`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arg {
    /// A string.
    Text(&'static str),
    /// A number.
    Number(f64),
    /// `false`, `null`.
    False,
    /// `null`.
    Null,
    /// Our callback.
    Callback,
    /// An object with our callback as the method of this name: `{update: callback}`.
    Method(&'static str),
    /// An array of arguments.
    List(&'static [Arg]),
    /// In [`Off::Call`]: the field of this name in what the callback was called with.
    Heard(&'static str),
}

/// How a callback given to [`Listen::Call`] is taken back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Off {
    /// It cannot be (queues): the callback does nothing any more.
    Never,
    /// The call returned a function that does it.
    Returned,
    /// By another call.
    Call(&'static str, &'static [Arg]),
}
