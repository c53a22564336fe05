//! Product: Orejime
//! Vendor: Boscop, open source (BSD-3-Clause)
//! Documentation: <https://github.com/boscop-fr/orejime>
//! Versions: 3 (run: 3.2.1)
//! Detected by: `orejime.manager`; the cookie `eu-consent` before it
//! Explicit choice: the manager is not dirty: every purpose has a saved answer; stored, the saved answers
//! Implied: not answered and on all the same (`default`, `isExempt`); a mandatory purpose at any time, since nobody is asked
//! Expired: answers are saved and a purpose was added since (`needsUpdate()`)
//! Categories: purposes by id, and groups of purposes by id (all purposes of a group must allow); `mixpanel` is tried first, then `analytics`
//! Limits: a renamed cookie is read only once the manager is there
//! Confidence: high (source read, run)

use super::parts::{Named, is_true, put, put_bools, text};
use super::{Adapter, Arg, Form, Listen, Note, Off, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// Orejime.
///
/// It says `update` before it stops being dirty, and `dirty` after: both are listened to.
pub static ADAPTER: Adapter = Adapter {
    id: "orejime",
    rank: Rank::Vendor,
    category: &[&["mixpanel"], &["analytics"]],
    probes: &[
        Probe::Global("orejime.manager.isDirty()"),
        Probe::Global("orejime.manager.needsUpdate()"),
        Probe::Global("orejime.manager.getAllConsents()"),
        Probe::Global("orejime.config.purposes"),
        Probe::Cookie("eu-consent", Form::Json),
    ],
    listen: &[
        Listen::Document("orejime.loaded"),
        Listen::Call {
            path: "orejime.manager.on",
            args: &[Arg::Text("update"), Arg::Callback],
            heard: None,
            off: Off::Call("orejime.manager.off", &[Arg::Text("update"), Arg::Callback]),
        },
        Listen::Call {
            path: "orejime.manager.on",
            args: &[Arg::Text("dirty"), Arg::Callback],
            heard: None,
            off: Off::Call("orejime.manager.off", &[Arg::Text("dirty"), Arg::Callback]),
        },
    ],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    let Some(dirty) = found.global("orejime.manager.isDirty()") else {
        let mut named = Named::new();
        put_bools(&mut named, found.cookie("eu-consent"), Answer::explicit);
        return (!named.is_empty()).then(|| Reading::named(false, named).with_rest(Answer::Unset));
    };
    if is_true(found.global("orejime.manager.needsUpdate()")) {
        return Some(Reading::unset(true, Some(Note::Expired)));
    }
    let turn = match dirty {
        Value::Bool(false) => Answer::explicit,
        Value::Bool(true) => |on| if on { Answer::ImpliedGranted } else { Answer::Unset },
        _ => return Some(Reading::unset(true, Some(Note::Unreadable))),
    };
    let mut named = Named::new();
    put_bools(&mut named, found.global("orejime.manager.getAllConsents()"), turn);
    let mut asked = Named::new();
    group(&mut asked, &named, found.global("orejime.config.purposes"));
    // What the configuration does not have (or has deeper than values are copied) is not known
    // to have been asked.
    for (name, answer) in &named {
        if !asked.iter().any(|(known, _)| known == name) {
            put(&mut asked, name, (*answer).min(Answer::ImpliedGranted));
        }
    }
    if asked.is_empty() {
        return Some(Reading::unset(true, Some(Note::Unreadable)));
    }
    Some(Reading::named(true, asked))
}

/// Purposes may stand in groups, and groups in groups (values are copied to a bounded depth, and
/// so is this): the answer for a list is the strictest in it.
fn group(asked: &mut Named, said: &Named, purposes: Option<&Value>) -> Option<Answer> {
    let mut strictest = None;
    for purpose in purposes.map(Value::items).unwrap_or_default() {
        let Some(id) = text(purpose.get("id")) else { continue };
        let answer = match purpose.get("purposes") {
            Some(within) => group(asked, said, Some(within)),
            None => said.iter().find(|(known, _)| known == id).map(|(_, answer)| *answer),
        };
        let Some(mut answer) = answer else { continue };
        if is_true(purpose.get("isMandatory")) {
            answer = answer.min(Answer::ImpliedGranted);
        }
        put(asked, id, answer);
        strictest = Some(strictest.map_or(answer, |so_far: Answer| so_far.min(answer)));
    }
    strictest
}
