//! Why the bridge stands where it stands: stable codes for programs, sentences for people.

macro_rules! codes {
    (
        $($(#[$doc:meta])* $variant:ident = $name:literal, $reason:literal;)*
        // What the gate says by itself, for programs that are told a page's state: the core of a
        // page never says it, and would pay for the words.
        @gate:
        $($(#[$gate_doc:meta])* $gate:ident = $gate_name:literal, $gate_reason:literal;)*
        // Not in a page: it has neither requests nor histories.
        @server:
        $($(#[$its_doc:meta])* $its:ident = $its_name:literal, $its_reason:literal;)*
    ) => {
        /// Why the bridge stands where it stands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $variant,)*
            $($(#[$gate_doc])* #[cfg(feature = "serde")] $gate,)*
            $($(#[$its_doc])* #[cfg(feature = "request")] $its,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[
                $(Code::$variant,)*
                $(#[cfg(feature = "serde")] Code::$gate,)*
                $(#[cfg(feature = "request")] Code::$its,)*
            ];

            /// Those of the gate alone.
            #[cfg(feature = "serde")]
            pub const GATE: &'static [Code] = &[$(Code::$gate,)*];

            /// Those of a server alone.
            #[cfg(feature = "request")]
            pub const SERVER: &'static [Code] = &[$(Code::$its,)*];

            /// The code of this name.
            pub fn named(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.name() == name)
            }

            /// Whether somebody is being asked, so that the next thing to be heard is an answer.
            pub const fn asks(self) -> bool {
                matches!(self, Code::Asking | Code::ImpliedAsk | Code::Manual | Code::Expired)
            }

            /// What `state.code` says; it does not change between versions.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Code::$variant => $name,)*
                    $(#[cfg(feature = "serde")] Code::$gate => $gate_name,)*
                    $(#[cfg(feature = "request")] Code::$its => $its_name,)*
                }
            }

            /// Its name and its reason, as they cross to a page: one text of all, because a table of
            /// where each begins weighs more than finding it.
            #[cfg(all(feature = "page", target_arch = "wasm32"))]
            pub(crate) fn told(self) -> &'static str {
                let all = concat!($($name, "\0", $reason, "\n",)*);
                super::pieces(all, b'\n').nth(self as usize).unwrap_or_default()
            }

            /// What `state.reason` says.
            pub const fn reason(self) -> &'static str {
                match self {
                    $(Code::$variant => $reason,)*
                    $(#[cfg(feature = "serde")] Code::$gate => $gate_reason,)*
                    $(#[cfg(feature = "request")] Code::$its => $its_reason,)*
                }
            }
        }
    };
}

codes! {
    /// The visitor's yes.
    Granted = "granted", "The visitor said yes.";
    /// The visitor's no.
    Denied = "denied", "The visitor said no.";
    /// Open by a default.
    ImpliedGranted = "implied-granted", "Nobody was asked; the consent manager allows it by default.";
    /// A default is open and the policy asks for more.
    ImpliedAsk = "implied-ask", "Nobody was asked; the consent manager allows it by default, and `implied: 'ask'` waits for a yes.";
    /// Closed by a default.
    ImpliedDenied = "implied-denied", "Nobody was asked; the consent manager closes it by default.";
    /// Closed by Global Privacy Control.
    Gpc = "gpc", "Global Privacy Control closes it; see the option `gpc`.";
    /// Closed by Do Not Track.
    Dnt = "dnt", "Do Not Track closes it; see the option `dnt`.";
    /// Closed by a standard that can only tighten.
    OptedOutOfSale = "opted-out-of-sale", "An opt-out of sale or sharing closes it.";
    /// Nothing was found so far.
    Looking = "cmp-looking", "No consent manager was found so far.";
    /// Nothing was found in time.
    Missing = "cmp-missing", "No consent manager was found in time.";
    /// A page that nobody sees.
    Unseen = "prerendered", "The page is prerendered, and nobody sees it yet.";
    /// It is there and loads.
    NotReady = "cmp-not-ready", "The consent manager has not loaded yet.";
    /// It asks.
    Asking = "cmp-asking", "The visitor has not answered yet.";
    /// It says something that cannot be read.
    Unreadable = "cmp-unreadable", "What the consent manager says cannot be read; see `explain()`.";
    /// An answer that no longer counts.
    Expired = "cmp-expired", "The answer has expired; the consent manager asks again.";
    /// The site named a category that does not exist.
    UnknownCategory = "category-unknown", "The consent manager has no such `category`; see `explain()`.";
    /// Two equals disagree.
    Disagree = "cmp-disagree", "Consent managers disagree, and the strictest counts. Name one in `cmp`.";
    /// Another tab knows better.
    OtherTab = "other-tab", "The visitor answered in another tab.";
    /// The SDK's own opt-out.
    OptedOut = "opted-out", "Mixpanel was opted out on this device; a yes counts when it is given again.";
    /// The site's own banner has not called.
    Manual = "manual-unset", "Neither `grant()` nor `deny()` was called yet.";
    /// The SDK did not come.
    SdkFailed = "sdk-failed", "The Mixpanel SDK did not load.";
    /// The SDK's lock does not work in this version.
    LockRefused = "sdk-lock-refused", "The Mixpanel SDK ignores the lock; its stored opt-out holds instead.";

    @gate:
    /// The core is on its way.
    Starting = "starting", "The core is loading; calls are held.";
    /// Not a page.
    NoWindow = "no-window", "No window: nothing is sent or kept.";
    /// The core did not come.
    CoreUnavailable = "core-unavailable", "The core could not be loaded; nothing is sent.";
    /// A yes whose SDK is still to come: what is decided does not pass yet.
    SdkLoading = "sdk-loading", "The Mixpanel SDK is loading; calls are held.";
    /// The site has ended the bridge.
    Disconnected = "disconnected", "disconnect() was called.";
    /// A mistake in the options: no token.
    TokenMissing = "token-missing", "Option `token` is missing: see Mixpanel, Settings, Project.";
    /// A mistake in the options: one that does not exist.
    OptionUnknown = "option-unknown", "There is no option of this name.";
    /// A mistake in the options: a value that is none of its values.
    OptionInvalid = "option-invalid", "An option has a value that it may not have.";
    /// A mistake in the options: a consent manager that is not known.
    CmpUnknown = "cmp-unknown", "There is no adapter of this name.";
    /// A mistake in the tag's attributes.
    AttributeInvalid = "attribute-invalid", "An attribute of the tag cannot be read.";

    @server:
    /// A request without an answer.
    Silent = "request-silent", "Nothing in the request says an answer: no cookie of a consent manager that the option `cmp` allows, and no record of the bridge.";
    /// A request that is not read.
    TooLong = "request-too-long", "The cookies of the request are longer than 65,536 bytes, which no browser sends; none was read.";
    /// The bridge's own cookie is damaged.
    RecordUnreadable = "record-unreadable", "The bridge's record in the request cannot be read: it is damaged, there twice, or of another version.";
    /// The bridge's own cookie has no valid signature.
    RecordUnsigned = "record-unsigned", "The bridge's record in the request is not signed with the key of the option `recordKey`: the browser wrote it and no server has signed it since, or it is forged.";
    /// The bridge's own cookie is signed and old.
    RecordAged = "record-aged", "The bridge's record in the request is signed and older than the option `recordMaxAge` allows; it is signed anew with the visitor's next answer.";
    /// The bridge's own cookie outlived the consent manager's.
    RecordAlone = "record-alone", "The bridge's record says an answer, and the cookie in which its consent manager keeps it is not in the request: it may have ended. With `cmp: 'manual'` the record counts alone.";
    /// A person without a history.
    NothingRecorded = "nothing-recorded", "Nothing is recorded of what this person answered up to that time.";
    /// A history that cannot be judged.
    HistoryUnreadable = "history-unreadable", "What is recorded last of what this person answered cannot be read; what stands before it may no longer hold.";
}
