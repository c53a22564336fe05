//! What the machine knows and says: what the SDK is, what happened to it, and what is to be done.
//! Which is said when is `machine.rs`'s; what crosses the boundary for each, `protocol.rs`'s.

use super::{Decision, Flow, PerFeature};

/// What the SDK instance of this bridge is at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sdk {
    /// Not asked for.
    Absent,
    /// Asked for.
    Loading,
    /// Did not come.
    Failed,
    /// There, and `init()` was not called.
    Ready,
    /// Started and locked: every call is refused in memory, nothing is stored.
    Locked,
    /// Locked, and its late writers are waited for.
    Closing,
    /// Locked while its recording stops, to be opened again without it.
    Pausing,
    /// Sends events, stores nothing.
    Cookieless,
    /// Does all that the site's configuration says.
    On,
}

impl Sdk {
    /// Its name in `explain()`.
    pub const fn name(self) -> &'static str {
        match self {
            Sdk::Absent => "not loaded",
            Sdk::Loading => "loading",
            Sdk::Failed => "failed to load",
            Sdk::Ready => "loaded, not started",
            Sdk::Locked => "locked",
            Sdk::Closing => "locked, late writers awaited",
            Sdk::Pausing => "locked until its recording has stopped",
            Sdk::Cookieless => "cookieless",
            Sdk::On => "on",
        }
    }
}

/// What is known of this visitor's last answer when the page starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LastAnswer {
    /// A yes: what the SDK left on the device was allowed.
    Given,
    /// A no: nothing may be taken up again.
    Refused,
    /// Nothing is known.
    Unknown,
}

/// How far the SDK is to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Opening {
    /// Not at all.
    Locked,
    /// Events, without storage.
    Cookieless,
    /// The site's configuration, less the features that may not pass.
    On(PerFeature<bool>),
}

/// What is to be removed from the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sweep {
    /// Recordings alone: of them the visitor thinks otherwise than of the rest.
    Recordings,
    /// Queues and recordings of earlier visits, which nobody can tell to have been allowed.
    /// Who the visitor is stays.
    Leftovers,
    /// Everything of the SDK's, but a stored refusal (the `0` flag).
    Everything,
}

/// What the driver is to do; in order, each before the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// From now on drop, hold or pass: what waits and is to be dropped is dropped now, what
    /// waits and may pass is released now, in order.
    Gate(PerFeature<Flow>),
    /// Get ready to drive an SDK, when the page has nothing better to do: somebody is being asked,
    /// and a yes should not wait for it. Nothing of the SDK is touched.
    Prepare,
    /// Get the SDK; answer with [`Input::Loaded`], [`Input::Found`] or [`Input::LoadFailed`].
    Load,
    /// Call `init()` so far open.
    Init(Opening),
    /// Lock a running instance in memory, and remember what the site had configured.
    Lock,
    /// Opt out by the SDK's own means, keeping the profile.
    OptOut,
    /// Stop recording.
    StopReplay,
    /// Forget the person in memory.
    Reset,
    /// Stop sending and clear the queues.
    StopSenders,
    /// Open a locked instance so far.
    Unlock(Opening),
    /// Remove the SDK's stored flag.
    ClearFlag,
    /// Start sending again.
    StartSenders,
    /// Track the page view that a locked start missed, if the site wants page views.
    Pageview,
    /// Fetch feature flags, if the site wants them.
    LoadFlags,
    /// Record this session, if the site wants it.
    StartReplay,
    /// Remove from the device.
    Sweep(Sweep),
    /// Come back with [`Input::Settled`] when the SDK's late writers are done.
    Settle,
    /// Come back with [`Input::Late`] once soon and once later, for writers that are later still.
    Late,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// The page starts, or there is a new decision.
    Decide(Decision),
    /// The SDK is there and `init()` was not called.
    Loaded,
    /// An instance is already running; the gate has locked it.
    Found,
    /// The SDK did not come.
    LoadFailed,
    /// The probe says that the lock does not hold in this version.
    LockRefused,
    /// The wait of [`Command::Settle`] is over.
    Settled,
    /// A wait of [`Command::Late`] is over.
    Late,
    /// A queue of the SDK's is on the device, at one of the regular looks: a request that was on
    /// its way when the answer came may be answered minutes later, and then the SDK notes it.
    Queued,
    /// The page is being left or frozen.
    Leaving,
}
