//! Product: Ketch
//! Vendor: Ketch
//! Documentation: <https://developers.ketch.com/docs/ketch-smart-tag-plugins>
//! Versions: Smart Tag v3
//! Detected by: the global `ketch`; the cookie or key `_ketch_consent_v1_` before it
//! Explicit choice: a stored record of the answer
//! Implied: no record, and the purpose is allowed here
//! Expired: cannot be told; the record is gone then
//! Categories: the site's purpose codes; `analytics` by default
//! Limits: where the event hands out purposes without an object around them, only `analytics` is read; whether a jurisdiction's default is also recorded is not documented
//! Confidence: medium (types of the real SDK, other programs' adapters; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Ketch.
pub static ADAPTER: Adapter = Adapter {
    id: "ketch",
    rank: Rank::Vendor,
    category: "analytics",
    page: r#"
[["h","ketch"],
["c","_ketch_consent_v1_","b"],
["l","_ketch_consent_v1_","b"],
["g","ketch"]],
[["c","ketch",["on","consent",{}],"ketch",["purposes","analytics"],"ketch",["off","consent",{}]]]"#,
    reader: Reader::Rules(
        "
+ a b/c.*.status > GD a.purposes @ . ; GD a @ .
+ a > gu a.purposes @ . ; gu a @ .
+ a > unreadable
- b/c.*.status > GD b/c @ .status~granted~denied ; all u
+ d > not-ready
",
    ),
};
