//! Product: Klaro
//! Vendor: KIProtect, open source (BSD-3-Clause)
//! Documentation: <https://klaro.org/docs/>
//! Versions: 0.7 (run: 0.7.22)
//! Detected by: `klaro.getManager()`; the cookie (or key of local storage) `klaro` before it
//! Explicit choice: `confirmed` is true: a saved answer for every service there is now; stored, the saved answers
//! Implied: before an answer, a service that runs all the same (`optOut` with `default`); a `required` service at any time, since nobody is asked
//! Expired: answers are saved and a service was added since (`changed`)
//! Categories: services by name and their purposes (all services of a purpose must allow); a service `mixpanel` is tried first, then `analytics`
//! Limits: a renamed cookie is read only once the manager is there
//! Confidence: high (source read, run)

use super::parts::{Named, is_true, put_bools, put_each, text};
use super::{Adapter, Arg, Form, Listen, Note, Off, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// Klaro.
///
/// `getManager()` creates the manager, which activates the elements it finds at that moment:
/// asked while the document is still being parsed, it would make Klaro miss those further down.
/// So the paths wait for the document.
pub static ADAPTER: Adapter = Adapter {
    id: "klaro",
    rank: Rank::Vendor,
    category: &[&["mixpanel"], &["analytics"]],
    probes: &[
        Probe::Global("klaro.getManager"),
        Probe::Global("@parsed.klaro.getManager().confirmed"),
        Probe::Global("@parsed.klaro.getManager().changed"),
        // `consents` moves with the toggles; `savedConsents` with the visitor's answer.
        Probe::Global("@parsed.klaro.getManager().savedConsents"),
        Probe::Global("@parsed.klaro.getManager().states"),
        Probe::Global("@parsed.klaro.getManager().config.services"),
        Probe::Cookie("klaro", Form::Json),
        Probe::Local("klaro", Form::Json),
    ],
    listen: &[Listen::Call {
        path: "@parsed.klaro.getManager().watch",
        args: &[Arg::Method("update")],
        heard: None,
        off: Off::Call("@parsed.klaro.getManager().unwatch", &[Arg::Method("update")]),
    }],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    let confirmed = match found.global("@parsed.klaro.getManager().confirmed") {
        None => return stored(found),
        Some(Value::Bool(confirmed)) => *confirmed,
        // Without its configuration `getManager` throws.
        Some(Value::Thrown) => return Some(Reading::unset(true, Some(Note::NotReady))),
        Some(_) => return Some(Reading::unset(true, Some(Note::Unreadable))),
    };
    if !confirmed && is_true(found.global("@parsed.klaro.getManager().changed")) {
        return Some(Reading::unset(true, Some(Note::Expired)));
    }
    let services = found.global("@parsed.klaro.getManager().config.services");
    let mut named = Named::new();
    if confirmed {
        let saved = found.global("@parsed.klaro.getManager().savedConsents");
        put_bools(&mut named, saved, Answer::explicit);
        for (name, answer) in &mut named {
            let asked = service(services, name).is_some_and(|s| !is_true(s.get("required")));
            if !asked {
                *answer = (*answer).min(Answer::ImpliedGranted);
            }
        }
    } else {
        let states = found.global("@parsed.klaro.getManager().states");
        put_bools(&mut named, states, |on| if on { Answer::ImpliedGranted } else { Answer::Unset });
    }
    purposes(&mut named, services);
    Some(Reading::named(true, named))
}

/// Before the manager is there: what it saved.
fn stored(found: &Snapshot) -> Option<Reading> {
    let saved = found.cookie("klaro").or(found.local("klaro"));
    let mut named = Named::new();
    put_bools(&mut named, saved, Answer::explicit);
    if named.is_empty() {
        // A manager that cannot be asked yet (it throws without its configuration), or
        // something else that is called so.
        let library = matches!(found.global("klaro.getManager"), Some(Value::Function));
        return library.then(|| Reading::unset(true, Some(Note::NotReady)));
    }
    Some(Reading::named(false, named).with_rest(Answer::Unset))
}

fn service<'a>(services: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    services?.items().iter().find(|s| text(s.get("name")) == Some(name))
}

/// A purpose is allowed as far as every service that has it is.
fn purposes(named: &mut Named, services: Option<&Value>) {
    for service in services.map(Value::items).unwrap_or_default() {
        let name = text(service.get("name"));
        let answer = named.iter().find(|(known, _)| Some(known.as_str()) == name).map(|(_, a)| *a);
        if let Some(answer) = answer {
            put_each(named, service.get("purposes"), answer);
        }
    }
}
