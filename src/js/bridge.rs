//! One bridge: what the gate's side (src/entry) calls, and what ties the other files together.
//!
//! The state lives here, not in an object handed to JavaScript: such an object could be
//! collected while its listeners are still needed, and a withdrawal would go unheard.

use std::cell::{Cell, RefCell};

use js_sys::Date;
use wasm_bindgen::prelude::wasm_bindgen;

use super::host::Host;
use super::{notation, record};
use crate::cmp::{self, Adapter};
use crate::core::{
    Answer, Around, Command, Denied, Event, Feature, Flow, Implied, Input, Opening, Pending,
    PerFeature, Policy, Privacy, Rank, Record, Session, Signal, Start, Trouble, pieces,
    write_answers,
};

/// The source that stands for the site's own `grant()` and `deny()`.
const MANUAL: u8 = u8::MAX;

thread_local! {
    static BRIDGES: RefCell<Vec<&'static Bridge>> = const { RefCell::new(Vec::new()) };
}

struct Bridge {
    host: Host,
    /// What `localStorage` has the record under; empty if the record is not kept there.
    key: &'static str,
    adapters: Vec<&'static Adapter>,
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

/// Makes a bridge; answers with its number. `setup` is what the gate has made of the options, in
/// four parts with zeros between them: digits (the choices of the policy; 1 for the site's own
/// banner, for a stored refusal of the SDK's, for a stored identity of its own); the record's key
/// in `localStorage`, if it is to be there; the categories that the site named (a line for each
/// feature, names separated by tabs); the ids of the adapters to use, separated by spaces (`auto`
/// is all).
#[wasm_bindgen]
pub fn connect(host: Host, setup: String) -> usize {
    // A bridge stays for as long as its page, and so does what it was made of.
    let mut parts = pieces(setup.leak(), 0);
    let mut next = || parts.next().unwrap_or_default();
    let (digits, key, wanted, ids) = (next(), next(), next(), next());
    let digit = |i: usize| digits.as_bytes().get(i).copied().unwrap_or(b'0');
    let mut adapters: Vec<&'static Adapter> = Vec::new();
    for adapter in cmp::ALL {
        if pieces(ids, b' ').any(|id| id == "auto" || id == adapter.id) {
            adapters.push(adapter);
        }
    }
    let kept = record::read(&host, key);
    let session = Session::new(policy(digit), &kept, digit(7) == b'1', digit(8) == b'1');
    let made = Box::leak(Box::new(Bridge {
        host,
        key,
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
    BRIDGES.with(|bridges| {
        let mut bridges = bridges.borrow_mut();
        bridges.push(made);
        bridges.len() - 1
    })
}

/// What is to be looked for, as JSON for probe.js and listen.js.
#[wasm_bindgen]
pub fn program(id: usize) -> String {
    bridge(id).map_or_else(String::new, |bridge| notation::program(&bridge.adapters))
}

/// What was found, in the notation, and what the browser says: bit 1 Global Privacy
/// Control, 2 Do Not Track, 4 `cmpTimeout` is over.
#[wasm_bindgen]
pub fn looked(id: usize, found: &str, around: u8) {
    let Some(bridge) = bridge(id) else { return };
    let mut signals = Vec::new();
    for (number, snapshot) in notation::snapshots(found) {
        let Some(adapter) = bridge.adapters.get(number) else { continue };
        if let Some(reading) = adapter.read(&snapshot) {
            signals.push(cmp::signal(adapter, number as u8, &reading, bridge.wanted));
        }
    }
    if bridge.manual {
        let kept = bridge.session.borrow().kept();
        let answers = bridge.answered.get().map(PerFeature::all).or(kept);
        signals.push(Signal {
            source: MANUAL,
            rank: Rank::Vendor,
            live: true,
            answers: answers.unwrap_or(PerFeature::all(Answer::Unset)),
            trouble: answers.is_none().then_some(Trouble::Manual),
        });
    }
    for signal in &signals {
        if !bridge.read.borrow().contains(signal) {
            let answer = signal.answers.get(Feature::Tracking).name();
            bridge.host.read(bridge.id_of(signal.source), answer);
        }
    }
    bridge.read.replace(signals.clone());
    let around = Around { gpc: around & 1 != 0, dnt: around & 2 != 0, timed_out: around & 4 != 0 };
    bridge.on(Event::Read { signals: &signals, around, now_ms: Date::now() as u64 });
}

/// The site's own `grant()` (1), `deny()` (0) or `reset()` (2). The gate's side looks next.
#[wasm_bindgen]
pub fn answer(id: usize, answer: u8) {
    let Some(bridge) = bridge(id) else { return };
    match answer {
        0 | 1 => bridge.answered.set(Some(Answer::explicit(answer == 1))),
        2 => {
            bridge.session.borrow_mut().forget();
            bridge.keep("");
        }
        // From here on the kept answer speaks, so that another tab can change it.
        _ => bridge.answered.set(None),
    }
}

/// Something happened to the SDK or the page, by its number; or, by any other number, the kept
/// record may have become another: by another tab, or while the page was frozen.
#[wasm_bindgen]
pub fn happened(id: usize, code: u8) {
    let Some(bridge) = bridge(id) else { return };
    match input(code) {
        Some(input) => bridge.on(Event::Sdk(input)),
        None => bridge.on(Event::Kept(&bridge.kept())),
    }
}

/// What has a number on the gate's side (src/js/mixpanel.js).
fn input(code: u8) -> Option<Input> {
    Some(match code {
        0 => Input::Settled,
        1 => Input::Late,
        2 => Input::Leaving,
        3 => Input::Loaded,
        4 => Input::Found,
        5 => Input::LoadFailed,
        6 => Input::LockRefused,
        _ => return None,
    })
}

/// Another tab says what was answered there. Nothing: the SDK's stored flag says no, by
/// somebody's call in another tab, or by a bridge there that keeps no record.
#[wasm_bindgen]
pub fn peer(id: usize, answers: &str) {
    let Some(bridge) = bridge(id) else { return };
    if !answers.is_empty() {
        bridge.on(Event::Peer(answers));
    } else if bridge.session.borrow().decision().consent != Answer::Denied {
        bridge.on(Event::Peer("dddd"));
    }
}

/// The kept records that can be read, newest first, one a line.
#[wasm_bindgen]
pub fn records(id: usize) -> String {
    let mut lines = String::new();
    if let Some(bridge) = bridge(id) {
        for record in Record::parse_all(&bridge.kept()) {
            lines.push_str(&record.line());
            lines.push('\n');
        }
    }
    lines
}

/// What the sources say, one a line: id, running or stored, answers, then name and answer
/// of each category and, without a name, of all others; separated by tabs. The first line
/// is the SDK's state.
#[wasm_bindgen]
pub fn explain(id: usize, found: &str) -> String {
    let Some(bridge) = bridge(id) else { return String::new() };
    let mut text = String::from(bridge.session.borrow().machine().sdk().name());
    for (number, snapshot) in notation::snapshots(found) {
        let Some(adapter) = bridge.adapters.get(number) else { continue };
        let Some(reading) = adapter.read(&snapshot) else { continue };
        let signal = cmp::signal(adapter, number as u8, &reading, bridge.wanted);
        let live = if reading.live { "\trunning\t" } else { "\tstored\t" };
        for part in ["\n", adapter.id, live, &write_answers(signal.answers)] {
            text.push_str(part);
        }
        let rest = reading.rest.map(|answer| (String::new(), answer));
        for (name, answer) in reading.named.iter().chain(&rest) {
            for part in ["\t", name, "\t", answer.name()] {
                text.push_str(part);
            }
        }
    }
    text
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
        if let Some(mut record) = effects.record {
            record.source = self.source().to_owned();
            self.keep_record(&record);
        }
        if let Some(answers) = effects.tell {
            self.host.tell(&answers);
        }
        if effects.new_yes {
            self.host.opted_in();
        }
        let first = !self.said.replace(true);
        if effects.changed || first {
            let (decision, code) = {
                let session = self.session.borrow();
                (session.decision(), session.code())
            };
            let (consent, mode) = (decision.consent.name(), decision.mode.name());
            self.host.say(consent, mode, self.source(), code.name(), code.reason());
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
            if let Some(input) = input(self.host.run(command.name(), &features)) {
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
            self.host.gate(&letters(|feature| match flow.get(feature) {
                Flow::Drop => 'd',
                Flow::Hold => 'h',
                Flow::Pass => 'p',
            }));
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

    fn kept(&self) -> String {
        record::read(&self.host, self.key)
    }

    fn keep_record(&self, record: &Record) {
        let line = record.line();
        let mut lines = line.clone();
        // A cookie, sent with every request, holds the last answer alone.
        if !self.key.is_empty() {
            for earlier in pieces(&self.kept(), b'\n').take(Record::KEPT - 1) {
                lines.push('\n');
                lines.push_str(earlier);
            }
        }
        self.keep(&lines);
        self.host.receipt(&line);
    }

    /// Writes the record where the site wants it; an empty one is removed.
    fn keep(&self, lines: &str) {
        if !record::write(&self.host, self.key, lines) {
            self.host.record_refused();
        }
    }
}

/// A letter for each feature.
fn letters(letter: impl Fn(Feature) -> char) -> String {
    let mut letters = String::new();
    for feature in Feature::ALL {
        letters.push(letter(feature));
    }
    letters
}
