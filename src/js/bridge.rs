//! One bridge: what the gate's side (src/page) calls, and what ties the other files together.
//!
//! The state lives here, not in an object handed to JavaScript: such an object could be
//! collected while its listeners are still needed, and a withdrawal would go unheard.

use std::cell::{Cell, RefCell};

use wasm_bindgen::prelude::wasm_bindgen;

use super::host::{Call, call};
use super::notation;
use crate::cmp::{self, Adapter, Reading};
use crate::core::{
    Answer, Around, Command, Denied, Event, Feature, Flow, Implied, Input, Opening, Pending,
    PerFeature, Policy, Privacy, Rank, Session, Signal, Start, Trouble, pieces, write_answers,
};

/// The source that stands for the site's own `grant()` and `deny()`.
const MANUAL: u8 = u8::MAX;

thread_local! {
    static BRIDGES: RefCell<Vec<&'static Bridge>> = const { RefCell::new(Vec::new()) };
}

struct Bridge {
    /// Its number, which is its gate's as well.
    id: usize,
    adapters: Vec<Adapter>,
    /// The categories that the site named, as `signal` takes them.
    wanted: &'static str,
    manual: bool,
    answered: Cell<Option<Answer>>,
    session: RefCell<Session>,
    read: RefCell<Vec<Signal>>,
    queue: RefCell<Vec<Command>>,
    /// Whether the state was ever told: the first may be what the session began with.
    said: Cell<bool>,
    /// What the gate was last told.
    told: Cell<PerFeature<Flow>>,
    running: Cell<bool>,
}

fn bridge(id: usize) -> Option<&'static Bridge> {
    // The borrow ends here: what follows may call into the page, and the page into us.
    BRIDGES.with(|bridges| bridges.borrow().get(id).copied())
}

/// What is told, by its number in src/page/look/host.js.
///
/// One function, as there is one the other way (src/js/host.rs): each that is exported is paid
/// for in the glue and in the wasm.
///
/// 0. A bridge begins: its options, see [`connect`]. The answer is [`Call::Given`] with what is to
///    be looked for, as JSON for probe.js and listen.js.
/// 1. What was found, in the notation; what the browser says (bit 1 Global Privacy Control, 2 Do
///    Not Track, 4 `cmpTimeout` is over, 8 the page is prerendered); the time, in milliseconds since 1970.
/// 2. The site's own `grant()` (1), `deny()` (0) or `reset()` (2). The gate's side looks next,
///    and says 3 when it has: from then on the kept answer speaks, so that another tab can
///    change it.
/// 3. Something happened to the SDK or the page, by its number (src/page/sdk/mixpanel.js).
/// 4. The kept record may have become another: by another tab, or while the page was frozen.
/// 5. Another tab says what was answered there. Nothing: the SDK's stored flag says no, by
///    somebody's call in another tab, or by a bridge there that keeps no record.
/// 6. What was found, to explain: [`Call::Given`] with what the sources say.
#[wasm_bindgen]
pub fn tell(id: usize, what: u8, text: &str, number: u8, now_ms: f64) {
    if what == 0 {
        connect(id, text);
    }
    let Some(bridge) = bridge(id) else { return };
    match what {
        0 => bridge.give(&notation::program(&bridge.adapters)),
        1 => bridge.looked(text, number, now_ms),
        2 => bridge.answer(number),
        3 => {
            if let Some(input) = input(number) {
                bridge.on(Event::Sdk(input));
            }
        }
        4 => bridge.on(Event::Kept(text)),
        5 => bridge.peer(text),
        6 => bridge.give(&bridge.explain(text)),
        _ => {}
    }
}

/// Makes a bridge. `setup` is what the gate has made of the options, in five parts with zeros
/// between them: digits (the choices of the policy; 1 for the site's own banner, for a stored
/// refusal of the SDK's, for a stored identity of its own); the kept record; the categories that
/// the site named (a line for each feature, names separated by tabs); the ids of the adapters to
/// use, separated by spaces (`auto` is all); the site's own adapters, written as `cmp::parse`
/// reads them (src/entry/adapter.ts).
fn connect(id: usize, setup: &str) {
    // A bridge stays for as long as its page, and so does what it was made of.
    let mut parts = pieces(setup.to_owned().leak(), 0);
    let mut next = || parts.next().unwrap_or_default();
    let (digits, kept, wanted, ids, own) = (next(), next(), next(), next(), next());
    let digit = |i: usize| digits.as_bytes().get(i).copied().unwrap_or(b'0');
    let mut adapters = cmp::named(ids);
    adapters.extend(cmp::parse(own));
    let session = Session::new(policy(digit), kept, digit(7) == b'1', digit(8) == b'1');
    let made = Box::leak(Box::new(Bridge {
        id,
        adapters,
        wanted,
        manual: digit(6) == b'1',
        answered: Cell::new(None),
        session: RefCell::new(session),
        read: RefCell::default(),
        queue: RefCell::default(),
        said: Cell::new(false),
        told: Cell::new(PerFeature::all(Flow::Hold)),
        running: Cell::new(false),
    }));
    // Numbers are given in order; one that is not the next has a mistake, and no bridge.
    BRIDGES.with(|bridges| {
        let mut bridges = bridges.borrow_mut();
        if bridges.len() == id {
            bridges.push(made);
        }
    });
}

/// What has a number on the gate's side (src/page/sdk/mixpanel.js).
fn input(code: u8) -> Option<Input> {
    Some(match code {
        0 => Input::Settled,
        1 => Input::Late,
        2 => Input::Leaving,
        3 => Input::Loaded,
        4 => Input::Found,
        5 => Input::LoadFailed,
        6 => Input::LockRefused,
        7 => Input::Queued,
        _ => return None,
    })
}

fn policy(digit: impl Fn(usize) -> u8) -> Policy {
    let privacy = |i| match digit(i) {
        b'1' => Privacy::Strict,
        b'2' => Privacy::Ignore,
        _ => Privacy::Respect,
    };
    Policy {
        start: if digit(0) == b'1' { Start::OptedOut } else { Start::Deferred },
        pending: match digit(1) {
            b'1' => Pending::Drop,
            b'2' => Pending::Cookieless,
            _ => Pending::Hold,
        },
        denied: if digit(2) == b'1' { Denied::Cookieless } else { Denied::Off },
        implied: if digit(3) == b'1' { Implied::Ask } else { Implied::Accept },
        gpc: privacy(4),
        dnt: privacy(5),
    }
}

impl Bridge {
    fn looked(&self, found: &str, around: u8, now_ms: f64) {
        let mut signals = Vec::new();
        self.readings(found, |_, reading| {
            if let Some((_, signal)) = reading {
                signals.push(signal);
            }
        });
        if self.manual {
            let kept = self.session.borrow().kept();
            let answers = self.answered.get().map(PerFeature::all).or(kept);
            signals.push(Signal {
                source: MANUAL,
                rank: Rank::Vendor,
                live: true,
                answers: answers.unwrap_or(PerFeature::all(Answer::Unset)),
                trouble: answers.is_none().then_some(Trouble::Manual),
            });
        }
        for signal in &signals {
            if !self.read.borrow().contains(signal) {
                let answer = signal.answers.get(Feature::Tracking).name();
                self.call(Call::Read, &[self.id_of(signal.source), answer]);
            }
        }
        let bit = |bit| around & bit != 0;
        let around = Around { gpc: bit(1), dnt: bit(2), timed_out: bit(4), unseen: bit(8) };
        self.on(Event::Read { signals: &signals, around, now_ms: now_ms as u64 });
        self.read.replace(signals);
    }

    /// What was found, as each adapter reads it; nothing where it is not that adapter's.
    fn readings(&self, found: &str, mut each: impl FnMut(&Adapter, Option<(Reading, Signal)>)) {
        for (number, snapshot) in notation::snapshots(found) {
            let Some(adapter) = self.adapters.get(number) else { continue };
            let reading = adapter.read(&snapshot);
            each(
                adapter,
                reading.map(|reading| {
                    let signal = cmp::signal(adapter, number as u8, &reading, self.wanted);
                    (reading, signal)
                }),
            );
        }
    }

    fn answer(&self, answer: u8) {
        match answer {
            0 | 1 => self.answered.set(Some(Answer::explicit(answer == 1))),
            2 => self.session.borrow_mut().forget(),
            _ => self.answered.set(None),
        }
    }

    fn peer(&self, answers: &str) {
        if !answers.is_empty() {
            self.on(Event::Peer(answers));
        } else if self.session.borrow().decision().consent != Answer::Denied {
            self.on(Event::Peer("dddd"));
        }
    }

    /// What the sources say, one a line: id, running or stored, answers, then name and answer
    /// of each category and, without a name, of all others; separated by tabs. An empty line is
    /// something found that is not this source's. The first line is the SDK's state.
    fn explain(&self, found: &str) -> String {
        let mut text = String::from(self.session.borrow().machine().sdk().name());
        self.readings(found, |adapter, reading| {
            let Some((reading, signal)) = reading else {
                // What was found there was another's.
                text.push('\n');
                return;
            };
            let live = if reading.live { "\trunning\t" } else { "\tstored\t" };
            let mut tell = |parts: &[&str]| parts.iter().for_each(|part| text.push_str(part));
            tell(&["\n", adapter.id, live, &write_answers(signal.answers)]);
            for (name, answer) in &reading.named {
                tell(&["\t", name, "\t", answer.name()]);
            }
            if let Some(answer) = reading.rest {
                tell(&["\t\t", answer.name()]);
            }
        });
        text
    }

    fn on(&self, event: Event) {
        let effects = self.session.borrow_mut().on(event);
        if self.running.get() {
            // Heard while a command runs, of a released call's own code say: what is to shut
            // shuts now, and not when the command is done.
            let gate = self.session.borrow().machine().gate();
            let told = self.told.get();
            self.tell_gate(PerFeature::of(|feature| told.get(feature).min(gate.get(feature))));
        }
        self.queue.borrow_mut().extend(effects.commands);
        self.run_queue();
        if let Some(record) = effects.record {
            self.call(Call::Record, &[&record.line_of(self.source())]);
            self.call(Call::Tell, &[&write_answers(record.answers)]);
        }
        if effects.new_yes {
            self.call(Call::OptedIn, &[]);
        }
        let first = !self.said.replace(true);
        if effects.changed || first {
            let (decision, code) = {
                let session = self.session.borrow();
                (session.decision(), session.code())
            };
            let (consent, mode) = (decision.consent.name(), decision.mode.name());
            self.call(Call::Say, &[consent, mode, self.source(), code.name(), code.reason()]);
        }
    }

    /// Runs commands in order. The SDK, or the site's own code that it calls, may make
    /// something happen meanwhile; its commands come behind, and a command that opens is
    /// left out if the last decision no longer allows it.
    fn run_queue(&self) {
        if self.running.replace(true) {
            return;
        }
        while let Some(command) = self.next() {
            let allowed = command.allowed_by(self.session.borrow().machine());
            let Some(command) = allowed else { continue };
            if let Command::Gate(flow) = command {
                self.tell_gate(flow);
                continue;
            }
            let features = match command {
                Command::Init(Opening::On(open)) | Command::Unlock(Opening::On(open)) => open,
                _ => PerFeature::all(false),
            };
            let features = letters(|feature| if features.get(feature) { 'p' } else { 'd' });
            if let Some(input) = input(self.call(Call::Run, &[command.name(), &features])) {
                // What was to follow and supposes an instance is no longer allowed; a gate that
                // shuts and a sweep that another event has put there are.
                self.on(Event::Sdk(input));
            }
        }
        self.running.set(false);
    }

    fn next(&self) -> Option<Command> {
        let mut queue = self.queue.borrow_mut();
        let command = *queue.first()?;
        queue.remove(0);
        Some(command)
    }

    fn tell_gate(&self, flow: PerFeature<Flow>) {
        if self.told.replace(flow) != flow {
            let flow = letters(|feature| match flow.get(feature) {
                Flow::Drop => 'd',
                Flow::Hold => 'h',
                Flow::Pass => 'p',
            });
            self.call(Call::Gate, &[&flow]);
        }
    }

    fn source(&self) -> &'static str {
        self.session.borrow().source().map_or("", |source| self.id_of(source))
    }

    fn id_of(&self, source: u8) -> &'static str {
        match source {
            MANUAL => "manual",
            number => self.adapters.get(number as usize).map_or("", |adapter| adapter.id),
        }
    }

    /// Answers with a text.
    fn give(&self, text: &str) {
        self.call(Call::Given, &[text]);
    }

    /// Calls the gate's side. The number is what the call answers with, if it does.
    fn call(&self, what: Call, parts: &[&str]) -> u8 {
        let mut text = String::new();
        for (number, part) in parts.iter().enumerate() {
            if number > 0 {
                text.push('\0');
            }
            text.push_str(part);
        }
        call(self.id, what as u8, &text)
    }
}

/// A letter for each feature.
fn letters(letter: impl Fn(Feature) -> char) -> String {
    let mut letters = String::new();
    for feature in &Feature::ALL {
        letters.push(letter(*feature));
    }
    letters
}
