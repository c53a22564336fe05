//! What bridges with `debug` hear, decide and do, as a stream.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{CustomEvent, window};

use super::bridge::{Receipt, from_js};
use super::{Answer, Feature, Flow, PerFeature, State};
use crate::core::protocol::RECORD_KEY;

/// How many events wait for a stream that nobody reads; the oldest go first.
const WAITING: usize = 1000;

/// One thing that a bridge with `debug` heard, decided or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What it was.
    pub what: What,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// The bridge's token.
    pub token: String,
    /// The bridge's name.
    pub name: Option<String>,
}

/// What a bridge heard, decided or did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// A source says something that it has not said before.
    Read {
        /// The source.
        cmp: String,
        /// Its answer for tracking.
        answer: Answer,
    },
    /// The state has changed.
    Decision(State),
    /// A command is carried out.
    Command(String),
    /// The gate opens or shuts.
    Gate(PerFeature<Flow>),
    /// A call waits: its path.
    Held(String),
    /// A call that waited goes to the SDK.
    Released(String),
    /// A call is dropped.
    Dropped(String),
    /// An answer was kept.
    Receipt(Receipt),
    /// Something that a developer should know: its code.
    Report(String),
    /// Anything else, by its kind.
    Other(String),
}

impl Event {
    fn of(detail: &JsValue) -> Option<Event> {
        let get = |key: &str| Reflect::get(detail, &key.into()).ok();
        let text = |key: &str| get(key)?.as_string();
        let kind = text("kind")?;
        let what = match (kind.as_str(), text("what")) {
            ("read", Some(cmp)) => What::Read { cmp, answer: Answer::named(&text("more")?)? },
            ("decision", _) => What::Decision(from_js(get("what")?)?),
            ("command", Some(command)) => What::Command(command),
            ("gate", Some(flows)) => What::Gate(flows_of(&flows)?),
            ("held", Some(path)) => What::Held(path),
            ("released", Some(path)) => What::Released(path),
            ("dropped", Some(path)) => What::Dropped(path),
            ("receipt", _) => What::Receipt(from_js(get("what")?)?),
            ("report", Some(code)) => What::Report(code),
            _ => What::Other(kind),
        };
        let at_ms = get("at")?.as_f64()? as u64;
        Some(Event { what, at_ms, token: text("token")?, name: text("name") })
    }
}

/// A letter for each feature.
fn flows_of(letters: &str) -> Option<PerFeature<Flow>> {
    let mut bytes = letters.bytes();
    let mut whole = letters.len() == Feature::ALL.len();
    let flows = PerFeature::of(|_| {
        let flow = bytes.next().and_then(Flow::of_letter);
        whole &= flow.is_some();
        flow.unwrap_or(Flow::Drop)
    });
    whole.then_some(flows)
}

#[derive(Default)]
struct Queue {
    events: VecDeque<Event>,
    waker: Option<Waker>,
}

/// What bridges with `debug` do, from now on until it is dropped. It never ends by itself.
#[must_use = "dropping it stops listening"]
pub struct Events {
    queue: Rc<RefCell<Queue>>,
    listener: Closure<dyn FnMut(CustomEvent)>,
}

/// Listens to what bridges with [`debug`](super::Options::debug) hear, decide and do.
pub fn events() -> Events {
    let queue: Rc<RefCell<Queue>> = Rc::default();
    let told = Rc::clone(&queue);
    let listener = Closure::<dyn FnMut(CustomEvent)>::new(move |event: CustomEvent| {
        let Some(event) = Event::of(&event.detail()) else { return };
        let mut queue = told.borrow_mut();
        if queue.events.len() == WAITING {
            queue.events.pop_front();
        }
        queue.events.push_back(event);
        let waker = queue.waker.take();
        // Whoever is woken may read at once.
        drop(queue);
        if let Some(waker) = waker {
            waker.wake();
        }
    });
    if let Some(window) = window() {
        // Refused by no browser; a page without a window has no bridge either.
        let _ =
            window.add_event_listener_with_callback(RECORD_KEY, listener.as_ref().unchecked_ref());
    }
    Events { queue, listener }
}

impl Stream for Events {
    type Item = Event;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context) -> Poll<Option<Event>> {
        let mut queue = self.queue.borrow_mut();
        match queue.events.pop_front() {
            Some(event) => Poll::Ready(Some(event)),
            None => {
                queue.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        if let Some(window) = window() {
            let listener = self.listener.as_ref().unchecked_ref();
            let _ = window.remove_event_listener_with_callback(RECORD_KEY, listener);
        }
    }
}
