//! Product: Sourcepoint Unified CMP
//! Vendor: Sourcepoint (Didomi)
//! Documentation: <https://docs.sourcepoint.com/hc/en-us/articles/4405397484307>
//! Versions: the unified wrapper
//! Detected by: the global `_sp_` with an account, and its TCF API
//! Explicit choice: as in the IAB's framework: `tcloaded` or `useractioncomplete`
//! Implied: `gdprApplies` is false
//! Expired: shown as asking again, which is no answer
//! Categories: TCF purposes by number (1, 8 and 9 by default), and the property's own vendors by their 24-digit ids
//! Limits: vendor ids are known as of load: after an answer on the same page they are unset until the next page; US messages are read through GPP, as a limit; what it stores is not read
//! Confidence: medium (documentation, other programs' adapters; not run, it is proprietary)

use super::iab_tcf::told;
use super::parts::{not_ready, put, text};
use super::{Adapter, Arg, Listen, Off, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// Sourcepoint.
pub static ADAPTER: Adapter = Adapter {
    id: "sourcepoint",
    rank: Rank::Vendor,
    category: &[&["1", "8", "9"]],
    probes: &[
        // The site's configuration: there before the script.
        Probe::Global("_sp_.config.accountId"),
        Probe::Heard("sourcepoint-tcf"),
        Probe::Heard("sourcepoint"),
    ],
    listen: &[
        Listen::Call {
            path: "__tcfapi",
            args: &[Arg::Text("addEventListener"), Arg::Number(2.0), Arg::Callback],
            heard: Some((
                "sourcepoint-tcf",
                &["eventStatus", "gdprApplies", "purpose.consents", "listenerId"],
            )),
            off: Off::Call(
                "__tcfapi",
                &[
                    Arg::Text("removeEventListener"),
                    Arg::Number(2.0),
                    Arg::Callback,
                    Arg::Heard("listenerId"),
                ],
            ),
        },
        Listen::Call {
            path: "__tcfapi",
            args: &[Arg::Text("getCustomVendorConsents"), Arg::Number(2.0), Arg::Callback],
            heard: Some(("sourcepoint", &["grants", "newUser"])),
            off: Off::Never,
        },
    ],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    found.global("_sp_.config.accountId")?.as_number()?;
    let Some(heard) = found.heard("sourcepoint-tcf") else { return not_ready() };
    let mut reading = told(heard);
    let custom = found.heard("sourcepoint");
    let grants = custom.and_then(|custom| custom.get("grants")).map(Value::entries);
    // Told once, at load: an answer on this page makes it old.
    let fresh = text(heard.get("eventStatus")) == Some("tcloaded")
        && custom.and_then(|custom| custom.get("newUser")) == Some(&Value::Bool(false));
    if reading.rest == Some(Answer::Denied) {
        for (vendor, grant) in grants.unwrap_or_default() {
            if let Some(on) = grant.get("vendorGrant").and_then(Value::as_bool) {
                let answer = if fresh { Answer::explicit(on) } else { Answer::Unset };
                put(&mut reading.named, vendor, answer);
            }
        }
    }
    Some(reading)
}
