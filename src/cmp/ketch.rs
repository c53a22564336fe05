//! Product: Ketch
//! Vendor: Ketch
//! Documentation: <https://docs.ketch.com/ketch/docs/javascript-api>
//! Versions: Smart Tag v3
//! Detected by: the global `ketch`; the cookie or key `_ketch_consent_v1_` before it
//! Explicit choice: a stored record of the answer
//! Implied: no record, and the purpose is allowed here
//! Expired: cannot be told; the record is gone then
//! Categories: the site's purpose codes; `analytics` by default
//! Limits: whether a jurisdiction's default is also recorded is not documented
//! Confidence: medium (types of the real SDK, other programs' adapters; not run, it is proprietary)

use super::{Adapter, Arg, Form, Listen, Off, Probe, Rank, Reader};

/// Ketch.
pub static ADAPTER: Adapter = Adapter {
    id: "ketch",
    rank: Rank::Vendor,
    category: &[&["analytics"]],
    probes: &[
        Probe::Heard("ketch"),
        Probe::Cookie("_ketch_consent_v1_", Form::Base64Json),
        Probe::Local("_ketch_consent_v1_", Form::Base64Json),
        Probe::Global("ketch"),
    ],
    listen: &[Listen::Call {
        path: "ketch",
        args: &[Arg::Text("on"), Arg::Text("consent"), Arg::Callback],
        heard: Some(("ketch", &["purposes"])),
        off: Off::Call("ketch", &[Arg::Text("off"), Arg::Text("consent"), Arg::Callback]),
    }],
    reader: Reader::Rules(
        "
+ a b/c.*.status > GD a.purposes @ .
+ a > gu a.purposes @ .
+ a > unreadable
- b/c.*.status > GD b/c @ .status~granted~denied ; all u
+ d > not-ready
",
    ),
};
