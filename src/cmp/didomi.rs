//! Product: Didomi
//! Vendor: Didomi
//! Documentation: <https://developers.didomi.io/cmp/web-sdk/reference/api>
//! Versions: Web SDK 2
//! Detected by: the global `Didomi` with `getCurrentUserStatus`; the cookie or key `didomi_token` before it
//! Explicit choice: a status need not be collected and consent is required here; stored, the purposes that the token lists
//! Implied: consent is not required here (`isConsentRequired()` is false)
//! Expired: the token lists purposes and a status is to be collected again
//! Categories: purpose ids; `measure_content_performance`, or `audience_measurement`, or `analytics`, whichever the site has
//! Limits: a vendor may be off while the purpose is on; the newer binary `didomi_dcs` is not read; where consent is not required, a visitor's own no is not told from a signal's
//! Confidence: high (documentation; not run, it is proprietary)

use super::parts::{Named, not_ready, put, put_each, reading, unreadable};
use super::{Adapter, Arg, Form, Listen, Note, Off, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// Didomi.
pub static ADAPTER: Adapter = Adapter {
    id: "didomi",
    rank: Rank::Vendor,
    category: &[&["measure_content_performance"], &["audience_measurement"], &["analytics"]],
    probes: &[
        Probe::Global("Didomi.shouldUserStatusBeCollected()"),
        Probe::Global("Didomi.isConsentRequired()"),
        Probe::Global("Didomi.getCurrentUserStatus().purposes"),
        Probe::Cookie("didomi_token", Form::Base64Json),
        Probe::Local("didomi_token", Form::Base64Json),
    ],
    listen: &[
        Listen::Call {
            path: "didomiOnReady.push",
            args: &[Arg::Callback],
            heard: None,
            off: Off::Never,
        },
        Listen::Call {
            path: "Didomi.on",
            args: &[Arg::Text("consent.changed"), Arg::Callback],
            heard: None,
            off: Off::Call("Didomi.off", &[Arg::Text("consent.changed"), Arg::Callback]),
        },
    ],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    let stored = found.cookie("didomi_token").or(found.local("didomi_token")).and_then(stored);
    let turn = match (
        found.global("Didomi.shouldUserStatusBeCollected()"),
        found.global("Didomi.isConsentRequired()"),
    ) {
        (None, None) => return stored,
        (Some(Value::Thrown), _) => return not_ready(),
        // A purpose that nobody was asked about is not enabled either: no refusal.
        (Some(Value::Bool(true)), _) => {
            return Some(Reading::unset(true, stored.map(|_| Note::Expired)));
        }
        (Some(Value::Bool(false)), Some(Value::Bool(true))) => Answer::explicit,
        (Some(Value::Bool(false)), Some(Value::Bool(false))) => Answer::implied,
        _ => return unreadable(),
    };
    let mut named = Named::new();
    let purposes = found.global("Didomi.getCurrentUserStatus().purposes");
    for (id, purpose) in purposes.map(Value::entries).unwrap_or_default() {
        if let Some(on) = purpose.get("enabled").and_then(Value::as_bool) {
            put(&mut named, id, turn(on));
        }
    }
    Some(reading(true, named))
}

/// The token is there from the first page on; it lists purposes once they were answered.
fn stored(token: &Value) -> Option<Reading> {
    let purposes = token.get("purposes")?;
    let mut named = Named::new();
    put_each(&mut named, purposes.get("enabled"), Answer::Granted);
    put_each(&mut named, purposes.get("disabled"), Answer::Denied);
    (!named.is_empty()).then(|| Reading::named(false, named).with_rest(Answer::Unset))
}
