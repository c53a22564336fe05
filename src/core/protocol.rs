//! What crosses the boundary between the core and JavaScript, said once.
//!
//! A number or a letter that crosses has its name here. `src/page/contract.ts` says the same in
//! TypeScript and is written from the tables of this file by `tests/contract.rs`, which fails where
//! the two differ. Nothing here decides anything.
//!
//! Two functions cross (`src/wasm`): `tell` goes in, with a [`Tell`], and `call` comes out, with a
//! [`Call`]. The arguments of both are one text, in parts with [`SEPARATOR`] between them.

use super::{
    Answer, BrowserSignals, Command, ConsentEvent, Denied, Feature, Flow, Implied, Input, Mode,
    Opening, Pending, Privacy, Sdk, Start, Sweep,
};

/// Between the parts of a text that crosses.
pub const SEPARATOR: u8 = 0;
/// Between adapters in a text of several.
pub const ADAPTER_SEPARATOR: u8 = 1;
/// Between the fields of an adapter.
pub const FIELD_SEPARATOR: u8 = 2;

/// How deep a value of the page's is copied. A consent manager's own state fits these three bounds
/// many times over, and a page cannot make us copy a document.
pub const DEPTH: usize = 5;
/// How many entries of a list or an object are copied.
pub const WIDTH: usize = 256;
/// How many UTF-16 units of a text are copied; a longer one is copied as an empty text.
pub const LENGTH: usize = 8192;
/// How many UTF-16 units a stored record may have that is decoded and then copied within the bounds.
pub const RECORDED: usize = 65536;
/// How many of the newest entries of a queue, such as a data layer, are looked at.
pub const ENTRIES: usize = WIDTH * 4;

/// What a record's key begins with. The token follows, and the instance's name if it has one; before
/// each stands [`RECORD_KEY_SEPARATOR`], or in a cookie's name [`RECORD_COOKIE_SEPARATOR`].
pub const RECORD_KEY: &str = "mixpanel-consent-bridge";
/// Between the parts of a record's key in storage.
pub const RECORD_KEY_SEPARATOR: char = ':';
/// Between the parts of the name of a record's cookie.
pub const RECORD_COOKIE_SEPARATOR: char = '.';
/// The version of a record's line, which is its first field.
pub const RECORD_VERSION: &str = "1";
/// Between the fields of a record's line.
pub const RECORD_SEPARATOR: u8 = b'.';
/// How many lines are kept: enough for a visitor who changes their mind a few times, and small
/// enough for a cookie (ten lines are under 500 bytes).
pub const RECORD_LINES: usize = 10;
/// How long a source's id may be; the longest built-in one has 24 characters.
pub const RECORD_SOURCE_MAX: usize = 40;
/// How long a server's signature is: base64 of 32 bytes, without padding.
pub const RECORD_SIGNATURE: usize = 43;

/// The bit of [`BrowserSignals`] for Global Privacy Control.
pub const BROWSER_GPC: u8 = 1;
/// The bit of [`BrowserSignals`] for Do Not Track.
pub const BROWSER_DNT: u8 = 2;
/// The bit of [`BrowserSignals`] for a `cmpTimeout` that is over.
pub const BROWSER_TIMED_OUT: u8 = 4;
/// The bit of [`BrowserSignals`] for a prerendered page that nobody sees.
pub const BROWSER_UNSEEN: u8 = 8;
/// The bit that says that the browser tells of cookies that change.
pub const BROWSER_TELLS_COOKIES: u8 = 16;

/// What [`Call::Run`] answers where nothing happened at once; else the number of a [`Happening`].
pub const NOTHING: u8 = 255;

/// In what [`Tell::Explain`] answers: the source was read from the running consent manager.
pub const EXPLAIN_RUNNING: &str = "running";
/// In what [`Tell::Explain`] answers: the source was read from what was stored.
pub const EXPLAIN_STORED: &str = "stored";

/// The notation of what was found: an adapter's number and how many of its places follow.
pub const MARK_ADAPTER: u8 = b'@';
/// The end of a number.
pub const MARK_END: u8 = b';';
/// Yes.
pub const MARK_TRUE: u8 = b't';
/// No.
pub const MARK_FALSE: u8 = b'f';
/// A whole number, which [`MARK_END`] ends.
pub const MARK_NUMBER: u8 = b'#';
/// A text, which a zero ends; also the key of a map's entry.
pub const MARK_TEXT: u8 = b'"';
/// A function.
pub const MARK_FUNCTION: u8 = b'F';
/// What threw, or cannot be decoded.
pub const MARK_THROWN: u8 = b'x';
/// A list: its length, then its items.
pub const MARK_LIST: u8 = b'[';
/// A map: its length, then a key and a value each.
pub const MARK_MAP: u8 = b'{';
/// Null, and what does not cross.
pub const MARK_NULL: u8 = b'n';

/// One word of a set, for the generated contract.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// Its name in this language.
    pub item: &'static str,
    /// What stands for it on the wire.
    pub sign: Sign,
    /// Its name for people: in the API, in `explain()`, in what `debug: true` shows.
    pub name: &'static str,
    /// What it means, if this file says it.
    pub about: &'static str,
}

/// What stands for a word on the wire.
#[derive(Clone, Copy, Debug)]
pub enum Sign {
    /// A number.
    Number(u8),
    /// A letter.
    Letter(u8),
    /// Its name.
    Name,
}

/// A closed set of words, for the generated contract.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The set's name.
    pub set: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Its words, in order.
    pub words: &'static [Word],
}

/// A set that exists for the boundary alone: an enum whose values are what crosses.
macro_rules! boundary {
    (
        $(#[doc = $about:literal])+
        $set:ident as $set_name:literal: $sign:ident {
            $($(#[doc = $doc:literal])+ $item:ident = $value:literal, $name:literal;)+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum $set {
            $($(#[doc = $doc])+ $item = $value,)+
        }

        impl $set {
            /// Every one.
            pub const ALL: &'static [$set] = &[$($set::$item,)+];

            /// The set as the generated contract has it.
            pub const WORDS: Words = Words {
                set: $set_name,
                about: concat!($($about,)+),
                words: &[$(Word {
                    item: stringify!($item),
                    sign: Sign::$sign($value),
                    name: $name,
                    about: concat!($($doc,)+),
                },)+],
            };

            /// What stands for it on the wire.
            pub const fn sign(self) -> u8 {
                self as u8
            }

            /// What this stands for, if it stands for anything.
            pub const fn of_sign(sign: u8) -> Option<$set> {
                match sign {
                    $($value => Some($set::$item),)+
                    _ => None,
                }
            }

            /// Its name for people.
            pub const fn name(self) -> &'static str {
                match self {
                    $($set::$item => $name,)+
                }
            }
        }
    };
}

/// The letters of a set of the core's own.
macro_rules! letters {
    ($(#[doc = $about:literal])+ $set:ident { $($item:ident = $letter:literal,)+ }) => {
        impl $set {
            $(#[doc = $about])+
            #[doc = ""]
            #[doc = "The set as the generated contract has it."]
            pub const WORDS: Words = Words {
                set: stringify!($set),
                about: concat!($($about,)+),
                words: &[$(Word {
                    item: stringify!($item),
                    sign: Sign::Letter($letter),
                    name: $set::$item.name(),
                    about: "",
                },)+],
            };

            /// The letter that stands for it.
            pub const fn letter(self) -> u8 {
                match self {
                    $($set::$item => $letter,)+
                }
            }

            /// What this letter stands for, if it stands for anything.
            pub const fn of_letter(letter: u8) -> Option<$set> {
                match letter {
                    $($letter => Some($set::$item),)+
                    _ => None,
                }
            }
        }
    };
}

/// The choices of an option of the policy. A digit on the wire is a choice's place; the first is the
/// default, and is what any other digit means.
macro_rules! choices {
    ($(#[doc = $about:literal])+ $set:ident { $first:ident = $first_name:literal, $($item:ident = $name:literal,)+ }) => {
        impl $set {
            $(#[doc = $about])+
            pub const ALL: &'static [$set] = &[$set::$first, $($set::$item,)+];

            /// The set as the generated contract has it.
            pub const WORDS: Words = Words {
                set: stringify!($set),
                about: concat!($($about,)+),
                words: &[
                    Word { item: stringify!($first), sign: Sign::Name, name: $first_name, about: "" },
                    $(Word { item: stringify!($item), sign: Sign::Name, name: $name, about: "" },)+
                ],
            };

            /// Its name in the options.
            pub const fn name(self) -> &'static str {
                match self {
                    $set::$first => $first_name,
                    $($set::$item => $name,)+
                }
            }

            /// The choice of this name.
            pub fn named(name: &str) -> Option<$set> {
                match name {
                    $first_name => Some($set::$first),
                    $($name => Some($set::$item),)+
                    _ => None,
                }
            }

            /// The choice at this place, from a digit.
            pub const fn of_digit(digit: u8) -> $set {
                let mut at = b'0';
                $(
                    at += 1;
                    if digit == at {
                        return $set::$item;
                    }
                )+
                let _ = at;
                $set::$first
            }
        }
    };
}

/// The names of a set of the core's own that crosses by its names.
macro_rules! names {
    ($(#[doc = $about:literal])+ $set:ident { $($item:ident,)+ }) => {
        impl $set {
            $(#[doc = $about])+
            #[doc = ""]
            #[doc = "The set as the generated contract has it."]
            pub const WORDS: Words = Words {
                set: stringify!($set),
                about: concat!($($about,)+),
                words: &[$(Word {
                    item: stringify!($item),
                    sign: Sign::Name,
                    name: $set::$item.name(),
                    about: "",
                },)+],
            };

            /// The one of this name.
            pub fn named(name: &str) -> Option<$set> {
                [$($set::$item,)+].into_iter().find(|item| item.name() == name)
            }
        }
    };
}

/// Numbers for a set of the core's own that stays on the page's side.
macro_rules! numbers {
    ($(#[doc = $about:literal])+ $set:ident as $set_name:literal { $($item:ident = $value:literal, $name:literal;)+ }) => {
        impl $set {
            $(#[doc = $about])+
            #[doc = ""]
            #[doc = "The set as the generated contract has it."]
            pub const WORDS: Words = Words {
                set: $set_name,
                about: concat!($($about,)+),
                words: &[$(Word {
                    item: stringify!($item),
                    sign: Sign::Number($value),
                    name: $name,
                    about: "",
                },)+],
            };
        }
    };
}

// ---- what goes in ---------------------------------------------------------------------

boundary! {
    /// What the gate's side tells the core.
    Tell as "Tell": Number {
        /// A bridge begins. The text is its [`SETUP`].
        Connect = 0, "connect";
        /// The page was looked at. The text is what was found, in the notation; the number is the bits of what the browser says; the time is in milliseconds since 1970. The core answers with [`Call::Given`]: the digit of a [`Pace`].
        Looked = 1, "looked";
        /// The site's own dialog speaks. The number is a [`SiteAnswer`].
        Answer = 2, "answer";
        /// Something happened to the SDK or the page. The number is a [`Happening`].
        Happened = 3, "happened";
        /// The kept record may have become another, by another tab or while the page was frozen. The text is the record and, where there is one, `own` of [`SETUP`].
        Kept = 4, "kept";
        /// Another tab says what was answered there. The text is a letter for each feature; an empty text says that the SDK's stored flag is a no.
        Peer = 5, "peer";
        /// The sources are to be explained. The text is what was found; the core answers with [`Call::Given`]. The first line is the SDK's state, its place in [`Sdk`]. Each further line is a source: its id, running or stored, a letter for each feature, then name and answer of each category and, without a name, of all others, separated by tabs. An empty line is something that was found and is not this source's.
        Explain = 6, "explain";
        /// Adapters are there, ours or the site's own, behind those that were there before. The text holds them as [`cmp::parse`](crate::cmp::parse) reads them; the core answers with [`Call::Given`]: what is to be looked for and listened to for all of them, as JSON.
        Adapters = 7, "adapters";
    }
}

/// The parts of the text of [`Tell::Connect`], in order.
///
/// `digits` are those of [`DIGITS`]; `record` is what was kept; `categories` has a line for each
/// feature, with the names that the site gave separated by tabs; `own`, where there is one, is what
/// an instance that was begun on another has under its own name.
pub const SETUP: [&str; 4] = ["digits", "categories", "record", "own"];

/// The digits of a bridge's setup, in order: the choices of the policy, then three that are 0 or 1.
/// `manual`: the site has a dialog of its own. `refused`: a refusal of the SDK's own is stored.
/// `known`: an identity of the SDK's own is stored.
pub const DIGITS: [&str; 9] =
    ["start", "pending", "denied", "implied", "gpc", "dnt", "manual", "refused", "known"];

boundary! {
    /// How soon the page is to be looked at again by the clock.
    Pace as "Pace": Number {
        /// Not at all: what there is to hear is told by events.
        Rest = 0, "rest";
        /// Less and less often: something may still come.
        Search = 1, "search";
        /// Each second: a source tells nobody of its changes.
        Watch = 2, "watch";
    }
}

boundary! {
    /// What the site's own dialog says, by `deny()`, `grant()` and `reset()`.
    SiteAnswer as "SiteAnswer": Number {
        /// The visitor said no.
        Deny = 0, "deny";
        /// The visitor said yes.
        Grant = 1, "grant";
        /// The answer is to be forgotten, and the visitor asked again.
        Forget = 2, "forget";
        /// The page was looked at since the last of these: from now on the kept answer speaks, so that another tab can change it.
        Looked = 3, "looked";
    }
}

boundary! {
    /// What happened to the SDK or the page.
    Happening as "Happening": Number {
        /// The wait of the command `settle` is over.
        Settled = 0, "settled";
        /// A wait of the command `sweep later` is over.
        Late = 1, "late";
        /// The page is being left or frozen.
        Leaving = 2, "leaving";
        /// The SDK is there and `init()` was not called.
        Loaded = 3, "loaded";
        /// An instance runs already; the gate has locked it.
        Found = 4, "found";
        /// The SDK did not come, or did not start.
        LoadFailed = 5, "load failed";
        /// The lock does not hold in this version of the SDK.
        LockRefused = 6, "lock refused";
        /// A queue of the SDK's is on the device.
        Queued = 7, "queued";
    }
}

impl Happening {
    /// What the machine is told.
    pub const fn input(self) -> Input {
        match self {
            Happening::Settled => Input::Settled,
            Happening::Late => Input::Late,
            Happening::Leaving => Input::Leaving,
            Happening::Loaded => Input::Loaded,
            Happening::Found => Input::Found,
            Happening::LoadFailed => Input::LoadFailed,
            Happening::LockRefused => Input::LockRefused,
            Happening::Queued => Input::Queued,
        }
    }
}

impl Pace {
    /// Its number as text.
    pub const fn digit(self) -> &'static str {
        match self {
            Pace::Rest => "0",
            Pace::Search => "1",
            Pace::Watch => "2",
        }
    }
}

impl BrowserSignals {
    /// What the browser says, from its bits.
    pub const fn of_bits(bits: u8) -> BrowserSignals {
        BrowserSignals {
            gpc: bits & BROWSER_GPC != 0,
            dnt: bits & BROWSER_DNT != 0,
            timed_out: bits & BROWSER_TIMED_OUT != 0,
            unseen: bits & BROWSER_UNSEEN != 0,
        }
    }
}

choices! {
    /// When the SDK is started (`start`).
    Start { Deferred = "deferred", OptedOut = "opted-out", }
}
choices! {
    /// What happens to calls while nobody has answered (`pending`).
    Pending { Hold = "hold", Drop = "drop", Cookieless = "cookieless", }
}
choices! {
    /// What happens after a no (`denied`).
    Denied { Off = "off", Cookieless = "cookieless", }
}
choices! {
    /// What a default that nobody chose opens (`implied`).
    Implied { Accept = "accept", Ask = "ask", }
}
choices! {
    /// What a privacy signal of the browser closes (`gpc`, `dnt`).
    Privacy { Respect = "respect", Strict = "strict", Ignore = "ignore", }
}

// ---- what comes out -------------------------------------------------------------------

boundary! {
    /// What the core calls on the gate's side. The parts of the text are the arguments.
    Call as "Call": Number {
        /// A letter for each feature, of [`Flow`]: from now on drop, hold or pass.
        Gate = 0, "gate";
        /// Does another command: its letter, of [`Step`], and a letter for each feature, of which [`Flow::Pass`] says that it may run and [`Flow::Drop`] that it may not. Answers with the number of the [`Happening`] that came of it at once, or [`NOTHING`].
        Run = 1, "run";
        /// The state has changed: consent, mode, source, code, reason, each by its name.
        Say = 2, "say";
        /// Tells the other tabs: a letter for each feature, of [`Answer`].
        Tell = 3, "tell";
        /// A new record, as its line: to keep, and to hand on as a receipt. A second part that is not empty says that it holds for every instance of the project.
        Record = 4, "record";
        /// A yes that was not known before.
        OptedIn = 5, "optedIn";
        /// The text that was asked for.
        Given = 6, "given";
    }
}

boundary! {
    /// The letter of a command, and its name for people.
    Step as "Command": Letter {
        /// Opens or shuts the gate; not run, but called ([`Call::Gate`]).
        Gate = b'a', "gate";
        /// Gets the SDK.
        Load = b'b', "load";
        /// Starts the SDK, locked.
        InitLocked = b'c', "init locked";
        /// Starts the SDK without storage.
        InitCookieless = b'd', "init cookieless";
        /// Starts the SDK.
        Init = b'e', "init";
        /// Locks a running instance in memory.
        Lock = b'f', "lock";
        /// Opts out by the SDK's own means, keeping the profile.
        OptOut = b'g', "opt out";
        /// Stops recording.
        StopReplay = b'h', "stop replay";
        /// Forgets the person in memory.
        Reset = b'i', "reset";
        /// Stops sending and clears the queues.
        StopSenders = b'j', "stop senders";
        /// Opens a locked instance without storage.
        UnlockCookieless = b'k', "unlock cookieless";
        /// Opens a locked instance.
        Unlock = b'l', "unlock";
        /// Removes the SDK's stored flag.
        ClearFlag = b'm', "clear flag";
        /// Starts sending again.
        StartSenders = b'n', "start senders";
        /// Tracks the page view that a locked start missed.
        Pageview = b'o', "page view";
        /// Fetches feature flags.
        LoadFlags = b'p', "load flags";
        /// Records this session.
        StartReplay = b'q', "start replay";
        /// Removes recordings.
        SweepRecordings = b's', "sweep recordings";
        /// Removes queues and recordings of earlier visits.
        SweepLeftovers = b't', "sweep leftovers";
        /// Removes everything of the SDK's, but a stored refusal.
        SweepEverything = b'u', "sweep everything";
        /// Comes back with [`Happening::Settled`] when the SDK's late writers are done.
        Settle = b'v', "settle";
        /// Comes back with [`Happening::Late`], once soon and once later.
        Late = b'w', "sweep later";
        /// Gets ready to drive an SDK, when the page has nothing better to do.
        Prepare = b'x', "prepare";
    }
}

impl Command {
    /// What stands for it on the wire, less how far the features go.
    pub const fn step(self) -> Step {
        match self {
            Command::Gate(_) => Step::Gate,
            Command::Load => Step::Load,
            Command::Init(Opening::Locked) => Step::InitLocked,
            Command::Init(Opening::Cookieless) => Step::InitCookieless,
            Command::Init(Opening::On(_)) => Step::Init,
            Command::Lock => Step::Lock,
            Command::OptOut => Step::OptOut,
            Command::StopReplay => Step::StopReplay,
            Command::Reset => Step::Reset,
            Command::StopSenders => Step::StopSenders,
            Command::Unlock(Opening::Cookieless) => Step::UnlockCookieless,
            Command::Unlock(_) => Step::Unlock,
            Command::ClearFlag => Step::ClearFlag,
            Command::StartSenders => Step::StartSenders,
            Command::Pageview => Step::Pageview,
            Command::LoadFlags => Step::LoadFlags,
            Command::StartReplay => Step::StartReplay,
            Command::Sweep(Sweep::Recordings) => Step::SweepRecordings,
            Command::Sweep(Sweep::Leftovers) => Step::SweepLeftovers,
            Command::Sweep(Sweep::Everything) => Step::SweepEverything,
            Command::Settle => Step::Settle,
            Command::Late => Step::Late,
            Command::Prepare => Step::Prepare,
        }
    }

    /// Its name in what `debug: true` shows.
    pub const fn name(self) -> &'static str {
        self.step().name()
    }
}

// ---- what both sides write ------------------------------------------------------------

letters! {
    /// The answers' letters, in the record and wherever an answer crosses.
    Answer { Denied = b'd', ImpliedDenied = b'c', Unset = b'u', ImpliedGranted = b'o', Granted = b'g', }
}
letters! {
    /// The letters of what the gate does with the calls of one feature.
    Flow { Drop = b'd', Hold = b'h', Pass = b'p', }
}
letters! {
    /// The letters of what happened in a visitor's history, in the record.
    ConsentEvent { Given = b'g', Refused = b'r', Withdrawn = b'w', Expired = b'e', }
}
names! {
    /// The parts of Mixpanel that open and close by themselves, in the order of everything that has a value for each.
    Feature { Tracking, Replay, Profile, Flags, }
}
names! {
    /// What Mixpanel may do: `state.mode`.
    Mode { Off, Cookieless, On, }
}
names! {
    /// What the SDK instance is at present: `explain().sdk`.
    Sdk { Absent, Loading, Failed, Ready, Locked, Closing, Pausing, Cookieless, On, }
}

numbers! {
    /// How far the SDK is opened. A [`Step`] of each crosses, so this is for the page's side alone.
    Opening as "Opening" { On = 0, "on"; Locked = 1, "locked"; Cookieless = 2, "cookieless"; }
}
numbers! {
    /// What is removed from the device. A [`Step`] of each crosses, so this is for the page's side alone.
    Sweep as "Sweep" { Leftovers = 0, "leftovers"; Everything = 1, "everything"; Recordings = 2, "recordings"; }
}

// ---- what an adapter's page says (src/cmp) --------------------------------------------

boundary! {
    /// Where a place is.
    Place as "Place": Letter {
        /// The value at a dotted path from `window`.
        Global = b'g', "global";
        /// What a list of commands says whose first word is this one.
        Queue = b'q', "queue";
        /// A cookie.
        Cookie = b'c', "cookie";
        /// The cookie whose name begins so: of several the shortest, the first of these.
        CookieBeginning = b'p', "cookie-beginning";
        /// A key of `localStorage`.
        Local = b'l', "local";
        /// Every key of `localStorage` that begins so.
        LocalBeginning = b'a', "local-beginning";
        /// What a callback of this name was last called with.
        Heard = b'h', "heard";
    }
}

boundary! {
    /// How a stored text is decoded.
    Form as "Form": Letter {
        /// As it is.
        Raw = b'r', "raw";
        /// Percent-decoded.
        Text = b't', "text";
        /// JSON, percent-decoded first where that is needed.
        Json = b'j', "json";
        /// Base64 of JSON.
        Base64 = b'b', "base64";
        /// A TC string of the IAB's. This and what follows is decoded by src/cmp/encoded.rs, and the letters
        /// of these are the last of all.
        Tc = b'u', "tc";
        /// A GPP string of the IAB's.
        Gpp = b'v', "gpp";
        /// JSON that LZ-string has packed, in base64.
        Packed = b'z', "packed";
    }
}

boundary! {
    /// What tells that it is worth looking again.
    Listen as "Listen": Letter {
        /// An event on `window`.
        Window = b'w', "window";
        /// An event on `document`.
        Document = b'd', "document";
        /// A call of the function at a path, after it.
        After = b't', "after";
        /// The function at a path is called with a callback of ours.
        Call = b'c', "call";
    }
}

boundary! {
    /// What a rule means besides answers; how it says them is in src/cmp/rules.rs. Its answers have the letters of [`Answer`].
    Meaning as "Meaning": Letter {
        /// It is not this consent manager.
        AnotherProduct = b'p', "another-product";
        /// The consent manager has not loaded its state.
        NotReady = b'r', "not-ready";
        /// It asks the visitor.
        Asking = b'a', "asking";
        /// What it says cannot be read.
        Unreadable = b'u', "unreadable";
        /// An earlier answer no longer counts.
        Expired = b'x', "expired";
        /// What follows answers only for names that have no answer yet.
        Fallback = b'f', "fallback";
        /// Before a letter of [`Answer`]: the answer for every name that is not told.
        Others = b'n', "others";
    }
}

/// Every set of words, in the order in which the generated contract has them.
pub const SETS: &[Words] = &[
    Tell::WORDS,
    Pace::WORDS,
    SiteAnswer::WORDS,
    Happening::WORDS,
    Call::WORDS,
    Step::WORDS,
    Answer::WORDS,
    Flow::WORDS,
    ConsentEvent::WORDS,
    Feature::WORDS,
    Mode::WORDS,
    Sdk::WORDS,
    Opening::WORDS,
    Sweep::WORDS,
    Place::WORDS,
    Form::WORDS,
    Listen::WORDS,
    Meaning::WORDS,
];

/// The options of the policy, in the order of their digits in [`DIGITS`], and the choices of each.
pub const POLICY: &[(&str, Words)] = &[
    ("start", Start::WORDS),
    ("pending", Pending::WORDS),
    ("denied", Denied::WORDS),
    ("implied", Implied::WORDS),
    ("gpc", Privacy::WORDS),
    ("dnt", Privacy::WORDS),
];
