//! The site's rules. What each option means to a site is in docs/options.md; the names are the
//! values of the options of `connect`.

/// When the SDK is started (`start`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Start {
    /// `init()` is not called before a yes.
    Deferred,
    /// `init()` is called at once, locked.
    OptedOut,
}

/// What happens to calls while nobody has answered (`pending`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pending {
    /// They wait in memory.
    Hold,
    /// They are dropped.
    Drop,
    /// Events go out without storage; the rest waits.
    Cookieless,
}

/// What happens after a no (`denied`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Denied {
    /// Nothing goes out.
    Off,
    /// Events go out without storage.
    Cookieless,
}

/// What a default that nobody chose opens (`implied`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Implied {
    /// As much as a yes.
    Accept,
    /// Nothing: only the visitor's own yes does.
    Ask,
}

/// What a privacy signal of the browser closes (`gpc`, `dnt`). It never opens anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Privacy {
    /// What only a default opened.
    Respect,
    /// Everything, a yes too.
    Strict,
    /// Nothing.
    Ignore,
}

/// The site's rules, as given to `connect`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    /// The option `start`.
    pub start: Start,
    /// The option `pending`.
    pub pending: Pending,
    /// The option `denied`.
    pub denied: Denied,
    /// The option `implied`.
    pub implied: Implied,
    /// The option `gpc`.
    pub gpc: Privacy,
    /// The option `dnt`.
    pub dnt: Privacy,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            start: Start::Deferred,
            pending: Pending::Hold,
            denied: Denied::Off,
            implied: Implied::Accept,
            gpc: Privacy::Respect,
            dnt: Privacy::Respect,
        }
    }
}
