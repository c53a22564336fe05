//! Product: InMobi Choice (before: Quantcast Choice)
//! Vendor: InMobi
//! Documentation: <https://support.inmobi.com/choice>
//! Versions: 2
//! Detected by: the TCF API naming consent manager 10; its container `qc-cmp2-container`; the cookie `euconsent-v2` of consent manager 10 before it
//! Explicit choice: as in the IAB's framework: `tcloaded` or `useractioncomplete`
//! Implied: `gdprApplies` is false
//! Expired: shown as asking again, which is no answer
//! Categories: TCF purposes by number (1, 8 and 9 by default)
//! Limits: vendors outside of the IAB's list are not read; US messages are read through GPP, as a limit
//! Confidence: medium (specification of the framework, site code; not run, it is proprietary)

use super::bits::number;
use super::iab_tcf::{tc_string, told};
use super::parts::{not_ready, text};
use super::{Adapter, Arg, Form, Listen, Off, Probe, Rank, Reading, Snapshot};

/// InMobi Choice.
pub static ADAPTER: Adapter = Adapter {
    id: "inmobi",
    rank: Rank::Vendor,
    category: &[&["1", "8", "9"]],
    probes: &[
        Probe::Global("document.getElementById(qc-cmp2-container).id"),
        Probe::Heard("inmobi"),
        Probe::Cookie("euconsent-v2", Form::Raw),
    ],
    listen: &[Listen::Call {
        path: "__tcfapi",
        args: &[Arg::Text("addEventListener"), Arg::Number(2.0), Arg::Callback],
        heard: Some((
            "inmobi",
            &["cmpId", "eventStatus", "gdprApplies", "purpose.consents", "listenerId"],
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
    }],
    read,
};

/// The IAB's number of this consent manager, and where a TC string has it.
const NUMBER: u64 = 10;
const CMP_ID: (usize, usize) = (78, 12);

fn read(found: &Snapshot) -> Option<Reading> {
    const CONTAINER: &str = "qc-cmp2-container";
    let shown = text(found.global("document.getElementById(qc-cmp2-container).id"));
    let shown = shown == Some(CONTAINER);
    if let Some(heard) = found.heard("inmobi") {
        let theirs = match heard.get("cmpId") {
            Some(id) => id.as_number() == Some(NUMBER as f64),
            None => shown,
        };
        return theirs.then(|| told(heard));
    }
    let stored = text(found.cookie("euconsent-v2"))
        .filter(|text| number(text, CMP_ID.0, CMP_ID.1) == Some(NUMBER))
        .and_then(tc_string);
    if stored.is_none() && shown { not_ready() } else { stored }
}
