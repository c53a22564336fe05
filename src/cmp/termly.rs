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

use super::{Adapter, Rank, Reader};

/// Termly.
pub static ADAPTER: Adapter = Adapter {
    id: "termly",
    rank: Rank::Vendor,
    category: "analytics",
    page: r#"
[["g","Termly.getConsentState()"],
["l","TERMLY_API_CACHE","j"]],
[["c","Termly.on",["consent",{}],"",[],"Termly.off",["consent",{}]],
["c","Termly.on",["initialized",{}],"",[],"Termly.off",["initialized",{}]]]"#,
    reader: Reader::Rules(
        "
+ a:map b.TERMLY_COOKIE_CONSENT.createdAt b.TERMLY_COOKIE_CONSENT.value > GD a @ .
+ a:map > gu a @ .
+ a > unreadable
- b.TERMLY_COOKIE_CONSENT.createdAt > GD b.TERMLY_COOKIE_CONSENT.value @ . ; all u
",
    ),
};
