//! One bridge: what the gate (src/entry) calls, and what ties the other files together.
//!
//! The state lives here, not in an object handed to JavaScript: such an object could be
//! collected while its listeners are still needed, and a withdrawal would go unheard.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use js_sys::{Array, Date};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::listen::{self, Listener};
use super::mixpanel::Driver;
use super::page::{self, Callback, call, get, object};
use super::probe;
use super::storage::{self, Cookies, Names};
use super::tabs::Tabs;
use crate::cmp::{self, Adapter, Reading, Snapshot, Value, Wanted};
use crate::core::{
    Answer, Around, Command, Denied, Effects, Event, Feature, Implied, Input, Pending, PerFeature,
    Policy, Privacy, Rank, Record, Session, Signal, Start, Trouble,
};

/// The source that stands for the site's own `grant()` and `deny()`.
const MANUAL: u8 = u8::MAX;
/// How often to look while no consent manager is there, and afterwards: some tell of a
/// change by nothing but a stored value.
const LOOK_MS: i32 = 60;
const WATCH_MS: i32 = 1000;

thread_local! {
    static BRIDGES: RefCell<Vec<Option<Rc<Bridge>>>> = const { RefCell::new(Vec::new()) };
}

struct Bridge {
    me: Weak<Bridge>,
    host: JsValue,
    adapters: Vec<&'static Adapter>,
    wanted: Wanted,
    manual: bool,
    answered: Cell<Option<Answer>>,
    session: RefCell<Session>,
    driver: Driver,
    queue: RefCell<VecDeque<Command>>,
    running: Cell<bool>,
    looking: Cell<bool>,
    look_again: Cell<bool>,
    timed_out: Cell<bool>,
    heard: Rc<RefCell<Vec<(&'static str, Value)>>>,
    attached: RefCell<Vec<(usize, usize, Listener)>>,
    listeners: RefCell<Vec<Listener>>,
    changed: RefCell<Option<Callback>>,
    tabs: RefCell<Option<Tabs>>,
    _callbacks: RefCell<Vec<Callback>>,
    record_key: String,
}

fn with<T>(id: usize, f: impl FnOnce(&Rc<Bridge>) -> T) -> Option<T> {
    let bridge = BRIDGES.with(|bridges| bridges.borrow().get(id).cloned().flatten());
    bridge.as_ref().map(f)
}

/// Starts a bridge for what the gate describes; answers with its number.
#[wasm_bindgen]
pub fn connect(host: JsValue) -> usize {
    let id = BRIDGES.with(|bridges| {
        let mut bridges = bridges.borrow_mut();
        bridges.push(None);
        bridges.len() - 1
    });
    let bridge = Bridge::new(host);
    BRIDGES.with(|bridges| {
        if let Some(slot) = bridges.borrow_mut().get_mut(id) {
            *slot = Some(bridge.clone());
        }
    });
    bridge.start();
    id
}

/// The site's own `grant()` (`true`) or `deny()`.
#[wasm_bindgen]
pub fn answer(id: usize, yes: bool) {
    with(id, |bridge| {
        bridge.answered.set(Some(Answer::explicit(yes)));
        bridge.look();
        // From here on the kept answer speaks, so that another tab can change it.
        bridge.answered.set(None);
    });
}

/// Forgets the record and asks again.
#[wasm_bindgen]
pub fn reset(id: usize) {
    with(id, |bridge| {
        bridge.keep("");
        bridge.session.borrow_mut().forget();
        bridge.look();
    });
}

/// Something that the gate heard of the SDK: see `Driver::arrived`.
#[wasm_bindgen]
pub fn arrived(id: usize, found: JsValue) {
    with(id, |bridge| {
        let input = bridge.driver.arrived(&found);
        bridge.happened(input);
    });
}

/// Why it stands where it stands: an object to be printed.
#[wasm_bindgen]
pub fn explain(id: usize) -> JsValue {
    with(id, |bridge| bridge.explain()).unwrap_or(JsValue::UNDEFINED)
}

/// The kept records, newest first.
#[wasm_bindgen]
pub fn receipts(id: usize) -> JsValue {
    with(id, |bridge| {
        let list = Array::new();
        for record in Record::parse_all(&bridge.kept()) {
            list.push(&receipt(&record));
        }
        list.into()
    })
    .unwrap_or(JsValue::UNDEFINED)
}

/// Removes every listener. The gate stays as it is.
#[wasm_bindgen]
pub fn disconnect(id: usize) {
    let bridge = BRIDGES.with(|bridges| bridges.borrow_mut().get_mut(id).and_then(Option::take));
    if let Some(bridge) = bridge {
        bridge.attached.borrow_mut().clear();
        bridge.listeners.borrow_mut().clear();
        if let Some(tabs) = bridge.tabs.borrow_mut().take() {
            tabs.close();
        }
    }
}

fn receipt(record: &Record) -> JsValue {
    let answers = object(&Feature::ALL.map(|f| (f.name(), record.answers.get(f).name().into())));
    object(&[
        ("event", record.turn.name().into()),
        ("at", (record.at_ms as f64).into()),
        ("cmp", record.source.as_str().into()),
        ("consent", answers),
    ])
}

fn text(target: &JsValue, key: &str) -> String {
    get(target, key).as_string().unwrap_or_default()
}

/// The options `start`, `pending`, `denied`, `implied`, `gpc`, `dnt`, as the gate numbers them.
fn policy(host: &JsValue) -> Policy {
    let digits = text(host, "policy");
    let digit = |i: usize| digits.as_bytes().get(i).copied().unwrap_or(b'0');
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

fn names(host: &JsValue) -> Names {
    let config = get(host, "config");
    let token = text(host, "token");
    let first =
        |keys: [&str; 2]| keys.map(|key| text(&config, key)).into_iter().find(|s| !s.is_empty());
    let join = |parts: [&str; 3]| parts.concat();
    let identity = match first(["persistence_name", "cookie_name"]) {
        Some(name) => join(["mp_", &name, ""]),
        None => join(["mp_", &token, "_mixpanel"]),
    };
    let prefix = match text(&config, "opt_out_tracking_cookie_prefix") {
        prefix if prefix.is_empty() => "__mp_opt_in_out_".to_owned(),
        prefix => prefix,
    };
    let flag = join([&prefix, &token, ""]);
    Names { token, identity, flag, domain: text(&config, "cookie_domain") }
}

fn strings(list: &JsValue) -> Vec<String> {
    if !Array::is_array(list) {
        return Vec::new();
    }
    Array::from(list).iter().filter_map(|item| item.as_string()).collect()
}

impl Bridge {
    fn new(host: JsValue) -> Rc<Bridge> {
        let ids = strings(&get(&host, "cmp"));
        let auto = ids.iter().any(|id| id == "auto");
        let adapters = cmp::ALL
            .iter()
            .copied()
            .filter(|adapter| auto || ids.iter().any(|id| id == adapter.id))
            .collect();
        let wanted = Array::from(&get(&host, "wanted"));
        let wanted = Feature::ALL.map(|feature| strings(&wanted.get(feature as u32)));
        let names = names(&host);
        let mut record_key = String::from("mixpanel-consent-bridge");
        for part in [&names.token, &text(&host, "name")] {
            if !part.is_empty() {
                record_key.push(if text(&host, "record") == "cookie" { '.' } else { ':' });
                record_key.push_str(part);
            }
        }
        let kept = read_record(&host, &record_key);
        let session = Session::new(policy(&host), &kept, names.refused(), names.known());
        Rc::new_cyclic(|me| Bridge {
            me: me.clone(),
            adapters,
            wanted,
            manual: ids.iter().any(|id| id == "manual"),
            answered: Cell::new(None),
            session: RefCell::new(session),
            driver: Driver::new(&host, names),
            queue: RefCell::default(),
            running: Cell::new(false),
            looking: Cell::new(false),
            look_again: Cell::new(false),
            timed_out: Cell::new(false),
            heard: Rc::default(),
            attached: RefCell::default(),
            listeners: RefCell::default(),
            changed: RefCell::new(None),
            tabs: RefCell::new(None),
            _callbacks: RefCell::default(),
            record_key,
            host,
        })
    }

    /// A callback that does nothing once the bridge is gone.
    fn callback(&self, f: impl Fn(&Rc<Bridge>, JsValue) + 'static) -> Callback {
        let me = self.me.clone();
        page::callback(move |value| {
            if let Some(bridge) = me.upgrade() {
                f(&bridge, value);
            }
        })
    }

    fn start(&self) {
        let global = page::global();
        let document = get(&global, "document");
        let look = self.callback(|bridge, _| bridge.look());
        // A click may have answered a consent manager that tells nobody but a cookie.
        let soon = self.callback(|bridge, _| bridge.look_in(0));
        let left = self.callback(|bridge, _| bridge.happened(Input::Leaving));
        let back = self.callback(|bridge, event| {
            if get(&event, "persisted").is_truthy() {
                bridge.restored();
            }
        });
        let stored = self.callback(|bridge, event| bridge.stored(&event));
        let peer = self.callback(|bridge, event| {
            if let Some(text) = get(&event, "data").as_string() {
                bridge.on(Event::Peer(&text));
            }
        });
        *self.tabs.borrow_mut() = Some(Tabs::open(&self.record_key, &peer));
        let mut listeners = vec![
            listen::event(&document, "visibilitychange", &look),
            listen::event(&document, "DOMContentLoaded", &look),
            listen::event(&global, "load", &look),
            listen::event(&document, "click", &soon),
            listen::event(&document, "keyup", &soon),
            listen::event(&global, "pagehide", &left),
            listen::event(&global, "pageshow", &back),
            listen::event(&global, "storage", &stored),
        ];
        let cookie_store = get(&global, "cookieStore");
        if cookie_store.is_object() {
            listeners.push(listen::event(&cookie_store, "change", &look));
        }
        *self.listeners.borrow_mut() = listeners;
        *self._callbacks.borrow_mut() = vec![soon, left, back, stored, peer];
        *self.changed.borrow_mut() = Some(look);
        let live = get(&self.host, "found");
        if live.is_truthy() {
            let input = self.driver.arrived(&live);
            self.happened(input);
        }
        let me = self.me.clone();
        let timeout = get(&self.host, "timeout").as_f64().unwrap_or(10_000.0);
        page::after(timeout as i32, move || {
            if let Some(bridge) = me.upgrade() {
                bridge.timed_out.set(true);
                bridge.look();
            }
        });
        self.look();
        self.publish();
        self.watch();
    }

    /// Looks again, and again.
    fn watch(&self) {
        let found = self.session.borrow().source().is_some();
        let pause = if found || self.timed_out.get() { WATCH_MS } else { LOOK_MS };
        let me = self.me.clone();
        page::after(pause, move || {
            if let Some(bridge) = me.upgrade()
                && with_is_connected(&bridge)
            {
                bridge.look();
                bridge.watch();
            }
        });
    }

    fn look_in(&self, ms: i32) {
        let me = self.me.clone();
        page::after(ms, move || {
            if let Some(bridge) = me.upgrade() {
                bridge.look();
            }
        });
    }

    /// Reads every source and acts on it. A consent manager may call back while it is being
    /// read; then it is read once more, not inside itself.
    fn look(&self) {
        if self.looking.replace(true) {
            self.look_again.set(true);
            return;
        }
        self.attach();
        let signals: Vec<Signal> = self.read().into_iter().map(|seen| seen.signal).collect();
        self.looking.set(false);
        self.on(Event::Read {
            signals: &signals,
            around: self.around(),
            now_ms: Date::now() as u64,
        });
        if self.look_again.replace(false) {
            self.look_in(0);
        }
    }

    fn attach(&self) {
        let changed = self.changed.borrow();
        let Some(changed) = changed.as_ref() else { return };
        for (a, adapter) in self.adapters.iter().enumerate() {
            for (l, listen) in adapter.listen.iter().enumerate() {
                if self.attached.borrow().iter().any(|(b, m, _)| (*b, *m) == (a, l)) {
                    continue;
                }
                let heard = Rc::downgrade(&self.heard);
                let keep = move |name: &'static str, value: Value| {
                    if let Some(heard) = heard.upgrade() {
                        let mut heard = heard.borrow_mut();
                        heard.retain(|entry| entry.0 != name);
                        heard.push((name, value));
                    }
                };
                let me = self.me.clone();
                let again = move || {
                    if let Some(bridge) = me.upgrade() {
                        bridge.look();
                    }
                };
                if let Some(listener) = listen::attach(listen, changed, keep, again) {
                    self.attached.borrow_mut().push((a, l, listener));
                }
            }
        }
    }

    fn read(&self) -> Vec<Seen> {
        let cookies = Cookies::read();
        let mut seen = Vec::new();
        for (index, adapter) in self.adapters.iter().enumerate() {
            let snapshot = probe::run(adapter.probes, &cookies, &self.heard.borrow());
            if snapshot.is_empty() {
                continue;
            }
            if let Some(reading) = adapter.read(&snapshot) {
                let signal = cmp::signal(adapter, index as u8, &reading, &self.wanted);
                seen.push(Seen { signal, reading, snapshot });
            }
        }
        if self.manual {
            let kept = self.session.borrow().kept();
            let answers = self.answered.get().map(PerFeature::all).or(kept);
            let signal = Signal {
                source: MANUAL,
                rank: Rank::Vendor,
                live: true,
                answers: answers.unwrap_or(PerFeature::all(Answer::Unset)),
                trouble: answers.is_none().then_some(Trouble::Manual),
            };
            let reading = Reading::all(true, signal.answers.get(Feature::Tracking));
            seen.push(Seen { signal, reading, snapshot: Snapshot::default() });
        }
        seen
    }

    fn around(&self) -> Around {
        let navigator = get(&page::global(), "navigator");
        let says_yes = |value: JsValue| match value.as_string() {
            Some(text) => text == "1" || text == "yes",
            None => value == true || value == 1,
        };
        Around {
            gpc: says_yes(get(&navigator, "globalPrivacyControl")),
            dnt: says_yes(get(&navigator, "doNotTrack"))
                || says_yes(get(&page::global(), "doNotTrack")),
            timed_out: self.timed_out.get(),
        }
    }

    fn happened(&self, input: Input) {
        self.on(Event::Sdk(input));
    }

    /// Another tab has written.
    fn stored(&self, event: &JsValue) {
        let value = get(event, "newValue").as_string();
        match get(event, "key").as_string() {
            Some(key) if key == self.record_key => {
                self.on(Event::Kept(&value.unwrap_or_default()));
            }
            Some(key) if key == self.driver.names.flag && value.as_deref() == Some("0") => {
                // Opted out by somebody else's call in another tab, or by a bridge that
                // keeps no record.
                self.refused_elsewhere();
            }
            _ => self.look(),
        }
    }

    /// The page comes back from the back/forward cache: what its consent manager has in
    /// memory may be older than what was answered meanwhile.
    fn restored(&self) {
        let kept = self.kept();
        self.on(Event::Kept(&kept));
        if self.driver.names.refused() {
            self.refused_elsewhere();
        }
        self.look();
    }

    fn refused_elsewhere(&self) {
        if self.session.borrow().decision().consent != Answer::Denied {
            self.on(Event::Peer("dddd"));
        }
    }

    fn on(&self, event: Event) {
        let effects = self.session.borrow_mut().on(event);
        self.perform(effects);
    }

    fn perform(&self, effects: Effects) {
        self.queue.borrow_mut().extend(effects.commands.iter().copied());
        self.run_queue();
        if let Some(mut record) = effects.record {
            record.source = self.source_id();
            self.keep_record(&record);
        }
        if let (Some(answers), Some(tabs)) = (&effects.tell, self.tabs.borrow().as_ref()) {
            tabs.tell(answers);
        }
        if effects.new_yes && get(&self.host, "optInEvent").is_truthy() {
            self.host_call("optedIn", &[]);
        }
        if effects.changed {
            self.publish();
        }
    }

    /// Runs commands in order. The SDK, or the site's own code that it calls, may make
    /// something happen meanwhile; its commands come behind, and a command that opens is
    /// left out if the last decision no longer allows it.
    fn run_queue(&self) {
        if self.running.replace(true) {
            return;
        }
        loop {
            let next = self.queue.borrow_mut().pop_front();
            let Some(command) = next else { break };
            let Some(command) = command.allowed_by(&self.session.borrow().decision()) else {
                continue;
            };
            self.host_call("trace", &[&"command".into(), &command.name().into()]);
            let me = self.me.clone();
            let report = move |input| {
                if let Some(bridge) = me.upgrade() {
                    bridge.happened(input);
                }
            };
            if let Err(error) = self.driver.run(command, report) {
                self.host_call("report", &[&"sdk-threw".into(), &command.name().into(), &error]);
            }
        }
        self.running.set(false);
    }

    fn host_call(&self, method: &str, args: &[&JsValue]) {
        let _ = call(&self.host, method, args);
    }

    fn source_id(&self) -> String {
        match self.session.borrow().source() {
            Some(MANUAL) => "manual",
            Some(index) => self.adapters.get(index as usize).map_or("", |adapter| adapter.id),
            None => "",
        }
        .to_owned()
    }

    fn publish(&self) {
        let (decision, code) = {
            let session = self.session.borrow();
            (session.decision(), session.code())
        };
        let id = self.source_id();
        let cmp = if id.is_empty() { JsValue::NULL } else { id.as_str().into() };
        self.host_call(
            "say",
            &[
                &decision.consent.name().into(),
                &decision.mode.name().into(),
                &cmp,
                &code.name().into(),
                &code.reason().into(),
            ],
        );
    }

    fn kept(&self) -> String {
        read_record(&self.host, &self.record_key)
    }

    fn keep_record(&self, record: &Record) {
        let mut lines = record.line();
        if text(&self.host, "record") == "local" {
            for line in self.kept().split('\n').take(Record::KEPT - 1).filter(|l| !l.is_empty()) {
                lines.push('\n');
                lines.push_str(line);
            }
        }
        self.keep(&lines);
        self.host_call("receipt", &[&receipt(record)]);
    }

    /// Writes the record where the site wants it; an empty one is removed.
    fn keep(&self, lines: &str) {
        let kept = match text(&self.host, "record").as_str() {
            "local" if lines.is_empty() => storage::local_remove(&self.record_key),
            "local" => storage::local_set(&self.record_key, lines),
            "cookie" => storage::record_cookie(&self.record_key, lines),
            _ => true,
        };
        if !kept {
            self.host_call("report", &[&"record-refused".into(), &self.record_key.as_str().into()]);
        }
    }

    fn explain(&self) -> JsValue {
        let sources = Array::new();
        for seen in self.read() {
            let raw = object(&[]);
            for (probe, value) in seen.snapshot.iter() {
                page::set(&raw, &probe.label(), &probe::show(value));
            }
            let categories = object(&[]);
            for (name, answer) in &seen.reading.named {
                page::set(&categories, name, &answer.name().into());
            }
            let id = match seen.signal.source {
                MANUAL => "manual",
                index => self.adapters.get(index as usize).map_or("", |adapter| adapter.id),
            };
            let answers =
                object(&Feature::ALL.map(|f| (f.name(), seen.signal.answers.get(f).name().into())));
            let rest = seen.reading.rest.map_or(JsValue::NULL, |answer| answer.name().into());
            sources.push(&object(&[
                ("cmp", id.into()),
                ("live", seen.signal.live.into()),
                ("consent", answers),
                ("categories", categories),
                ("others", rest),
                ("raw", raw),
            ]));
        }
        let around = self.around();
        let session = self.session.borrow();
        let flow =
            object(&Feature::ALL.map(|feature| {
                (feature.name(), session.machine().gate().get(feature).name().into())
            }));
        object(&[
            ("sources", sources.into()),
            ("gpc", around.gpc.into()),
            ("dnt", around.dnt.into()),
            ("sdk", session.machine().sdk().name().into()),
            ("gate", flow),
        ])
    }
}

/// One source as it was read.
struct Seen {
    signal: Signal,
    reading: Reading,
    snapshot: Snapshot,
}

fn with_is_connected(bridge: &Rc<Bridge>) -> bool {
    BRIDGES.with(|bridges| {
        bridges.borrow().iter().flatten().any(|connected| Rc::ptr_eq(connected, bridge))
    })
}

fn read_record(host: &JsValue, key: &str) -> String {
    match text(host, "record").as_str() {
        "local" => storage::local_get(key).unwrap_or_default(),
        "cookie" => Cookies::read().get(key).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}
