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

use super::{Adapter, Arg, Listen, Off, Probe, Rank, Reader};

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
    reader: Reader::Rules(
        "
+ a !a:map > unreadable
+ a b:map > GD a @ .~ACCEPT~DENY
+ a b > unreadable
+ a.OPT_OUT~ACCEPT > gd a @ .~ACCEPT~DENY
+ a > gu a @ .~ACCEPT~DENY
+ a > unreadable
",
    ),
};
