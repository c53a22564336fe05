//! A little world for the machine: an instance of the SDK, a device, and a gate with calls
//! that wait. It does what the commands say, as the driver (`src/page/sdk/mixpanel.js`) and the
//! gate (`src/page/gate/hold.ts`) do them on SDK versions 2.41 to 2.83, and refuses what must
//! never be done. It is no copy of the SDK: it keeps only where things come from (before or
//! after a no) and where they are.
//!
//! What the SDK does with each was found by experiment in a browser: a lock refuses calls and
//! uploads and deletes the stored identity, not the one in memory; a queue is flushed by a
//! start that is not locked and by starting the senders; stopping a recording or resetting
//! before the lock uploads it; late writers arrive after the lock.

use mixpanel_consent_bridge::core::{
    Answer, Command, Decision, Feature, Flow, Input, LastAnswer, Machine, Mode, Opening,
    PerFeature, Sweep,
};

/// Where an identity comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Id {
    /// An earlier visit, or the site's own start of the SDK.
    LastAnswer,
    /// Born in a locked instance or by a reset, and never used.
    Fresh,
    /// Used under a yes.
    Own,
    /// Used for events without storage.
    Cookieless,
    /// From before a no.
    Stale,
}

/// Events or recordings, as far as it matters: whether there are any that may be sent after
/// a yes, and any that may never be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Data {
    pub good: bool,
    pub stale: bool,
}

impl Data {
    const NONE: Data = Data { good: false, stale: false };

    fn age(&mut self) {
        *self = Data { good: false, stale: self.good || self.stale };
    }

    fn any(self) -> bool {
        self.good || self.stale
    }
}

/// The SDK's own flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flag {
    None,
    In,
    Out,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instance {
    pub locked: bool,
    /// Stores what it knows on the device.
    pub storing: bool,
    /// Sends its queue by timer.
    pub senders: bool,
    pub recording: bool,
    /// Its recorder was stopped and has not stored its last events: opened now, it uploads them.
    stopping: bool,
    pub id: Id,
    pub queue: Data,
    /// What it was about to store when it was locked, a moment later.
    late: bool,
    /// The same of its slowest writer, seconds later.
    slow: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Device {
    pub id: Option<Id>,
    pub queue: Data,
    pub recordings: Data,
    pub tab: bool,
    pub flag: Flag,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct World {
    /// The lock holds, as in every version known.
    pub lock_holds: bool,
    /// An instance that the site started itself may still be found.
    pub pristine: bool,
    /// The SDK has been asked for and has not come.
    pub asked: bool,
    /// It is there to be started.
    pub script: bool,
    pub sdk: Option<Instance>,
    pub device: Device,
    pub gate: PerFeature<Flow>,
    /// Calls that wait, by feature.
    pub held: PerFeature<Data>,
    /// A start was tried in this step.
    pub started: bool,
    pub settle_due: bool,
    pub late_due: bool,
    /// The last decision, as the page knows it.
    pub decision: Decision,
    /// What an earlier yes left is to be kept: no no, and nothing closed so far.
    pub keep: bool,
    /// The last answer of a visitor's was a no, with nothing allowed after it.
    pub no_said: bool,
    /// The identity that was on the device is one worth keeping.
    pub known: bool,
}

/// What the world does not let happen.
pub type Refused = String;

pub fn refuse<T>(what: impl Into<String>) -> Result<T, Refused> {
    Err(what.into())
}

fn with<T: Copy>(all: PerFeature<T>, feature: Feature, value: T) -> PerFeature<T> {
    PerFeature::of(|f| if f == feature { value } else { all.get(f) })
}

impl World {
    pub fn new(past: LastAnswer, known: bool, lock_holds: bool) -> World {
        let left = match past {
            LastAnswer::Given => Data { good: true, stale: false },
            // Nobody can tell that it was allowed.
            LastAnswer::Refused | LastAnswer::Unknown => Data { good: false, stale: true },
        };
        World {
            lock_holds,
            pristine: true,
            asked: false,
            script: false,
            sdk: None,
            device: Device {
                id: known.then_some(if past == LastAnswer::Refused {
                    Id::Stale
                } else {
                    Id::LastAnswer
                }),
                queue: left,
                recordings: left,
                tab: false,
                flag: match past {
                    LastAnswer::Given => Flag::In,
                    LastAnswer::Refused => Flag::Out,
                    // Stale, and believed by nobody but the SDK.
                    LastAnswer::Unknown => Flag::In,
                },
            },
            gate: PerFeature::all(Flow::Hold),
            held: PerFeature::all(Data::NONE),
            started: false,
            settle_due: false,
            late_due: false,
            decision: Decision::LOOKING,
            keep: past != LastAnswer::Refused,
            no_said: past == LastAnswer::Refused,
            known,
        }
    }

    /// Whether this can happen now.
    pub fn can(&self, input: Input) -> bool {
        match input {
            Input::Decide(_) | Input::Leaving => true,
            Input::Loaded | Input::LoadFailed => self.asked,
            Input::Found => self.asked || (self.pristine && self.sdk.is_none()),
            Input::Settled => self.settle_due,
            Input::Late => self.late_due,
            Input::Queued => self.device.queue.any(),
            // The driver's answer to a locked start, see `run`.
            Input::LockRefused => false,
        }
    }

    /// What happens in the world when this happens, before the machine hears of it.
    pub fn happens(&mut self, input: Input) {
        match input {
            Input::Decide(decision) => {
                if decision.is_denied() != self.decision.is_denied() {
                    // What waits was said under another answer.
                    self.held = PerFeature::of(|f| {
                        let mut held = self.held.get(f);
                        held.age();
                        held
                    });
                }
                if decision.is_denied() && !self.decision.is_denied() {
                    let age = |id: Id| if id == Id::Cookieless { id } else { Id::Stale };
                    self.device.queue.age();
                    self.device.recordings.age();
                    self.device.id = self.device.id.map(age);
                    if let Some(sdk) = &mut self.sdk {
                        sdk.queue.age();
                        sdk.id = age(sdk.id);
                    }
                }
                if (self.decision.mode, decision.mode) == (Mode::On, Mode::On)
                    && self.decision.flow.get(Feature::Replay) == Flow::Pass
                    && decision.flow.get(Feature::Replay) != Flow::Pass
                {
                    self.device.recordings.age();
                }
                self.no_said |= decision.consent == Answer::Denied && decision.mode == Mode::Off;
                if decision.is_denied()
                    || decision.mode == Mode::Cookieless
                    || (self.decision.mode == Mode::On && decision.mode == Mode::Off)
                {
                    self.keep = false;
                }
                self.decision = decision;
            }
            Input::Loaded => {
                self.asked = false;
                self.script = true;
            }
            // It may only be late.
            Input::LoadFailed => {}
            Input::Found => {
                self.asked = false;
                self.script = true;
                // The gate has locked it and stopped its senders in the same task.
                self.sdk = Some(Instance {
                    locked: true,
                    storing: false,
                    senders: false,
                    recording: true,
                    stopping: false,
                    id: match (self.device.id, self.decision.is_denied()) {
                        (Some(Id::Stale), _) | (_, true) => Id::Stale,
                        _ => Id::LastAnswer,
                    },
                    queue: Data::NONE,
                    late: true,
                    slow: true,
                });
                self.device.id = None;
                self.device.tab = true;
            }
            Input::Settled => {
                self.settle_due = false;
                let stale = Data { good: false, stale: true };
                if let Some(sdk) = &mut self.sdk {
                    sdk.stopping = false;
                }
                if let Some(sdk) = &mut self.sdk
                    && sdk.late
                {
                    sdk.late = false;
                    self.device.recordings = stale;
                    // One whose senders run was only paused: its queue is as allowed as before.
                    if !sdk.senders {
                        sdk.queue = stale;
                        self.device.queue = stale;
                        self.device.tab = true;
                    }
                }
            }
            Input::Late => {
                if let Some(sdk) = &self.sdk
                    && sdk.slow
                {
                    self.device.recordings.stale = true;
                }
            }
            Input::LockRefused | Input::Leaving | Input::Queued => {}
        }
        self.pristine = false;
    }

    /// Does one command; answers with what the driver hears at once. `fails`: a start of the
    /// SDK gives no instance.
    pub fn run(&mut self, command: Command, fails: bool) -> Result<Option<Input>, Refused> {
        let decision = self.decision;
        let pass = |feature| decision.flow.get(feature) == Flow::Pass;
        match command {
            Command::Gate(flow) => {
                self.gate = flow;
                for feature in Feature::ALL {
                    let held = self.held.get(feature);
                    if flow.get(feature) == Flow::Pass && held.any() {
                        if held.stale {
                            return refuse(format!(
                                "a {} call from before the answer changed is released",
                                feature.name()
                            ));
                        }
                        self.sends(feature, "a held call")?;
                    }
                    if flow.get(feature) != Flow::Hold {
                        self.held = with(self.held, feature, Data::NONE);
                    }
                }
            }
            Command::Load => {
                if self.script || self.sdk.is_some() {
                    return refuse("the SDK is asked for twice");
                }
                self.asked = true;
            }
            Command::Init(opening) => return self.init(opening, fails),
            // As the driver does where an init was left out.
            Command::Unlock(opening) if self.sdk.is_none() => return self.init(opening, fails),
            Command::Unlock(opening) => {
                let Some(sdk) = &mut self.sdk else { return Ok(None) };
                sdk.locked = false;
                match opening {
                    Opening::Locked => return refuse("unlocked as locked"),
                    Opening::Cookieless => {
                        if decision.mode == Mode::Off {
                            return refuse("opened cookieless while off");
                        }
                        if sdk.senders {
                            return refuse("cookieless with a queue that is sent later");
                        }
                        sdk.storing = false;
                        self.uses_cookieless()?;
                    }
                    Opening::On(features) => {
                        if decision.mode != Mode::On {
                            return refuse("opened while not on");
                        }
                        if sdk.stopping {
                            return refuse("opened before the recorder has stopped: it uploads");
                        }
                        self.no_more_than_decided(features)?;
                        self.uses_on()?;
                    }
                }
            }
            Command::Lock => {
                if let Some(sdk) = &mut self.sdk {
                    if !sdk.locked && sdk.storing {
                        sdk.late = true;
                        sdk.slow = true;
                    }
                    sdk.locked = true;
                    sdk.storing = false;
                    self.device.id = None;
                }
            }
            Command::OptOut => {
                if !self.no_said && self.lock_holds {
                    return refuse("other tabs are told of a no that no visitor said");
                }
                if let Some(sdk) = &mut self.sdk {
                    sdk.storing = false;
                    sdk.senders = false;
                    sdk.recording = false;
                    sdk.queue = Data::NONE;
                    self.device.queue = Data::NONE;
                    self.device.id = None;
                    self.device.flag = Flag::Out;
                }
            }
            Command::StopReplay => {
                if let Some(sdk) = &mut self.sdk {
                    let uploads = sdk.recording && !sdk.locked;
                    sdk.stopping |= sdk.recording;
                    sdk.recording = false;
                    if uploads && !pass(Feature::Replay) {
                        return refuse("stopping the recording before the lock uploads it");
                    }
                }
            }
            Command::Reset => {
                if let Some(sdk) = &mut self.sdk {
                    if sdk.recording && !sdk.locked {
                        return refuse("a reset before the lock uploads the recording");
                    }
                    if !sdk.locked && sdk.storing {
                        return refuse("a reset of an instance that runs for a visitor's yes");
                    }
                    sdk.id = Id::Fresh;
                }
            }
            Command::StopSenders => {
                if let Some(sdk) = &mut self.sdk {
                    sdk.senders = false;
                    sdk.queue = Data::NONE;
                    self.device.queue = Data::NONE;
                }
            }
            Command::ClearFlag => self.device.flag = Flag::None,
            Command::StartSenders => {
                if decision.mode != Mode::On {
                    return refuse("the senders start while not on");
                }
                if let Some(sdk) = &mut self.sdk {
                    sdk.senders = true;
                }
                self.flushes()?;
            }
            Command::Pageview => {
                if !self.sdk.is_some_and(|sdk| sdk.recording) || pass(Feature::Tracking) {
                    self.sends(Feature::Tracking, "the page view")?;
                }
            }
            Command::LoadFlags => self.sends(Feature::Flags, "a request for flags")?,
            Command::StartReplay => {
                self.sends(Feature::Replay, "a recording")?;
                if let Some(sdk) = &mut self.sdk {
                    sdk.recording = true;
                }
            }
            Command::Sweep(Sweep::Recordings) => self.device.recordings = Data::NONE,
            Command::Sweep(sweep) => {
                self.device.tab = false;
                self.device.queue = Data::NONE;
                self.device.recordings = Data::NONE;
                if self.device.flag == Flag::In {
                    self.device.flag = Flag::None;
                }
                if sweep == Sweep::Everything {
                    self.device.id = None;
                }
            }
            Command::Settle => self.settle_due = true,
            Command::Late => self.late_due = true,
            Command::Prepare => {}
        }
        Ok(None)
    }

    fn init(&mut self, opening: Opening, fails: bool) -> Result<Option<Input>, Refused> {
        if self.sdk.is_some() {
            return refuse("started twice");
        }
        if !self.script {
            return refuse("started before it is there");
        }
        if opening != Opening::Locked || self.device.flag != Flag::Out {
            self.device.flag = Flag::None;
        }
        self.started = true;
        if fails {
            return Ok(Some(Input::LoadFailed));
        }
        let open = opening != Opening::Locked;
        // Disabled storage deletes what is stored, and keeps it in memory.
        let id = self.device.id.take().unwrap_or(Id::Fresh);
        if opening == Opening::Locked && self.known && self.keep {
            return refuse("a locked start deletes the identity of a known visitor");
        }
        self.sdk = Some(Instance {
            locked: !open,
            storing: false,
            senders: false,
            recording: false,
            stopping: false,
            id,
            queue: self.device.queue,
            late: false,
            slow: false,
        });
        // The driver keeps a start without storage from writing it, in the versions that would.
        self.device.tab |= matches!(opening, Opening::On(_));
        match opening {
            Opening::Locked => return Ok((!self.lock_holds).then_some(Input::LockRefused)),
            Opening::Cookieless => {
                if self.decision.mode == Mode::Off {
                    return refuse("started cookieless while off");
                }
                self.flushes()?;
                self.uses_cookieless()?;
            }
            Opening::On(features) => {
                if self.decision.mode != Mode::On {
                    return refuse("started while not on");
                }
                self.no_more_than_decided(features)?;
                if let Some(sdk) = &mut self.sdk {
                    sdk.senders = true;
                    sdk.recording = features.get(Feature::Replay);
                }
                self.flushes()?;
                self.uses_on()?;
            }
        }
        Ok(None)
    }

    fn no_more_than_decided(&self, features: PerFeature<bool>) -> Result<(), Refused> {
        for feature in Feature::ALL {
            if features.get(feature) && self.decision.flow.get(feature) != Flow::Pass {
                return refuse(format!("opened for {} against the decision", feature.name()));
            }
        }
        Ok(())
    }

    /// A start and the senders send what is queued and what was recorded, here and earlier.
    fn flushes(&mut self) -> Result<(), Refused> {
        let Some(sdk) = &mut self.sdk else { return Ok(()) };
        if self.device.recordings.any() && self.decision.flow.get(Feature::Replay) != Flow::Pass {
            return refuse("a recording is sent, and recording is not allowed");
        }
        if sdk.queue.stale || self.device.queue.stale || self.device.recordings.stale {
            return refuse("something nobody allowed, or from before a no, is sent");
        }
        sdk.queue = Data::NONE;
        self.device.queue = Data::NONE;
        Ok(())
    }

    fn uses_on(&mut self) -> Result<(), Refused> {
        let Some(sdk) = &mut self.sdk else { return Ok(()) };
        match sdk.id {
            Id::Stale => return refuse("a yes after a no goes on with the identity from before"),
            Id::Cookieless => return refuse("the cookieless identity is tied to the person"),
            Id::Fresh => sdk.id = Id::Own,
            Id::Own | Id::LastAnswer => {}
        }
        if self.keep && self.known && sdk.id != Id::LastAnswer {
            return refuse("the identity of a visitor who is known is lost");
        }
        sdk.storing = true;
        self.no_said = false;
        (sdk.late, sdk.slow) = (false, false);
        self.device.id = Some(sdk.id);
        Ok(())
    }

    fn uses_cookieless(&mut self) -> Result<(), Refused> {
        let Some(sdk) = &mut self.sdk else { return Ok(()) };
        if sdk.id != Id::Fresh {
            return refuse(format!("cookieless events under an identity that is {:?}", sdk.id));
        }
        sdk.id = Id::Cookieless;
        self.no_said = false;
        Ok(())
    }

    /// Something goes to the SDK to be sent or stored now.
    fn sends(&mut self, feature: Feature, what: &str) -> Result<(), Refused> {
        if self.decision.flow.get(feature) != Flow::Pass {
            return refuse(format!(
                "{what} ({}) goes out, and the decision is {:?}",
                feature.name(),
                self.decision.flow.get(feature)
            ));
        }
        let Some(sdk) = &mut self.sdk else {
            return refuse(format!("{what} ({}) is lost: there is no instance", feature.name()));
        };
        if sdk.locked || self.device.flag == Flag::Out {
            return refuse(format!("{what} ({}) is lost: the SDK is locked", feature.name()));
        }
        if self.decision.mode == Mode::Cookieless && (sdk.storing || feature != Feature::Tracking) {
            return refuse(format!("{what} ({}) goes out with storage", feature.name()));
        }
        if sdk.storing {
            sdk.queue.good = true;
            self.device.queue.good = true;
            self.device.recordings.good |= sdk.recording;
            self.device.tab = true;
        }
        Ok(())
    }

    /// The site calls the SDK, for every feature.
    pub fn site_calls(&mut self) -> Result<(), Refused> {
        for feature in Feature::ALL {
            match self.gate.get(feature) {
                Flow::Drop => {}
                Flow::Hold => {
                    let held = self.held.get(feature);
                    self.held = with(self.held, feature, Data { good: true, ..held });
                }
                Flow::Pass => self.sends(feature, "a call of the site's")?,
            }
        }
        Ok(())
    }

    /// What must hold whenever no command is waiting to be run.
    pub fn rests(&self, machine: &Machine) -> Result<(), Refused> {
        let decision = machine.decision();
        if decision != self.decision {
            return refuse("the machine does not hold the last decision");
        }
        if self.gate != machine.gate() {
            return refuse("the gate is not where the machine thinks it is");
        }
        for feature in Feature::ALL {
            if self.gate.get(feature) > decision.flow.get(feature) {
                return refuse(format!("the gate for {} is too far open", feature.name()));
            }
        }
        let open = self.sdk.filter(|sdk| !sdk.locked);
        match (decision.mode, open) {
            (Mode::Off, Some(_)) if self.lock_holds => return refuse("off, and the SDK is open"),
            (Mode::Cookieless, Some(sdk)) if sdk.storing || sdk.senders => {
                return refuse("cookieless, and the SDK stores");
            }
            _ => {}
        }
        if decision.mode == Mode::Off && self.sdk.is_some_and(|sdk| sdk.senders || sdk.recording) {
            return refuse("off, and something is still being sent");
        }
        if let Some(sdk) = open
            && sdk.recording
            && decision.flow.get(Feature::Replay) != Flow::Pass
        {
            return refuse("it records against the decision");
        }
        if let Some(sdk) = open
            && sdk.storing
            && self.device.recordings.any()
            && !sdk.slow
            && decision.flow.get(Feature::Replay) != Flow::Pass
        {
            return refuse("a recording is kept, and recording is not allowed");
        }
        let device = self.device;
        let left = device.id.is_some() || device.queue.any() || device.recordings.any();
        if decision.is_denied() && !self.settle_due && left {
            return refuse("after a no something is left on the device");
        }
        if decision.mode != Mode::On && !self.settle_due && self.sdk.is_some() && device.tab {
            return refuse("this tab's ids stay, and the SDK is not on");
        }
        if device.flag == Flag::In && self.sdk.is_some() && !self.settle_due {
            return refuse("the stale `1` flag is still there");
        }
        if device.flag == Flag::Out && self.sdk.is_some() && !self.settle_due && !self.no_said {
            return refuse("the `0` flag is stored, and no visitor's no stands");
        }
        if device.flag == Flag::Out && open.is_some() {
            return refuse("the SDK is open, and its `0` flag refuses every call");
        }
        Ok(())
    }

    /// What must hold once the SDK has answered everything it was asked.
    pub fn arrived(&self) -> Result<(), Refused> {
        let decision = self.decision;
        let at = (self.sdk.map(|sdk| (sdk.locked, sdk.storing, sdk.senders)), decision.mode);
        match at {
            (Some((true, false, false)) | None, Mode::Off) => {}
            (Some((false, false, false)), Mode::Cookieless) => {}
            // A start without batching sends at once; with it, the senders run.
            (Some((false, true, true)), Mode::On) => {}
            _ => return refuse(format!("it never gets where the decision is: {at:?}")),
        }
        if self.gate != decision.flow {
            return refuse(format!(
                "the gate stays {:?}, and the decision is {:?}",
                self.gate, decision.flow
            ));
        }
        if decision.mode == Mode::On {
            let wanted = decision.flow.get(Feature::Replay) == Flow::Pass;
            if self.sdk.is_some_and(|sdk| sdk.recording) != wanted {
                return refuse("recording is not as decided");
            }
            let held = Feature::ALL
                .iter()
                .any(|f| decision.flow.get(*f) == Flow::Pass && self.held.get(*f).any());
            if held {
                return refuse("calls that may pass still wait");
            }
        }
        Ok(())
    }
}
