//! Product: consentmanager
//! Vendor: consentmanager.net (consentmanager AB)
//! Documentation: <https://help.consentmanager.net/books/cmp/page/javascript-api>
//! Versions: the automatic and semi-automatic codes of delivery.consentmanager.net
//! Detected by: `__cmp('getCMPData')` answering with `userChoiceExists` (the TCF's first version had a global `__cmp` too)
//! Explicit choice: `userChoiceExists`
//! Implied: no choice, and the purpose is on
//! Expired: cannot be told; the choice does not exist then
//! Categories: purposes by id, and by the name in the site's list; `Measurement`, `Analytics` or `Statistics`, whichever is there
//! Limits: purpose names are the site's and in its language; what it stores is not read
//! Confidence: medium (other programs' adapters; not run, it is proprietary)

use super::{Adapter, Arg, Listen, Off, Probe, Rank, Reader};

/// consentmanager.
pub static ADAPTER: Adapter = Adapter {
    id: "consentmanager",
    rank: Rank::Vendor,
    category: &[&["Measurement"], &["Analytics"], &["Statistics"]],
    probes: &[
        Probe::Global("__cmp(getCMPData).userChoiceExists"),
        Probe::Global("__cmp(getCMPData).purposeConsents"),
        Probe::Global("__cmp(getCMPData).purposesList"),
    ],
    listen: &[
        Listen::Call {
            path: "__cmp",
            args: &[
                Arg::Text("addEventListener"),
                Arg::List(&[Arg::Text("consent"), Arg::Callback, Arg::False]),
                Arg::Null,
            ],
            heard: None,
            off: Off::Call(
                "__cmp",
                &[
                    Arg::Text("removeEventListener"),
                    Arg::List(&[Arg::Text("consent"), Arg::Callback, Arg::False]),
                    Arg::Null,
                ],
            ),
        },
        Listen::Call {
            path: "__cmp",
            args: &[
                Arg::Text("addEventListener"),
                Arg::List(&[Arg::Text("settings"), Arg::Callback, Arg::False]),
                Arg::Null,
            ],
            heard: None,
            off: Off::Call(
                "__cmp",
                &[
                    Arg::Text("removeEventListener"),
                    Arg::List(&[Arg::Text("settings"), Arg::Callback, Arg::False]),
                    Arg::Null,
                ],
            ),
        },
    ],
    reader: Reader::Rules(
        "
+ a=true > GD c .id,.name b[.id] ; GD b @ .
+ a=false > gu c .id,.name b[.id] ; gu b @ .
+ a > unreadable
",
    ),
};
