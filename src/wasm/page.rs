//! One bridge: what the gate's side (src/page) calls, and what ties the other files together.
//!
//! The state lives here, not in an object handed to JavaScript: such an object could be
//! collected while its listeners are still needed, and a withdrawal would go unheard.

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;

use wasm_bindgen::prelude::wasm_bindgen;

use super::arena;
use super::host::call;
use super::notation;
use crate::cmp::{self, Adapter, Looks, Reading};
use crate::core::protocol::{
    self, BROWSER_TELLS_COOKIES, Call, EXPLAIN_RUNNING, EXPLAIN_STORED, Happening, Pace,
    SiteAnswer, Tell,
};
use crate::core::{
    Answer, BrowserSignals, Command, Denied, Event, Flow, Implied, Kept, Opening, Pending,
    PerFeature, Policy, Privacy, Rank, Session, Signal, Start, Trouble, cut, pieces, write_answers,
    write_letters,
};

/// The source that stands for the site's own `grant()` and `deny()`.
const MANUAL: u8 = u8::MAX;

thread_local! {
    /// It grows in `connect` alone, which keeps its memory.
    static BRIDGES: RefCell<Vec<&'static Bridge>> = const { RefCell::new(Vec::new()) };
}

struct Bridge {
    /// Its number, which is its gate's as well.
    id: usize,
    /// By their numbers: those that come later stand behind the others.
    adapters: Cell<&'static [Adapter]>,
    /// The categories that the site named, as `signal` takes them.
    wanted: &'static str,
    manual: bool,
    answered: Cell<Option<Answer>>,
    session: Cell<Session>,
    /// The commands that are still to run. Where there are none, this owns no memory.
    queue: Cell<Vec<Command>>,
    /// Whether the state was ever told: the first may be what the session began with.
    said: Cell<bool>,
    /// What the gate was last told.
    told: Cell<PerFeature<Flow>>,
    running: Cell<bool>,
}

fn bridge(id: usize) -> Option<&'static Bridge> {
    BRIDGES.with_borrow(|bridges| bridges.get(id).copied())
}

/// What is told, by the number of a [`Tell`], which says what the rest means.
///
/// One function, as there is one the other way (src/wasm/host.rs): each that is exported is paid
/// for in the glue and in the wasm.
#[wasm_bindgen]
pub fn tell(id: usize, what: u8, text: String, number: u8, now_ms: f64) {
    let under_way = arena::Call::begins();
    let Some(what) = Tell::of_sign(what) else { return };
    // A bridge stays for as long as its page, and so does what it was made of.
    if what == Tell::Connect {
        connect(id, text.leak());
        return under_way.keep();
    }
    let Some(bridge) = bridge(id) else { return };
    let text = if what == Tell::Adapters {
        bridge.add(text.leak());
        under_way.keep();
        ""
    } else {
        &text
    };
    match what {
        Tell::Connect => {}
        Tell::Adapters => bridge.give(&notation::program(bridge.adapters.get())),
        Tell::Looked => bridge.looked(text, number, now_ms),
        Tell::Answer => bridge.answer(number),
        Tell::Happened => {
            if let Some(happening) = Happening::of_sign(number) {
                bridge.on(Event::Sdk(happening.input()));
            }
        }
        Tell::Kept => {
            let (record, own) = cut(text, protocol::SEPARATOR, false);
            bridge.on(Event::Kept(Kept { record, own: own.unwrap_or_default() }));
        }
        Tell::Peer => bridge.peer(text),
        Tell::Explain => bridge.give(&bridge.explain(text)),
    }
}

/// Makes a bridge. `setup` is what the gate has made of the options, in the parts of
/// [`protocol::SETUP`].
fn connect(id: usize, setup: &'static str) {
    let mut parts = pieces(setup, protocol::SEPARATOR);
    let mut next = || parts.next().unwrap_or_default();
    let (digits, wanted, record, own) = (next(), next(), next(), next());
    let mut digits = digits.bytes();
    let mut digit = || digits.next().unwrap_or(b'0');
    // In the order of `protocol::DIGITS`.
    let policy = Policy {
        start: Start::of_digit(digit()),
        pending: Pending::of_digit(digit()),
        denied: Denied::of_digit(digit()),
        implied: Implied::of_digit(digit()),
        gpc: Privacy::of_digit(digit()),
        dnt: Privacy::of_digit(digit()),
    };
    let mut yes = || digit() == b'1';
    let (manual, refused, known) = (yes(), yes(), yes());
    let session = Session::new(policy, Kept { record, own }, refused, known);
    let made = Box::leak(Box::new(Bridge {
        id,
        adapters: Cell::new(&[]),
        wanted,
        manual,
        answered: Cell::new(None),
        session: Cell::new(session),
        queue: Cell::default(),
        said: Cell::new(false),
        told: Cell::new(PerFeature::all(Flow::Hold)),
        running: Cell::new(false),
    }));
    // Numbers are given in order; one that is not the next has a mistake, and no bridge.
    BRIDGES.with_borrow_mut(|bridges| {
        if bridges.len() == id {
            bridges.push(made);
        }
    });
}

impl Bridge {
    /// Takes more adapters.
    fn add(&self, texts: &'static str) {
        let all = [self.adapters.get(), &cmp::parse(texts)].concat().leak();
        self.adapters.set(all);
    }

    fn looked(&self, found: &str, bits: u8, now_ms: f64) {
        let mut signals = Vec::new();
        for (_, reading) in &self.readings(found) {
            signals.extend(reading.as_ref().map(|(_, signal)| *signal));
        }
        if self.manual {
            let kept = self.session.get().kept();
            let answers = self.answered.get().map(PerFeature::all).or(kept);
            signals.push(Signal {
                source: MANUAL,
                rank: Rank::Vendor,
                live: true,
                answers: answers.unwrap_or(PerFeature::all(Answer::Unset)),
                trouble: answers.is_none().then_some(Trouble::Manual),
            });
        }
        let browser = BrowserSignals::of_bits(bits);
        self.on(Event::Read { signals: &signals, browser, now_ms: now_ms as u64 });
        let most = if bits & BROWSER_TELLS_COOKIES == 0 { Looks::Never } else { Looks::Cookies };
        let silent = |signal: &Signal| {
            let adapter = self.adapter(signal.source as usize);
            adapter.is_some_and(|adapter| adapter.looks > most)
        };
        let pace = if self.manual && self.adapters.get().is_empty() {
            // The site's own dialog speaks for itself.
            Pace::Rest
        } else {
            self.session.get().pace(&signals, silent)
        };
        self.give(pace.digit());
    }

    /// What was found, as each adapter reads it; nothing where it is not that adapter's.
    fn readings(&self, found: &str) -> Vec<(&Adapter, Option<(Reading, Signal)>)> {
        let mut readings = Vec::new();
        for (number, snapshot) in notation::snapshots(found) {
            let Some(adapter) = self.adapter(number) else { continue };
            // The compiler does not see that going through all values frees nothing (arena.rs).
            let snapshot = ManuallyDrop::new(snapshot);
            let reading = adapter.read(&snapshot).map(|reading| {
                let signal = cmp::signal(adapter, number as u8, &reading, self.wanted);
                (reading, signal)
            });
            readings.push((adapter, reading));
        }
        readings
    }

    fn answer(&self, answer: u8) {
        match SiteAnswer::of_sign(answer) {
            Some(SiteAnswer::Deny) => self.answered.set(Some(Answer::Denied)),
            Some(SiteAnswer::Grant) => self.answered.set(Some(Answer::Granted)),
            Some(SiteAnswer::Forget) => {
                let mut session = self.session.get();
                session.forget();
                self.session.set(session);
            }
            Some(SiteAnswer::Looked) => self.answered.set(None),
            None => {}
        }
    }

    fn peer(&self, answers: &str) {
        if !answers.is_empty() {
            self.on(Event::Peer(answers));
        } else if self.session.get().decision().consent != Answer::Denied {
            self.on(Event::Peer(&write_answers(PerFeature::all(Answer::Denied))));
        }
    }

    /// What the sources say, as [`Tell::Explain`] has it.
    fn explain(&self, found: &str) -> String {
        let mut text = String::from(char::from(b'0' + self.session.get().machine().sdk() as u8));
        for (adapter, reading) in &self.readings(found) {
            let Some((reading, signal)) = reading else {
                // What was found there was another's.
                text.push('\n');
                continue;
            };
            let live = if reading.live { EXPLAIN_RUNNING } else { EXPLAIN_STORED };
            let mut tell = |parts: &[&str]| parts.iter().for_each(|part| text.push_str(part));
            tell(&["\n", adapter.id, "\t", live, "\t", &write_answers(signal.answers)]);
            let mut before = "";
            for name in cmp::asked(adapter, reading, self.wanted) {
                tell(&[before, name]);
                before = " + ";
            }
            for (name, answer) in &reading.named {
                tell(&["\t", name, "\t", answer.name()]);
            }
            if let Some(answer) = reading.rest {
                tell(&["\t\t", answer.name()]);
            }
        }
        text
    }

    fn on(&self, event: Event) {
        let mut session = self.session.get();
        let effects = session.on(event);
        self.session.set(session);
        if self.running.get() {
            // Heard while a command runs, of a released call's own code say: what is to shut
            // shuts now, and not when the command is done.
            let gate = session.machine().gate();
            let told = self.told.get();
            self.tell_gate(PerFeature::of(|feature| told.get(feature).min(gate.get(feature))));
        }
        let mut queue = self.queue.take();
        queue.extend_from_slice(&effects.commands);
        self.queue.set(queue);
        self.run_queue();
        if let Some(record) = effects.record {
            // A consent manager answers each instance by itself.
            let for_all = if self.manual && record.holds_for_all() { "1" } else { "" };
            self.call(Call::Record, &[&record.line_of(self.source()), for_all]);
            self.call(Call::Tell, &[&write_answers(record.answers)]);
        }
        if effects.new_yes {
            self.call(Call::OptedIn, &[]);
        }
        let first = !self.said.replace(true);
        if effects.changed || first {
            // What a command has caused meanwhile is said as well.
            let session = self.session.get();
            let decision = session.decision();
            let (consent, mode) = (decision.consent.name(), decision.mode.name());
            self.call(Call::Say, &[consent, mode, self.source(), session.code().told()]);
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
            let allowed = command.allowed_by(self.session.get().machine());
            let Some(command) = allowed else { continue };
            if let Command::Gate(flow) = command {
                self.tell_gate(flow);
                continue;
            }
            let features = match command {
                Command::Init(Opening::On(open)) | Command::Unlock(Opening::On(open)) => open,
                _ => PerFeature::all(false),
            };
            let allowed = |allowed| if allowed { Flow::Pass } else { Flow::Drop };
            let features = write_letters(PerFeature::of(|f| allowed(features.get(f)).letter()));
            let mut letter = String::new();
            letter.push(command.step().sign().into());
            if let Some(happening) = Happening::of_sign(self.call(Call::Run, &[&letter, &features]))
            {
                // What was to follow and supposes an instance is no longer allowed; a gate that
                // shuts and a sweep that another event has put there are.
                self.on(Event::Sdk(happening.input()));
            }
        }
        self.running.set(false);
    }

    fn next(&self) -> Option<Command> {
        let mut queue = self.queue.take();
        let command = *queue.first()?;
        queue.remove(0);
        self.queue.set(queue);
        Some(command)
    }

    fn tell_gate(&self, flow: PerFeature<Flow>) {
        if self.told.replace(flow) != flow {
            self.call(Call::Gate, &[&write_letters(PerFeature::of(|f| flow.get(f).letter()))]);
        }
    }

    fn source(&self) -> &'static str {
        match self.session.get().source() {
            None => "",
            Some(MANUAL) => "manual",
            Some(source) => self.adapter(source.into()).map_or("", |adapter| adapter.id),
        }
    }

    fn adapter(&self, number: usize) -> Option<&'static Adapter> {
        self.adapters.get().get(number)
    }

    /// Answers with a text.
    fn give(&self, text: &str) {
        self.call(Call::Given, &[text]);
    }

    /// Calls the gate's side. The number is what the call answers with, if it does.
    fn call(&self, what: Call, parts: &[&str]) -> u8 {
        // What is one text already is not copied: the places of all adapters are tens of kilobytes.
        if let [text] = parts {
            return call(self.id, what as u8, text);
        }
        let mut text = String::new();
        for (number, part) in parts.iter().enumerate() {
            if number > 0 {
                text.push(protocol::SEPARATOR.into());
            }
            text.push_str(part);
        }
        call(self.id, what.sign(), &text)
    }
}
