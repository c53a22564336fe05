//! What a page remembers between two looks: who said what last, here and in other tabs, and
//! the consent record. Everything with a memory that is not the SDK's state is here.

use super::decide::BrowserSignals;
use super::record::{Kept, parse_answers};
use super::{
    Answer, Code, Command, ConsentEvent, Decision, Feature, Input, LastAnswer, Machine, Merged,
    Mode, PerFeature, Policy, Rank, Record, Sdk, Signal, decide, merge, protocol::Pace,
};

/// What happened, seen from the page.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// The sources were read.
    Read {
        /// What they say.
        signals: &'a [Signal],
        /// What the browser says.
        browser: BrowserSignals,
        /// The present time, in milliseconds since 1970.
        now_ms: u64,
    },
    /// Another tab says what the visitor answered there: four letters as in [`Record`].
    Peer(&'a str),
    /// The kept record has become another, by another tab or while this page was frozen.
    Kept(Kept<'a>),
    /// Something happened to the SDK or the page.
    Sdk(Input),
}

/// What is to be done about it, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// For the driver.
    pub commands: Vec<Command>,
    /// A new consent record, to keep, to hand on as a receipt, and to tell the other tabs of.
    pub record: Option<Record>,
    /// A yes that was not known before: `$opt_in` may be sent.
    pub new_yes: bool,
    /// The state that the page sees has changed.
    pub changed: bool,
}

/// What a page remembers.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    policy: Policy,
    machine: Machine,
    merged: Merged,
    browser: BrowserSignals,
    /// What was answered elsewhere after this tab's consent manager last changed its mind, and why
    /// it counts.
    peer: Option<(PerFeature<Answer>, Code)>,
    /// The SDK's own opt-out lay on the device before, and the record does not know of it.
    opted_out: bool,
    /// No source has been read so far.
    fresh: bool,
    /// The last explicit answer that was kept.
    kept: Option<PerFeature<Answer>>,
    source_of_kept: Option<u8>,
    code: Option<Code>,
}

impl Session {
    /// A session that starts. `kept`: what was kept. `refused`: the SDK's own `0` flag is stored.
    /// `known_visitor`: the SDK's identity is stored.
    pub fn new<'a>(
        policy: Policy,
        kept: impl Into<Kept<'a>>,
        refused: bool,
        known_visitor: bool,
    ) -> Session {
        let kept = Record::standing(kept.into());
        let last_answer = match kept.map(|answers| answers.get(Feature::Tracking)) {
            _ if refused => LastAnswer::Refused,
            Some(Answer::Granted) => LastAnswer::Given,
            Some(_) => LastAnswer::Refused,
            None => LastAnswer::Unknown,
        };
        Session {
            policy,
            machine: Machine::new(policy.start, last_answer, known_visitor),
            merged: merge(&[]),
            browser: BrowserSignals::default(),
            peer: None,
            opted_out: refused
                && kept.is_none_or(|kept| kept.get(Feature::Tracking) == Answer::Granted),
            fresh: true,
            kept,
            source_of_kept: None,
            code: None,
        }
    }

    /// The last decision.
    pub fn decision(&self) -> Decision {
        self.machine.decision()
    }

    /// Why it stands there: the decision's code, or what kept it from being carried out.
    pub fn code(&self) -> Code {
        match (self.machine.sdk(), self.decision().mode) {
            (Sdk::Failed, Mode::On | Mode::Cookieless) => Code::SdkFailed,
            (Sdk::Locked, Mode::Off) => self.code.unwrap_or(self.decision().code),
            _ => self.decision().code,
        }
    }

    /// The source that decided.
    pub fn source(&self) -> Option<u8> {
        self.merged.source
    }

    /// The machine, to look at.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// What this tab's sources say together.
    pub fn merged(&self) -> &Merged {
        &self.merged
    }

    /// The last explicit answer known, for a site with no consent manager to ask.
    pub fn kept(&self) -> Option<PerFeature<Answer>> {
        self.kept
    }

    /// How soon to look again by the clock, when these were the last signals. `silent`: a source
    /// that tells nobody of its changes.
    pub fn pace(&self, signals: &[Signal], silent: impl Fn(&Signal) -> bool) -> Pace {
        // A bus says nothing that counts beside the one that decided.
        let counts =
            |signal: &Signal| signal.rank != Rank::Bus || Some(signal.source) == self.merged.source;
        let answer = self.merged.answers.get(Feature::Tracking);
        // A product that asks the visitor tells of the answer as well. Another one beside it would
        // come with a script, and of that the page hears.
        let asks = answer == Answer::Unset
            && matches!(self.merged.code, None | Some(Code::Asking | Code::Expired))
            && signals.iter().any(|signal| signal.rank == Rank::Vendor);
        if signals.iter().any(|signal| counts(signal) && silent(signal)) {
            Pace::Watch
        } else if self.merged.live && (asks || answer.is_explicit()) {
            Pace::Rest
        } else {
            Pace::Search
        }
    }

    /// Forgets the record and what other tabs said.
    pub fn forget(&mut self) {
        self.kept = None;
        self.peer = None;
    }

    /// Takes in what happened.
    pub fn on(&mut self, event: Event) -> Effects {
        let before = (self.decision(), self.code(), self.merged.source);
        let mut effects = Effects::default();
        match event {
            Event::Sdk(input) => {
                if input == Input::LockRefused {
                    self.code = Some(Code::LockRefused);
                }
                effects.commands = self.machine.step(input);
            }
            Event::Read { signals, browser, now_ms } => {
                let mut merged = merge(signals);
                // A product that stored an answer and has not come in all this time is gone, if
                // another manager runs.
                let runs = |one: &Signal| one.live && one.rank >= Rank::Standard;
                if browser.timed_out && !merged.live && signals.iter().any(runs) {
                    let here = |one: &&Signal| one.live || one.rank == Rank::Limit;
                    merged = merge(&signals.iter().filter(here).copied().collect::<Vec<_>>());
                }
                // Keep what the consent manager had stored while its script loads: until it can be
                // asked it takes nothing back. The same holds while the visitor looks at the
                // settings again; but where it asks at once, what it had stored is no answer.
                let stands = match merged.code {
                    Some(Code::NotReady) => true,
                    Some(Code::Asking) => self.merged.live,
                    _ => false,
                };
                if stands && merged.source == self.merged.source && self.merged.code.is_none() {
                    merged = self.merged;
                }
                let first = self.merged.source.is_none();
                if merged.answers != self.merged.answers {
                    // This tab's consent manager has moved since another tab spoke.
                    self.peer = None;
                }
                self.merged = merged;
                self.browser = browser;
                if self.opted_out && merged.source.is_some() && merged.code != Some(Code::NotReady)
                {
                    self.opted_out = false;
                    // The yes was there before the page, as the opt-out was, so nobody knows which
                    // of the two is newer. A yes that is first seen later, in storage alone, was
                    // given on this page.
                    if merged.answers.get(Feature::Tracking) > Answer::Unset
                        && (self.fresh || signals.iter().any(|signal| signal.live))
                    {
                        self.elsewhere(PerFeature::all(Answer::Denied), Code::OptedOut);
                    }
                }
                self.fresh = false;
                self.redecide(&mut effects);
                self.note(first, now_ms, &mut effects);
            }
            Event::Peer(text) => {
                if let Some(answers) = parse_answers(text) {
                    self.heard(answers, &mut effects);
                }
            }
            Event::Kept(kept) => {
                if let Some(answers) = Record::standing(kept)
                    && self.kept != Some(answers)
                {
                    self.heard(answers, &mut effects);
                }
            }
        }
        effects.changed = before != (self.decision(), self.code(), self.merged.source);
        effects
    }

    fn heard(&mut self, answers: PerFeature<Answer>, effects: &mut Effects) {
        self.elsewhere(answers, Code::OtherTab);
        self.redecide(effects);
    }

    fn elsewhere(&mut self, answers: PerFeature<Answer>, code: Code) {
        self.opted_out = false;
        self.kept = Some(answers);
        self.peer = Some((answers, code));
    }

    fn redecide(&mut self, effects: &mut Effects) {
        let mut merged = self.merged;
        if let Some((answers, _)) = self.peer {
            merged.answers = answers;
            merged.code = None;
        }
        let asked = self.decision().code.asks();
        let mut decision = decide(&merged, self.browser, &self.policy);
        if let Some((_, code)) = self.peer
            && matches!(decision.code, Code::Granted | Code::Denied | Code::Asking | Code::Looking)
        {
            decision.code = code;
        }
        effects.commands = self.machine.step(Input::Decide(decision));
        // Who has refused before is not expected to say yes.
        if decision.code.asks() && !asked && !self.machine.is_refused() {
            effects.commands.extend_from_slice(&[Command::Prepare]);
        }
    }

    /// Keeps an explicit answer that is new, and tells the other tabs.
    fn note(&mut self, first: bool, now_ms: u64, effects: &mut Effects) {
        if self.peer.is_some() || self.browser.unseen {
            return;
        }
        let answers = self.merged.answers;
        let now = answers.get(Feature::Tracking);
        let was = self.kept.map(|kept| kept.get(Feature::Tracking));
        let event = match (was, now) {
            _ if self.kept == Some(answers) => {
                self.source_of_kept = self.merged.source;
                return;
            }
            (_, Answer::Granted) => ConsentEvent::Given,
            (Some(Answer::Granted), Answer::Denied) => ConsentEvent::Withdrawn,
            (_, Answer::Denied) => ConsentEvent::Refused,
            // An answer expires only if this page saw it end. A consent manager that is late, or
            // that says something unreadable, ends nothing.
            (Some(Answer::Granted), Answer::Unset)
                if !first
                    && matches!(self.merged.code, None | Some(Code::Expired))
                    && self.source_of_kept.is_some()
                    && self.source_of_kept == self.merged.source =>
            {
                ConsentEvent::Expired
            }
            _ => return,
        };
        effects.new_yes = event == ConsentEvent::Given && was != Some(Answer::Granted);
        self.kept = Some(answers);
        self.source_of_kept = self.merged.source;
        // The driver knows the source's id.
        effects.record = Some(Record { answers, event, at_ms: now_ms, source: String::new() });
    }
}
