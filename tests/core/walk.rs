//! The machine, walked: breadth first over every state that it and its world can be in
//! together, with everything that can happen in each. What must never happen is refused by
//! the world itself (`world.rs`); here is only the way through.
//!
//! The commands are run as `src/wasm/page.rs` runs them: in order, each as far as the machine
//! of that moment allows; what happens meanwhile is heard at once, and its commands queue
//! behind.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

use mixpanel_consent_bridge::core::{
    Answer, BrowserSignals, Code, Command, Decision, Denied, Feature, Flow, Implied, Input,
    LastAnswer, Machine, Merged, Mode, Pending, PerFeature, Policy, Privacy, Sdk, Start, Sweep,
    decide,
};

use crate::world::{Refused, World, refuse};

/// Everything `decide` can say, under every policy, without its code: the machine does not
/// look at it (`the_machine_does_not_look_at_the_code`). Do Not Track is not varied, because
/// it does what Global Privacy Control does (`decide.rs`).
pub fn decisions() -> Vec<Decision> {
    let mut all = HashSet::new();
    for policy in policies() {
        for answers in every_answers() {
            for bits in 0..32u8 {
                let bit = |n: u8| bits & (1 << n) != 0;
                let merged = Merged {
                    live: true,
                    answers,
                    source: bit(0).then_some(0),
                    limited: bit(1),
                    code: bit(2).then_some(Code::NotReady),
                };
                let browser =
                    BrowserSignals { gpc: bit(3), dnt: false, timed_out: bit(4), unseen: false };
                all.insert(Decision { code: Code::Looking, ..decide(&merged, browser, &policy) });
            }
        }
    }
    let mut all: Vec<Decision> = all.into_iter().collect();
    all.sort_by_key(|decision| format!("{decision:?}"));
    all
}

pub fn every_answers() -> impl Iterator<Item = PerFeature<Answer>> {
    (0..625usize).map(|n| PerFeature::of(|feature| Answer::ALL[n / 5usize.pow(feature as u32) % 5]))
}

/// Every policy, but for `start` and `dnt`, which make no other decision.
pub fn policies() -> Vec<Policy> {
    let mut all = Vec::new();
    for pending in [Pending::Hold, Pending::Drop, Pending::Cookieless] {
        for denied in [Denied::Off, Denied::Cookieless] {
            for implied in [Implied::Accept, Implied::Ask] {
                for gpc in [Privacy::Respect, Privacy::Strict, Privacy::Ignore] {
                    all.push(Policy { pending, denied, implied, gpc, ..Policy::default() });
                }
            }
        }
    }
    all
}

/// One of each kind: no two features differ where one alone shows the same.
fn a_few(decisions: &[Decision]) -> Vec<Decision> {
    let kept = |decision: &&Decision| {
        let [tracking, replay, profile, flags] = Feature::ALL.map(|f| decision.flow.get(f));
        let uniform = replay == profile && profile == flags;
        let no_replay = replay == Flow::Drop && profile == flags && flags == tracking;
        decision.consent != Answer::ImpliedGranted
            && ((uniform && (replay == tracking || tracking == Flow::Pass && replay == Flow::Hold))
                || (no_replay && decision.mode == Mode::On))
    };
    decisions.iter().filter(kept).copied().collect()
}

/// The machine, its world, and the commands that wait to be run.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct State {
    pub machine: Machine,
    pub world: World,
    queue: VecDeque<Command>,
    /// How often something may still happen while commands wait.
    nested: u8,
}

impl State {
    pub fn new(start: Start, past: LastAnswer, known: bool, lock_holds: bool) -> State {
        State {
            machine: Machine::new(start, past, known),
            world: World::new(past, known, lock_holds),
            queue: VecDeque::new(),
            nested: 0,
        }
    }

    pub fn hear(&mut self, input: Input) -> Result<(), Refused> {
        self.world.happens(input);
        let commands = self.machine.step(input);
        if !self.queue.is_empty() {
            // Amid commands: what is to shut shuts now.
            let gate = self.machine.gate();
            let gate = PerFeature::of(|f| self.world.gate.get(f).min(gate.get(f)));
            self.world.run(Command::Gate(gate), false)?;
        }
        self.queue.extend(commands);
        Ok(())
    }

    /// Runs the next command; answers with its name.
    fn run_one(&mut self, fails: bool) -> Result<(), Refused> {
        let Some(command) = self.queue.pop_front() else { return Ok(()) };
        if let Some(command) = command.allowed_by(&self.machine)
            && let Some(input) = self.world.run(command, fails)?
        {
            self.hear(input)?;
        }
        self.world.site_calls()
    }

    pub fn run_all(&mut self, fails: bool) -> Result<(), Refused> {
        while !self.queue.is_empty() {
            self.run_one(fails)?;
        }
        self.world.rests(&self.machine)
    }

    /// The SDK answers everything it is asked.
    pub fn settle(mut self) -> Result<State, Refused> {
        self.run_all(false)?;
        for _ in 0..6 {
            let answer =
                [Input::Loaded, Input::Settled].into_iter().find(|input| self.world.can(*input));
            let Some(input) = answer else { break };
            self.hear(input)?;
            self.run_all(false)?;
        }
        Ok(self)
    }
}

const HAPPENINGS: [Input; 8] = [
    Input::Loaded,
    Input::Found,
    Input::LoadFailed,
    Input::LockRefused,
    Input::Settled,
    Input::Late,
    Input::Leaving,
    Input::Queued,
];

/// Fowler, Noll and Vo's hash, a word at a time: nobody chooses these keys, and most of a
/// walk is looking them up.
#[derive(Default)]
struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_ne_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x0100_0000_01b3);
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(byte.into());
    }

    fn write_isize(&mut self, word: isize) {
        self.write_u64(word as u64);
    }
}

/// Every state that was reached, and how.
struct Walk {
    states: Vec<State>,
    came: Vec<(usize, String)>,
    known: HashMap<State, usize, BuildHasherDefault<Quick>>,
    /// What was refused first of its kind, and the way there.
    found: Vec<(Refused, String)>,
}

impl Walk {
    fn from(state: State) -> Walk {
        Walk {
            states: vec![state.clone()],
            came: vec![(0, "start".into())],
            known: [(state, 0)].into_iter().collect(),
            found: Vec::new(),
        }
    }

    fn reach(&mut self, from: usize, label: impl Fn() -> String, state: State) {
        if !self.known.contains_key(&state) {
            self.known.insert(state.clone(), self.states.len());
            self.states.push(state);
            self.came.push((from, label()));
        }
    }

    fn path(&self, mut at: usize) -> String {
        let mut steps = Vec::new();
        while at != 0 {
            steps.push(self.came[at].1.clone());
            at = self.came[at].0;
        }
        steps.reverse();
        steps.join("\n  ")
    }

    /// One step from a state, and where it starts the SDK, the same with a start that fails.
    fn step(
        &mut self,
        at: usize,
        step: impl Fn(&mut State, bool) -> Result<(), Refused>,
        label: impl Fn() -> String,
    ) {
        for fails in [false, true] {
            let mut next = self.states[at].clone();
            let done = step(&mut next, fails).and_then(|()| {
                if next.queue.is_empty() {
                    next.nested = 0;
                    next.world.rests(&next.machine)?;
                }
                Ok(())
            });
            let started = std::mem::take(&mut next.world.started);
            let label = || if fails { label() + ", and it does not start" } else { label() };
            match done {
                Ok(()) => self.reach(at, label, next),
                Err(what) => self.refused(at, label, what),
            }
            if !started {
                break;
            }
        }
    }

    /// Notes what the world refused; the walk goes on elsewhere, so that one run shows all.
    fn refused(&mut self, at: usize, last: impl Fn() -> String, what: Refused) {
        if !self.found.iter().any(|(known, _)| *known == what) {
            self.found.push((what, format!("{}\n  {}", self.path(at), last())));
        }
    }
}

/// `known` makes no difference to a machine that starts after a no.
const STARTS: [(Start, LastAnswer, bool); 10] = [
    (Start::Deferred, LastAnswer::Given, true),
    (Start::OptedOut, LastAnswer::Unknown, false),
    (Start::OptedOut, LastAnswer::Refused, true),
    (Start::Deferred, LastAnswer::Unknown, true),
    (Start::Deferred, LastAnswer::Given, false),
    (Start::Deferred, LastAnswer::Refused, true),
    (Start::Deferred, LastAnswer::Unknown, false),
    (Start::OptedOut, LastAnswer::Given, true),
    (Start::OptedOut, LastAnswer::Given, false),
    (Start::OptedOut, LastAnswer::Unknown, true),
];

fn show(input: Input) -> String {
    match input {
        Input::Decide(d) => {
            let flow: String = Feature::ALL.map(|f| d.flow.get(f).name()).join(" ");
            format!("decide {} {} {flow}", d.consent.name(), d.mode.name())
        }
        other => format!("{other:?}"),
    }
}

/// Walks; answers with the number of states. `nested`: how often in one run of commands
/// something happens in the middle of it.
fn walk(
    first: State,
    decisions: &[Decision],
    nested: u8,
    each: impl Fn(&State) -> Result<(), Refused>,
) -> Walk {
    let inputs: Vec<Input> =
        HAPPENINGS.into_iter().chain(decisions.iter().map(|d| Input::Decide(*d))).collect();
    let mut walk = Walk::from(first);
    let mut at = 0;
    while at < walk.states.len() {
        let state = walk.states[at].clone();
        let resting = state.queue.is_empty();
        if !resting {
            walk.step(at, |next, fails| next.run_one(fails), || format!("  {:?}", state.queue[0]));
        } else if let Err(what) = each(&state) {
            walk.refused(at, || "then the SDK answers".into(), what);
        }
        if resting || state.nested > 0 {
            for input in inputs.iter().filter(|input| state.world.can(**input)) {
                // Timers and the network wait for the commands, which are one task.
                if !resting && !matches!(input, Input::Decide(_) | Input::Leaving) {
                    continue;
                }
                let happen = |next: &mut State, fails: bool| {
                    next.nested = if resting { nested } else { next.nested - 1 };
                    next.hear(*input)?;
                    // Nothing can come between: no need to look at each command.
                    if nested == 0 { next.run_all(fails) } else { Ok(()) }
                };
                let amid = if resting { "" } else { "  amid this: " };
                walk.step(at, happen, || format!("{amid}{}", show(*input)));
            }
        }
        at += 1;
    }
    walk
}

/// From any state the SDK's answers lead to where the decision is.
fn arrives(state: &State) -> Result<(), Refused> {
    if state.machine.sdk() == Sdk::Failed && !state.world.asked {
        return Ok(());
    }
    let settled = state.clone().settle()?;
    // However late the SDK writes: after a no it goes, and where it runs it stays.
    let late = settled.machine.clone().step(Input::Queued);
    let swept = late.contains(&Command::Sweep(Sweep::Everything));
    if settled.machine.decision().is_denied() && !swept {
        return refuse("a queue that is found after a no stays");
    }
    if settled.machine.sdk() == Sdk::On && !late.is_empty() {
        return refuse(format!("a queue of a running SDK is a reason for {late:?}"));
    }
    settled.world.arrived()
}

fn check(
    starts: &[(Start, LastAnswer, bool)],
    nested: u8,
    decisions: &[Decision],
    each: impl Fn(&State) -> Result<(), Refused> + Sync,
) {
    let each = &each;
    let walks: Vec<(String, Walk)> = std::thread::scope(|scope| {
        let halves: Vec<_> = (0..2)
            .map(|half| {
                let mine = starts.iter().skip(half).step_by(2);
                scope.spawn(move || {
                    mine.map(|&(start, past, known)| {
                        let first = State::new(start, past, known, true);
                        let what = format!("{start:?}, past {past:?}, known {known}");
                        (what, walk(first, decisions, nested, each))
                    })
                    .collect::<Vec<_>>()
                })
            })
            .collect();
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    let mut text = String::new();
    for (start, walk) in walks {
        println!("{start}: {} states, {} decisions", walk.states.len(), decisions.len());
        // Nothing proves nothing.
        assert!(walk.states.len() > 100, "{start}");
        for (what, path) in walk.found {
            text += &format!("\n{what}\n  {start}\n  {path}\n");
        }
    }
    assert!(text.is_empty(), "{text}");
}

#[test]
fn every_state_with_everything_that_can_happen_in_it() {
    check(&STARTS, 0, &decisions(), arrives);
}

#[test]
fn something_happens_amid_the_commands_of_another() {
    let decisions = a_few(&decisions());
    for mode in [Mode::Off, Mode::Cookieless, Mode::On] {
        assert!(decisions.iter().any(|decision| decision.mode == mode));
    }
    assert!(decisions.iter().any(|decision| decision.is_denied()));
    check(&STARTS[..4], 2, &decisions, |_| Ok(()));
}
