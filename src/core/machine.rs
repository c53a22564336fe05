//! How to bring the SDK and the gate to a decision, one command after another.
//!
//! The machine knows what an SDK instance can be ([`Sdk`]), how it gets from one to the other
//! ([`MOVES`]), and the order of the commands that bring it there ([`recipe`]). The recipes were
//! found by experiment on SDK versions 2.41 to 2.83. The machine is finite and holds no time and no
//! text, so that a test walks every state and every input.
//!
//! [`Machine::step`] has five phases: it takes in what happened; says whether recording must pause;
//! shuts the gate as far as it has to shut; brings the SDK towards the decision; and opens the gate
//! as far as it may open. The gate shuts before the SDK is touched and opens after it, because what
//! is done to the SDK may call the page's own code.

use super::{
    Answer, Command, Decision, Feature, Flow, Input, LastAnswer, Mode, Opening, PerFeature, Sdk,
    Start, Sweep,
};

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

/// From each state of the SDK the states that it may come to. A start that gave no instance may
/// come to [`Sdk::Failed`] from anywhere.
const MOVES: [(Sdk, &[Sdk]); 9] = [
    (Sdk::Absent, &[Sdk::Loading, Sdk::Closing]),
    (Sdk::Loading, &[Sdk::Ready, Sdk::Closing]),
    // It was said to have failed, and was only late.
    (Sdk::Failed, &[Sdk::Ready, Sdk::Closing]),
    (Sdk::Ready, &[Sdk::Locked, Sdk::Cookieless, Sdk::On]),
    (Sdk::Locked, &[Sdk::Cookieless, Sdk::On]),
    (Sdk::Closing, &[Sdk::Locked]),
    (Sdk::Pausing, &[Sdk::On, Sdk::Closing]),
    (Sdk::Cookieless, &[Sdk::On, Sdk::Closing]),
    (Sdk::On, &[Sdk::Pausing, Sdk::Closing]),
];

/// The commands that always go together, in the order in which they must be run.
mod recipe {
    use super::{Command, Sweep};

    /// An instance runs that the page has started. What it was about to store arrives after it was
    /// locked, so its late writers are waited for.
    pub const TAKE_OVER: &[Command] = &[Command::StopReplay, Command::Settle];

    /// The lock does not hold in this version: the SDK's stored flag is all that is left to hold it
    /// shut.
    pub const LOCK_BY_FLAG: &[Command] = &[Command::OptOut, Command::StopSenders];

    /// The visitor said no. The lock comes first: stopping a recording or resetting before it would
    /// upload. The SDK's own opt-out stops recording and sending, and its stored flag tells tabs
    /// without a bridge.
    pub const CLOSE_BY_REFUSAL: &[Command] = &[
        Command::Lock,
        Command::OptOut,
        Command::Reset,
        Command::Sweep(Sweep::Everything),
        Command::Settle,
    ];

    /// Something else than the visitor's no closes. The SDK's flag is not written, because it is
    /// stored and other tabs take it for a visitor's no.
    pub const CLOSE: &[Command] = &[
        Command::Lock,
        Command::StopReplay,
        Command::Reset,
        Command::StopSenders,
        Command::Sweep(Sweep::Everything),
        Command::Settle,
    ];

    /// The late writers of a closed instance are done. Its recorder is a script of its own, which
    /// may have come and begun after it was told to stop.
    pub const CLOSED: &[Command] = &[Command::StopReplay, Command::StopSenders];

    /// Remove everything, and again when later writers are done.
    pub const SWEEP: &[Command] = &[Command::Sweep(Sweep::Everything), Command::Late];

    /// Recording alone is taken back. The instance is locked meanwhile: stopped open, or opened at
    /// once, the recorder would upload what it has and store what it collects.
    pub const PAUSE: &[Command] =
        &[Command::Lock, Command::StopReplay, Command::Sweep(Sweep::Recordings), Command::Settle];

    /// The last events of a recording have been stored by now, and were not uploaded.
    pub const RESUME: &[Command] = &[Command::Sweep(Sweep::Recordings), Command::Late];

    /// What a locked instance does when it has been opened for a yes.
    pub const GO_ON: &[Command] = &[Command::StartSenders, Command::Pageview];
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

    /// Whether the last answer that is known is a no.
    pub fn is_refused(&self) -> bool {
        self.last_answer == LastAnswer::Refused
    }

    /// What the gate was last told.
    pub fn gate(&self) -> PerFeature<Flow> {
        self.gate
    }

    /// Takes in what happened and says what to do about it.
    ///
    /// One command is added as several are, as a slice: that is one function, and a `push` would be
    /// compiled into each of twenty places.
    pub fn step(&mut self, input: Input) -> Vec<Command> {
        let mut out = Vec::new();
        self.take_in(input, &mut out);
        let pause = self.pause();
        self.shut_gate(&mut out);
        out.extend_from_slice(pause);
        self.advance(&mut out);
        self.open_gate(&mut out);
        out
    }

    /// The one place where the state of the SDK changes.
    fn go_to(&mut self, sdk: Sdk) {
        debug_assert!(
            sdk == Sdk::Failed
                || MOVES.iter().any(|(from, to)| *from == self.sdk && to.contains(&sdk)),
            "the SDK does not go from {:?} to {sdk:?}",
            self.sdk
        );
        self.sdk = sdk;
    }

    // ---- first phase: what happened ---------------------------------------------------

    fn take_in(&mut self, input: Input, out: &mut Vec<Command>) {
        match input {
            Input::Decide(decision) => self.take_in_decision(decision, out),
            Input::Loaded if matches!(self.sdk, Sdk::Loading | Sdk::Failed) => {
                self.go_to(Sdk::Ready);
            }
            Input::Found if matches!(self.sdk, Sdk::Absent | Sdk::Loading | Sdk::Failed) => {
                self.go_to(Sdk::Closing);
                out.extend_from_slice(recipe::TAKE_OVER);
            }
            Input::LoadFailed => {
                self.go_to(Sdk::Failed);
                // A start that gave no instance was taken for an open one already.
                self.clean = false;
            }
            Input::LockRefused if self.sdk == Sdk::Locked => {
                out.extend_from_slice(recipe::LOCK_BY_FLAG);
            }
            Input::Settled if self.sdk == Sdk::Closing => {
                self.go_to(Sdk::Locked);
                out.extend_from_slice(recipe::CLOSED);
                if !self.keeps_refusal() {
                    out.extend_from_slice(&[Command::ClearFlag]);
                }
                self.sweep(out);
            }
            Input::Settled if self.sdk == Sdk::Pausing => {
                self.go_to(Sdk::On);
                out.extend_from_slice(recipe::RESUME);
            }
            Input::Late | Input::Leaving if self.runs_without_recording() => {
                out.extend_from_slice(&[Command::Sweep(Sweep::Recordings)]);
            }
            Input::Late | Input::Leaving | Input::Queued if self.sdk != Sdk::On && self.clean => {
                // Other tabs and the SDK's own late writers may have written since the last sweep.
                if self.sdk == Sdk::Locked {
                    out.extend_from_slice(&[Command::StopReplay]);
                }
                out.extend_from_slice(&[Command::Sweep(Sweep::Everything)]);
            }
            _ => {}
        }
    }

    fn take_in_decision(&mut self, decision: Decision, out: &mut Vec<Command>) {
        if decision.is_denied() != self.decision.is_denied() {
            // Drop calls made before the refusal, whatever may pass after it; and drop calls made
            // under it, which may have been allowed without storage alone.
            self.gate = PerFeature::all(Flow::Drop);
            out.extend_from_slice(&[Command::Gate(self.gate)]);
        }
        if decision.is_denied() {
            // Whatever the SDK is: a yes after this one begins anew.
            self.last_answer = LastAnswer::Refused;
            self.known_visitor = false;
        }
        self.decision = decision;
        if decision.mode == Mode::On
            && !self.features().get(Feature::Replay)
            && !matches!(self.sdk, Sdk::On | Sdk::Pausing)
        {
            // A start sends the recordings that an earlier visit left, whatever it is configured to.
            out.extend_from_slice(&[Command::Sweep(Sweep::Recordings)]);
        }
    }

    /// Whether the SDK's stored flag may stay: only for a visitor's own no, because a default is not
    /// a choice.
    fn keeps_refusal(&self) -> bool {
        self.decision.consent == Answer::Denied && self.decision.mode != Mode::Cookieless
    }

    fn runs_without_recording(&self) -> bool {
        self.sdk == Sdk::Pausing || self.sdk == Sdk::On && !self.open.get(Feature::Replay)
    }

    // ---- second phase: recording alone is taken back ----------------------------------

    /// Begins a pause if recording must stop and the rest goes on, and says what that takes.
    fn pause(&mut self) -> &'static [Command] {
        let pause = (self.sdk, self.decision.mode) == (Sdk::On, Mode::On)
            && self.open.get(Feature::Replay)
            && !self.features().get(Feature::Replay);
        if !pause {
            return &[];
        }
        self.go_to(Sdk::Pausing);
        // Flags that are fetched already need not be fetched again.
        self.open = PerFeature::of(|f| f == Feature::Flags && self.open.get(f));
        recipe::PAUSE
    }

    // ---- third and fifth phase: the gate ----------------------------------------------

    /// Shuts the gate as far as it has to shut, and opens nothing.
    fn shut_gate(&mut self, out: &mut Vec<Command>) {
        self.set_gate(out, |now, wanted| now.min(wanted));
    }

    /// Opens the gate as far as the decision and the SDK's present state allow.
    fn open_gate(&mut self, out: &mut Vec<Command>) {
        self.set_gate(out, |_, wanted| wanted);
    }

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
            out.extend_from_slice(&[Command::Gate(gate)]);
        }
    }

    // ---- fourth phase: the SDK towards the decision -----------------------------------

    fn advance(&mut self, out: &mut Vec<Command>) {
        let refused = self.decision.is_denied()
            || self.last_answer == LastAnswer::Refused && self.decision.mode == Mode::Off;
        if refused && !self.clean && !matches!(self.sdk, Sdk::On | Sdk::Cookieless) {
            // What an earlier visit left goes whether or not the SDK ever comes; also where nobody
            // answers on this page, because a page that is left with the no cannot end its databases.
            self.sweep(out);
        }
        match (self.decision.mode, self.sdk) {
            // What is on its way is waited for.
            (_, Sdk::Loading | Sdk::Closing) | (Mode::On, Sdk::Pausing) => {}
            (Mode::Off, Sdk::On | Sdk::Cookieless | Sdk::Pausing)
            | (Mode::Cookieless, Sdk::On | Sdk::Pausing) => self.close(out),
            (Mode::Off, Sdk::Absent | Sdk::Ready | Sdk::Locked | Sdk::Failed) => {
                if self.start == Start::OptedOut && !self.known_visitor {
                    self.start_locked(out);
                }
            }
            (mode, Sdk::Absent) => {
                // What is left is gone before the SDK comes.
                self.sweep_leftovers(mode, out);
                self.load(out);
            }
            (_, Sdk::Failed) => {}
            (mode, Sdk::Ready) => {
                self.sweep_leftovers(mode, out);
                let opening = self.opened(mode);
                out.extend_from_slice(&[Command::Init(opening)]);
            }
            (mode, Sdk::Locked) => {
                // The SDK still has in memory who the visitor was: after a no that person is
                // forgotten, and without storage nobody is known.
                if self.last_answer == LastAnswer::Refused || mode == Mode::Cookieless {
                    out.extend_from_slice(&[Command::Reset]);
                }
                self.sweep_leftovers(mode, out);
                self.unlock(mode, out);
            }
            (Mode::On, Sdk::Cookieless) => {
                // The person of the cookieless time is not tied to the one who says yes.
                out.extend_from_slice(&[Command::Reset]);
                self.unlock(Mode::On, out);
            }
            (Mode::On, Sdk::On) => self.adjust(out),
            (Mode::Cookieless, Sdk::Cookieless) => {}
        }
    }

    /// The features that the decision lets pass.
    fn features(&self) -> PerFeature<bool> {
        PerFeature::of(|feature| self.decision.flow.get(feature) == Flow::Pass)
    }

    fn load(&mut self, out: &mut Vec<Command>) {
        self.go_to(Sdk::Loading);
        out.extend_from_slice(&[Command::Load]);
    }

    /// The site wants a started SDK before there is a yes.
    fn start_locked(&mut self, out: &mut Vec<Command>) {
        match self.sdk {
            Sdk::Absent => self.load(out),
            Sdk::Ready => {
                self.go_to(Sdk::Locked);
                out.extend_from_slice(&[Command::Init(Opening::Locked)]);
            }
            _ => {}
        }
    }

    /// Opens and closes features of an instance that runs.
    fn adjust(&mut self, out: &mut Vec<Command>) {
        let before = self.open;
        let after = self.features();
        self.open = after;
        if after != before {
            out.extend_from_slice(&[Command::Unlock(Opening::On(after))]);
        }
        if !before.get(Feature::Replay) && after.get(Feature::Replay) {
            out.extend_from_slice(&[Command::StartReplay]);
        }
        if !before.get(Feature::Flags) && after.get(Feature::Flags) {
            out.extend_from_slice(&[Command::LoadFlags]);
        }
    }

    /// Notes that the SDK opens, and says how far.
    fn opened(&mut self, mode: Mode) -> Opening {
        // It was swept just before, and stays clean if nothing is stored.
        self.clean = mode == Mode::Cookieless;
        self.known_visitor = false;
        if mode == Mode::On {
            self.last_answer = LastAnswer::Given;
            self.go_to(Sdk::On);
            self.open = self.features();
            Opening::On(self.open)
        } else {
            self.go_to(Sdk::Cookieless);
            Opening::Cookieless
        }
    }

    /// The SDK sends what an earlier visit left when it starts, so what nobody allowed is removed
    /// before.
    fn sweep_leftovers(&self, mode: Mode, out: &mut Vec<Command>) {
        let sweep = match (mode, self.last_answer) {
            (Mode::On, LastAnswer::Given) => return,
            (Mode::On, LastAnswer::Unknown) => Sweep::Leftovers,
            (Mode::On, _) => {
                // The flag of a no that is taken back: a page that is reloaded before the SDK is
                // there would find it beside the yes.
                out.extend_from_slice(&[Command::ClearFlag]);
                Sweep::Everything
            }
            _ => Sweep::Everything,
        };
        if self.sdk == Sdk::Locked {
            // A locked instance has the same queues in memory.
            out.extend_from_slice(&[Command::StopSenders]);
        }
        out.extend_from_slice(&[Command::Sweep(sweep)]);
    }

    fn unlock(&mut self, mode: Mode, out: &mut Vec<Command>) {
        let opening = self.opened(mode);
        // The SDK's own flag would refuse every call of an instance that is open.
        out.extend_from_slice(&[Command::Unlock(opening), Command::ClearFlag]);
        if let Opening::On(features) = opening {
            out.extend_from_slice(recipe::GO_ON);
            if features.get(Feature::Flags) {
                out.extend_from_slice(&[Command::LoadFlags]);
            }
            if features.get(Feature::Replay) {
                out.extend_from_slice(&[Command::StartReplay]);
            }
        }
    }

    fn sweep(&mut self, out: &mut Vec<Command>) {
        out.extend_from_slice(recipe::SWEEP);
        self.clean = true;
    }

    fn close(&mut self, out: &mut Vec<Command>) {
        let refused = self.decision.consent == Answer::Denied && self.decision.mode == Mode::Off;
        out.extend_from_slice(if refused { recipe::CLOSE_BY_REFUSAL } else { recipe::CLOSE });
        self.go_to(Sdk::Closing);
        self.last_answer = LastAnswer::Refused;
        self.open = PerFeature::all(false);
        self.clean = true;
    }
}
