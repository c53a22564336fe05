//! What becomes of answers when ids or histories turn out to belong together: in which order two
//! histories were heard, and who may be meant by ids that are named with each other.
//!
//! Pure, as the rest of the core. What is kept of whom, and that it is written whole, is the
//! ledger's business (src/server/ledger).

use super::{Answer, ConsentEvent, Feature, PerFeature};

/// How far the clocks of two servers may be apart. It has nothing to do with
/// [`IN_FLIGHT_MS`](super::IN_FLIGHT_MS), which is as long by chance.
pub const APART_MS: u64 = 5_000;

/// One answer of a history, as far as its place in another one depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// When a ledger heard it.
    pub heard_ms: u64,
    /// What was answered. `None`: it cannot be read, and may have been a no.
    pub said: Option<(PerFeature<Answer>, ConsentEvent)>,
}

impl Heard {
    fn closes(&self) -> bool {
        self.said.is_none_or(|(answers, event)| {
            event != ConsentEvent::Given || Feature::ALL.iter().any(|f| answers.get(*f).is_closed())
        })
    }

    /// When it was heard, as far as it matters to another history. The server that heard a no may
    /// have a slow clock, and a yes that another server heard a moment earlier would undo the no.
    pub fn order_ms(&self) -> u64 {
        self.heard_ms.saturating_add(if self.closes() { APART_MS } else { 0 })
    }
}

/// Two histories of one person as one, in the order in which they were heard: places in the first,
/// and behind its length places in the second. Each keeps its own order. `None` is an entry that has
/// no time: it stays behind the one that it follows.
///
/// ```
/// use mixpanel_consent_bridge::core::{Answer, ConsentEvent, Heard, PerFeature, in_order};
/// let said = |heard_ms, answer, event| Some(Heard { heard_ms, said: Some((PerFeature::all(answer), event)) });
/// let no = said(1_000, Answer::Denied, ConsentEvent::Withdrawn);
/// let yes = said(4_000, Answer::Granted, ConsentEvent::Given);
/// // The yes was heard three seconds later by another server's clock, and does not undo the no.
/// assert_eq!(in_order(&[no], &[yes]), [1, 0]);
/// ```
pub fn in_order(first: &[Option<Heard>], second: &[Option<Heard>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(first.len() + second.len());
    let mut taken = 0;
    for (place, entry) in first.iter().enumerate() {
        if let Some(entry) = entry {
            let rest = second.get(taken..).unwrap_or_default();
            let earlier = rest
                .iter()
                .position(|other| other.is_some_and(|other| other.order_ms() >= entry.order_ms()))
                .unwrap_or(rest.len());
            order.extend((taken..taken + earlier).map(|place| first.len() + place));
            taken += earlier;
        }
        order.push(place);
    }
    order.extend((taken..second.len()).map(|place| first.len() + place));
    order
}

/// An id that is named together with others, and the people whom it belongs to, by numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    /// It is a device, and no user.
    pub device: bool,
    /// The people whom it belongs to. None: nothing is known of it.
    pub persons: &'a [u32],
}

/// The people who may be meant by ids that are named together: all of them have to allow what is
/// asked. `None`: of somebody who may be meant nothing is known, so nothing is allowed.
///
/// A device that nobody has linked speaks for the one user who is named with it and of whom nothing
/// is known, and for no two. A device of several people speaks for no one else.
pub fn meant(ids: &[Named]) -> Option<Vec<u32>> {
    let people = |device: bool| ids.iter().filter(move |id| id.device == device);
    let unknown = people(false).filter(|id| id.persons.is_empty()).count();
    let shared = people(true).any(|id| id.persons.len() > 1);
    let mut users: Vec<u32> = Vec::new();
    for id in people(false) {
        add(&mut users, id.persons);
    }
    if unknown > 0 && (unknown + users.len() > 1 || shared) {
        return None;
    }
    let mut all = users;
    for id in people(true) {
        add(&mut all, id.persons);
    }
    if all.is_empty() { None } else { Some(all) }
}

/// Each once, in the order in which they are named.
fn add(all: &mut Vec<u32>, persons: &[u32]) {
    for person in persons {
        if !all.contains(person) {
            all.push(*person);
        }
    }
}
