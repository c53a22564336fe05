//! How to bring the SDK and the gate to a decision, one command after another.
//!
//! The machine knows what an SDK instance can be ([`Sdk`]) and the order in which it must be
//! moved; the recipes it follows were found by experiment on SDK versions 2.41 to 2.83. It is
//! finite and holds no time and no text, so that a test walks every state and every input.

use super::{Answer, Decision, Feature, Flow, Mode, PerFeature, Start};

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
    /// This tab's ids, which some versions write under any configuration.
    Tab,
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

impl Command {
    /// The command as far as the machine still wants it when it is run. Since it was given,
    /// the page's own code may have run and the visitor may have been heard, or the SDK may
    /// not have started: then what would open is left out, even where a later answer opens
    /// again (its own commands are behind), and a gate opens no further than it will end.
    pub fn allowed_by(self, machine: &Machine) -> Option<Command> {
        let on = machine.sdk == Sdk::On;
        let open = machine.features();
        let less = |opening| match opening {
            Opening::Locked => Some(opening),
            Opening::Cookieless => (on || machine.sdk == Sdk::Cookieless).then_some(opening),
            Opening::On(features) => on.then(|| {
                Opening::On(PerFeature::of(|feature| features.get(feature) && open.get(feature)))
            }),
        };
        let allowed = match self {
            Command::Gate(flow) => {
                return Some(Command::Gate(PerFeature::of(|feature| {
                    flow.get(feature).min(machine.gate.get(feature))
                })));
            }
            Command::Init(opening) => return less(opening).map(Command::Init),
            Command::Unlock(opening) => return less(opening).map(Command::Unlock),
            Command::StartSenders | Command::Pageview => on,
            Command::LoadFlags => on && open.get(Feature::Flags),
            Command::StartReplay => on && open.get(Feature::Replay),
            _ => true,
        };
        allowed.then_some(self)
    }
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

/// The SDK, the gate, and the last decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Machine {
    start: Start,
    last_answer: LastAnswer,
    /// A visitor whom the SDK knows: a locked start would delete the identity before the
    /// consent manager has spoken, so it waits for the first answer.
    known_visitor: bool,
    sdk: Sdk,
    decision: Decision,
    gate: PerFeature<Flow>,
    /// What was opened last, to see which feature opens or closes while it runs.
    open: PerFeature<bool>,
    /// Nothing of the SDK's was left when last swept, and it was not opened since.
    clean: bool,
}

impl Machine {
    /// A machine for one instance. `known_visitor`: the SDK's identity is on the device.
    pub fn new(start: Start, last_answer: LastAnswer, known_visitor: bool) -> Machine {
        Machine {
            start,
            last_answer,
            known_visitor: known_visitor && last_answer != LastAnswer::Refused,
            sdk: Sdk::Absent,
            decision: Decision::LOOKING,
            gate: PerFeature::all(Flow::Hold),
            open: PerFeature::all(false),
            clean: false,
        }
    }

    /// What the SDK is at present.
    pub fn sdk(&self) -> Sdk {
        self.sdk
    }

    /// The last decision.
    pub fn decision(&self) -> Decision {
        self.decision
    }

    /// What the gate was last told.
    pub fn gate(&self) -> PerFeature<Flow> {
        self.gate
    }

    /// Takes in what happened and says what to do about it.
    pub fn step(&mut self, input: Input) -> Vec<Command> {
        let mut out = Vec::new();
        match input {
            Input::Decide(decision) => {
                if decision.is_denied() != self.decision.is_denied() {
                    // What was asked before the no goes, whatever may flow after it; and what
                    // was asked under it, which may have been allowed without storage alone.
                    self.gate = PerFeature::all(Flow::Drop);
                    out.push(Command::Gate(self.gate));
                }
                if decision.is_denied() {
                    // In whatever state: a yes after it begins anew.
                    self.last_answer = LastAnswer::Refused;
                    self.known_visitor = false;
                }
                self.decision = decision;
                if decision.mode == Mode::On
                    && !self.features().get(Feature::Replay)
                    && !matches!(self.sdk, Sdk::On | Sdk::Pausing)
                {
                    // The start would send what an earlier visit left, whatever it is told.
                    out.push(Command::Sweep(Sweep::Recordings));
                }
            }
            // After it was said to have failed, too: it was only late.
            Input::Loaded if matches!(self.sdk, Sdk::Loading | Sdk::Failed) => {
                self.sdk = Sdk::Ready
            }
            Input::Found if matches!(self.sdk, Sdk::Absent | Sdk::Loading | Sdk::Failed) => {
                // What it was about to store arrives after it was locked.
                self.sdk = Sdk::Closing;
                out.extend_from_slice(&[Command::StopReplay, Command::Settle]);
            }
            // At a start that gave no instance, it has been taken for open already.
            Input::LoadFailed => {
                self.sdk = Sdk::Failed;
                self.clean = false;
            }
            Input::LockRefused if self.sdk == Sdk::Locked => {
                // The stored flag is all that is left to hold this version shut.
                out.extend_from_slice(&[Command::OptOut, Command::StopSenders]);
            }
            Input::Settled if self.sdk == Sdk::Closing => {
                self.sdk = Sdk::Locked;
                // The recorder is a script of its own: of an instance that the page has started
                // it may have come, and begun, after it was told to stop.
                out.extend_from_slice(&[Command::StopReplay, Command::StopSenders]);
                if self.decision.consent != Answer::Denied || self.decision.mode == Mode::Cookieless
                {
                    // A default is not a choice: only a visitor's no may stay stored.
                    out.push(Command::ClearFlag);
                }
                out.extend_from_slice(&[Command::Sweep(Sweep::Everything), Command::Late]);
                self.clean = true;
            }
            Input::Settled if self.sdk == Sdk::Pausing => {
                // Its last events have been stored by now, and not uploaded.
                self.sdk = Sdk::On;
                out.extend_from_slice(&[Command::Sweep(Sweep::Recordings), Command::Late]);
            }
            Input::Late | Input::Leaving
                if self.sdk == Sdk::Pausing
                    || self.sdk == Sdk::On && !self.open.get(Feature::Replay) =>
            {
                out.push(Command::Sweep(Sweep::Recordings));
            }
            Input::Late | Input::Leaving | Input::Queued if self.sdk != Sdk::On && self.clean => {
                // Other tabs and the SDK's own late writers may have written since.
                if self.sdk == Sdk::Locked {
                    out.push(Command::StopReplay);
                }
                out.push(Command::Sweep(Sweep::Everything));
            }
            _ => {}
        }
        // What records must stop, and the rest goes on.
        let pause = (self.sdk, self.decision.mode) == (Sdk::On, Mode::On)
            && self.open.get(Feature::Replay)
            && !self.features().get(Feature::Replay);
        if pause {
            self.sdk = Sdk::Pausing;
            // What is fetched already need not be fetched again.
            self.open = PerFeature::of(|f| f == Feature::Flags && self.open.get(f));
        }
        self.set_gate(&mut out, |now, wanted| now.min(wanted));
        if pause {
            // As in `close`. Opened at once, the recorder would upload what it has, and store
            // what it collects.
            out.extend_from_slice(&[
                Command::Lock,
                Command::StopReplay,
                Command::Sweep(Sweep::Recordings),
                Command::Settle,
            ]);
        }
        self.advance(&mut out);
        self.set_gate(&mut out, |_, wanted| wanted);
        out
    }

    /// Tells the gate what the SDK's present state and the decision allow: first only what
    /// shuts, and at the end of a step the rest.
    fn set_gate(&mut self, out: &mut Vec<Command>, choose: impl Fn(Flow, Flow) -> Flow) {
        let ready = match self.decision.mode {
            Mode::Off => false,
            Mode::Cookieless => self.sdk == Sdk::Cookieless,
            Mode::On => self.sdk == Sdk::On,
        };
        let gate = PerFeature::of(|feature| {
            let wanted = self.decision.flow.get(feature);
            let wanted = if ready { wanted } else { wanted.min(Flow::Hold) };
            choose(self.gate.get(feature), wanted)
        });
        if gate != self.gate {
            self.gate = gate;
            out.push(Command::Gate(gate));
        }
    }

    fn advance(&mut self, out: &mut Vec<Command>) {
        if self.decision.is_denied()
            && !self.clean
            && !matches!(self.sdk, Sdk::On | Sdk::Cookieless)
        {
            // Whether or not the SDK ever comes.
            out.extend_from_slice(&[Command::Sweep(Sweep::Everything), Command::Late]);
            self.clean = true;
        }
        match (self.decision.mode, self.sdk) {
            (_, Sdk::Loading | Sdk::Closing) => {}
            (Mode::Off, Sdk::On | Sdk::Cookieless | Sdk::Pausing)
            | (Mode::Cookieless, Sdk::On | Sdk::Pausing) => self.close(out),
            (Mode::On, Sdk::Pausing) => {}
            (Mode::Off, Sdk::Absent | Sdk::Ready | Sdk::Locked | Sdk::Failed) => {
                if self.start == Start::OptedOut && !self.known_visitor {
                    match self.sdk {
                        Sdk::Absent => {
                            self.sdk = Sdk::Loading;
                            out.push(Command::Load);
                        }
                        Sdk::Ready => {
                            self.sdk = Sdk::Locked;
                            out.push(Command::Init(Opening::Locked));
                            out.push(Command::Sweep(Sweep::Tab));
                        }
                        _ => {}
                    }
                }
            }
            (mode, Sdk::Absent) => {
                // Before it is there: what is left is gone when it comes.
                self.sweep_before(mode, out);
                self.sdk = Sdk::Loading;
                out.push(Command::Load);
            }
            (_, Sdk::Failed) => {}
            (mode, Sdk::Ready) => {
                self.sweep_before(mode, out);
                let opening = self.opened(mode);
                out.push(Command::Init(opening));
                if mode == Mode::Cookieless {
                    out.push(Command::Sweep(Sweep::Tab));
                }
            }
            (mode, Sdk::Locked) => {
                // Without storage nobody is known either, and memory still knows.
                if self.last_answer == LastAnswer::Refused || mode == Mode::Cookieless {
                    out.push(Command::Reset);
                }
                self.sweep_before(mode, out);
                self.unlock(mode, out);
            }
            (Mode::On, Sdk::Cookieless) => {
                // The person of the cookieless time is not tied to the one who says yes.
                out.push(Command::Reset);
                self.unlock(Mode::On, out);
            }
            (Mode::On, Sdk::On) => {
                let before = self.open;
                let after = self.features();
                self.open = after;
                if after != before {
                    out.push(Command::Unlock(Opening::On(after)));
                }
                if !before.get(Feature::Replay) && after.get(Feature::Replay) {
                    out.push(Command::StartReplay);
                }
                if !before.get(Feature::Flags) && after.get(Feature::Flags) {
                    out.push(Command::LoadFlags);
                }
            }
            (Mode::Cookieless, Sdk::Cookieless) => {}
        }
    }

    fn features(&self) -> PerFeature<bool> {
        PerFeature::of(|feature| self.decision.flow.get(feature) == Flow::Pass)
    }

    /// Notes that the SDK opens, and says how far.
    fn opened(&mut self, mode: Mode) -> Opening {
        // Swept just before, and without storage it stays so.
        self.clean = mode == Mode::Cookieless;
        self.known_visitor = false;
        if mode == Mode::On {
            self.last_answer = LastAnswer::Given;
            self.sdk = Sdk::On;
            self.open = self.features();
            Opening::On(self.open)
        } else {
            self.sdk = Sdk::Cookieless;
            Opening::Cookieless
        }
    }

    /// What an earlier visit left is sent when the SDK starts, so what nobody allowed goes first.
    fn sweep_before(&self, mode: Mode, out: &mut Vec<Command>) {
        let sweep = match (mode, self.last_answer) {
            (Mode::On, LastAnswer::Given) => return,
            (Mode::On, LastAnswer::Unknown) => Sweep::Leftovers,
            _ => Sweep::Everything,
        };
        if self.sdk == Sdk::Locked {
            // The same queues are in the instance's memory.
            out.push(Command::StopSenders);
        }
        out.push(Command::Sweep(sweep));
    }

    fn unlock(&mut self, mode: Mode, out: &mut Vec<Command>) {
        let opening = self.opened(mode);
        // Its own flag would refuse every call of an instance that is open.
        out.extend_from_slice(&[Command::Unlock(opening), Command::ClearFlag]);
        if let Opening::On(features) = opening {
            out.extend_from_slice(&[Command::StartSenders, Command::Pageview]);
            if features.get(Feature::Flags) {
                out.push(Command::LoadFlags);
            }
            if features.get(Feature::Replay) {
                out.push(Command::StartReplay);
            }
        } else {
            // Where the locked start was left out, this is one.
            out.push(Command::Sweep(Sweep::Tab));
        }
    }

    /// The lock comes first: stopping a recording or resetting before it would upload.
    fn close(&mut self, out: &mut Vec<Command>) {
        out.push(Command::Lock);
        if self.decision.consent == Answer::Denied && self.decision.mode == Mode::Off {
            out.extend_from_slice(&[Command::OptOut, Command::Reset]);
        } else {
            // The SDK's flag is stored, and other tabs take it for a visitor's no.
            out.extend_from_slice(&[Command::StopReplay, Command::Reset, Command::StopSenders]);
        }
        out.extend_from_slice(&[Command::Sweep(Sweep::Everything), Command::Settle]);
        self.sdk = Sdk::Closing;
        self.last_answer = LastAnswer::Refused;
        self.open = PerFeature::all(false);
        self.clean = true;
    }
}
