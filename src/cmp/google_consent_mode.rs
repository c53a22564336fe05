//! The reader of Google consent mode, which `adapters/google-consent-mode.toml` describes. It is
//! code because the commands have an order with a meaning: the last update counts, and one that
//! closes what an earlier one opened was somebody's act. Rules know neither.

use super::rules::{Named, entry, put};
use super::{Reading, Snapshot, Value};
use crate::core::Answer;

pub fn read(found: &Snapshot) -> Option<Reading> {
    let mut defaults = Named::new();
    let mut updates = Named::new();
    for command in found.get(0).map(Value::items).unwrap_or_default() {
        let [_, Value::Text(kind), Value::Map(types), ..] = command.items() else { continue };
        for (name, value) in types {
            let on = match value.as_text() {
                Some("granted") => true,
                Some("denied") => false,
                _ => continue,
            };
            match kind.as_str() {
                // Several, for regions: the strictest, since any may be ours.
                "default" => put(&mut defaults, 0, name, default(on)),
                "update" => update(&mut updates, name, on),
                _ => {}
            }
        }
    }
    // What Google's own tag made of it, templates included. Where the two differ, which is the
    // later cannot be told: the stricter counts.
    for (name, entry) in found.get(1).map(Value::entries).unwrap_or_default() {
        if let Some(on) = entry.get("default").and_then(Value::as_bool) {
            put(&mut defaults, 0, name, default(on));
        }
        if let Some(on) = entry.get("update").and_then(Value::as_bool) {
            put(&mut updates, 0, name, Answer::implied(on));
        }
    }
    let known = updates.len();
    for (name, answer) in &defaults {
        put(&mut updates, known, name, *answer);
    }
    (!updates.is_empty()).then(|| Reading::named(true, updates).with_rest(Answer::Unset))
}

fn default(on: bool) -> Answer {
    if on { Answer::ImpliedGranted } else { Answer::Unset }
}

/// The last update counts; what closes after it was open was closed by somebody.
fn update(updates: &mut Named, name: &str, on: bool) {
    if let Some((_, answer)) = entry(updates, name, Answer::implied(on)) {
        if on {
            *answer = Answer::ImpliedGranted;
        } else if *answer == Answer::ImpliedGranted {
            *answer = Answer::Denied;
        }
    }
}
