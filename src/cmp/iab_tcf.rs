//! Product: IAB Transparency and Consent Framework
//! Vendor: IAB Europe; installed by many consent managers
//! Documentation: <https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework/blob/master/TCFv2/IAB%20Tech%20Lab%20-%20CMP%20API%20v2.md>
//! Versions: 2.0 to 2.3 (run: @iabtcf/cmpapi 1.5.6 with @iabtcf/stub 1.5.6)
//! Detected by: the global `__tcfapi`; the cookie `euconsent-v2` before it
//! Explicit choice: `eventStatus` is `tcloaded` or `useractioncomplete`; stored, a TC string of version 2
//! Implied: `gdprApplies` is false: everything is allowed and nobody asked
//! Expired: shown as asking again (`cmpuishown`), which is no answer
//! Categories: purposes by number; 1 (storage), 8 (content performance) and 9 (audience statistics) must all allow
//! Limits: Mixpanel's own vendor bit is not consulted; while the visitor looks at the settings again, nothing is answered; the cookie is a custom, a consent manager may keep its TC string elsewhere
//! Confidence: high (specification, source read, run)

use super::bits::number;
use super::parts::{Named, put, put_bools, text};
use super::{Adapter, Arg, Form, Listen, Note, Off, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// The IAB's framework for the EU.
pub static ADAPTER: Adapter = Adapter {
    id: "iab-tcf",
    rank: Rank::Standard,
    category: &[&["1", "8", "9"]],
    probes: &[
        Probe::Global("__tcfapi"),
        Probe::Heard("tcf"),
        Probe::Cookie("euconsent-v2", Form::Raw),
    ],
    listen: &[Listen::Call {
        path: "__tcfapi",
        args: &[Arg::Text("addEventListener"), Arg::Number(2.0), Arg::Callback],
        heard: Some(("tcf", &["eventStatus", "gdprApplies", "purpose.consents", "listenerId"])),
        off: Off::Call(
            "__tcfapi",
            &[
                Arg::Text("removeEventListener"),
                Arg::Number(2.0),
                Arg::Callback,
                Arg::Heard("listenerId"),
            ],
        ),
    }],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    if let Some(heard) = found.heard("tcf") {
        return Some(told(heard));
    }
    if let Some(reading) = text(found.cookie("euconsent-v2")).and_then(tc_string) {
        return Some(reading);
    }
    let api = matches!(found.global("__tcfapi"), Some(Value::Function));
    api.then(|| Reading::unset(true, Some(Note::NotReady)))
}

/// What `addEventListener` calls back with.
pub(super) fn told(heard: &Value) -> Reading {
    match heard.get("gdprApplies") {
        Some(Value::Bool(false)) => Reading::all(true, Answer::ImpliedGranted),
        None => Reading::unset(true, Some(Note::NotReady)),
        Some(Value::Bool(true)) => match text(heard.get("eventStatus")) {
            // A purpose that is not in the object is not consented to.
            Some("tcloaded" | "useractioncomplete") => {
                let mut named = Named::new();
                put_bools(&mut named, heard.get("purpose.consents"), Answer::explicit);
                Reading::named(true, named).with_rest(Answer::Denied)
            }
            Some("cmpuishown") => Reading::unset(true, None),
            _ => Reading::unset(true, Some(Note::Unreadable)),
        },
        Some(_) => Reading::unset(true, Some(Note::Unreadable)),
    }
}

/// Where the bits of the purposes begin in the core segment, and how many there are.
const PURPOSES: usize = 152;
const NAMES: [&str; 11] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"];

/// The purposes of a TC string. Another version has them elsewhere, so it is no answer.
pub(super) fn tc_string(text: &str) -> Option<Reading> {
    if number(text, 0, 6)? != 2 {
        return None;
    }
    // The last field of the core segment that every string has must be there, or it is cut.
    number(text, PURPOSES, 24)?;
    let mut named = Named::new();
    for (at, name) in NAMES.iter().enumerate() {
        put(&mut named, name, Answer::explicit(number(text, PURPOSES + at, 1)? == 1));
    }
    Some(Reading::named(false, named).with_rest(Answer::Denied))
}
