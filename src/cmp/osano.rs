//! Product: Osano CMP (hosted)
//! Vendor: Osano
//! Documentation: <https://developers.osano.com/cmp/javascript-api/developer-documentation-consent-javascript-api>
//! Versions: osano.js (it has no versions)
//! Detected by: `Osano.cm.getConsent`
//! Explicit choice: a decision is stored: `osano-cm-consent-saved` was said (it is replayed to late listeners)
//! Implied: none is stored, and the category is accepted; refused where `OPT_OUT` is accepted (GPC too)
//! Expired: cannot be told; nothing is stored then
//! Categories: its fixed names; `ANALYTICS` for analytics
//! Limits: what it stores is encrypted, so a returning visitor is known only once the script is there
//! Confidence: medium (the vendor's tag template, third-party documentation; not run, it is proprietary)

use super::parts::{Named, open, put_words, reading, text, unreadable};
use super::{Adapter, Arg, Listen, Off, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// Osano, hosted.
pub static ADAPTER: Adapter = Adapter {
    id: "osano",
    rank: Rank::Vendor,
    category: &[&["ANALYTICS"]],
    probes: &[Probe::Global("Osano.cm.getConsent()"), Probe::Heard("osano")],
    // `osano-cm-consent-changed` is a toggle that moved, not an answer.
    listen: &[
        Listen::Call {
            path: "Osano.cm.addEventListener",
            args: &[Arg::Text("osano-cm-consent-saved"), Arg::Callback],
            heard: Some(("osano", &["ANALYTICS"])),
            off: Off::Call(
                "Osano.cm.removeEventListener",
                &[Arg::Text("osano-cm-consent-saved"), Arg::Callback],
            ),
        },
        Listen::Call {
            path: "Osano.cm.addEventListener",
            args: &[Arg::Text("osano-cm-initialized"), Arg::Callback],
            heard: None,
            off: Off::Call(
                "Osano.cm.removeEventListener",
                &[Arg::Text("osano-cm-initialized"), Arg::Callback],
            ),
        },
    ],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    let consent = found.global("Osano.cm.getConsent()")?;
    let Value::Map(_) = consent else { return unreadable() };
    let turn: fn(bool) -> Answer = match found.heard("osano") {
        Some(Value::Map(_)) => Answer::explicit,
        Some(_) => return unreadable(),
        None if text(consent.get("OPT_OUT")) == Some("ACCEPT") => Answer::implied,
        None => open,
    };
    let mut named = Named::new();
    put_words(&mut named, Some(consent), "ACCEPT", "DENY", turn);
    Some(reading(true, named))
}
