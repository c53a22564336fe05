//! Product: Termly CMP
//! Vendor: Termly
//! Documentation: <https://support.termly.io/hc/en-us/articles/9674733>
//! Versions: the resource blocker and embed.min.js (no versions)
//! Detected by: `Termly.getConsentState()`; the key `TERMLY_API_CACHE` of local storage before it
//! Explicit choice: a stored consent with its time
//! Implied: none is stored, and the category is on
//! Expired: cannot be told; the product removes what it stored
//! Categories: its fixed names; `analytics` for analytics
//! Limits: nothing in cookies, so nothing for a server
//! Confidence: medium (documentation, the embed script's source read; not run, it is proprietary)

use super::parts::{Named, open, put_bools, reading, unreadable};
use super::{Adapter, Arg, Form, Listen, Off, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// Termly.
pub static ADAPTER: Adapter = Adapter {
    id: "termly",
    rank: Rank::Vendor,
    category: &[&["analytics"]],
    probes: &[
        Probe::Global("Termly.getConsentState()"),
        Probe::Local("TERMLY_API_CACHE", Form::Json),
    ],
    listen: &[
        Listen::Call {
            path: "Termly.on",
            args: &[Arg::Text("consent"), Arg::Callback],
            heard: None,
            off: Off::Call("Termly.off", &[Arg::Text("consent"), Arg::Callback]),
        },
        Listen::Call {
            path: "Termly.on",
            args: &[Arg::Text("initialized"), Arg::Callback],
            heard: None,
            off: Off::Call("Termly.off", &[Arg::Text("initialized"), Arg::Callback]),
        },
    ],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    let record = found
        .local("TERMLY_API_CACHE")
        .and_then(|cache| cache.get("TERMLY_COOKIE_CONSENT"))
        .filter(|record| matches!(record.get("createdAt"), Some(Value::Text(_) | Value::Number(_))))
        .and_then(|record| record.get("value"));
    let mut named = Named::new();
    match (found.global("Termly.getConsentState()"), record) {
        (Some(state @ Value::Map(_)), record) => {
            let turn = if record.is_some() { Answer::explicit } else { open };
            put_bools(&mut named, Some(state), turn);
            Some(reading(true, named))
        }
        (Some(_), _) => unreadable(),
        (None, Some(value)) => {
            put_bools(&mut named, Some(value), Answer::explicit);
            Some(Reading::named(false, named).with_rest(Answer::Unset))
        }
        (None, None) => None,
    }
}
