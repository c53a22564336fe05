//! Product: Cookie Control
//! Vendor: Civic Computing
//! Documentation: <https://www.civicuk.com/cookie-control/documentation>
//! Versions: 8 and 9
//! Detected by: the global `CookieControl.load`; the cookie `CookieControl` before it
//! Explicit choice: `interactedWith` is true
//! Implied: not interacted with, and the category is accepted
//! Expired: cannot be told; the cookie ends by itself
//! Categories: the site's names; `analytics`, `statistics` or `performance`, whichever there is
//! Limits: no events, so changes are seen through its cookie; an encoded cookie (`encodeCookie`) and the IAB mode are not read
//! Confidence: medium (third-party reading; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Civic Cookie Control.
pub static ADAPTER: Adapter = Adapter {
    id: "civic",
    rank: Rank::Vendor,
    category: "analytics|statistics|performance",
    page: r#"
[["g","CookieControl.load"],
["c","CookieControl","j"]],
[]"#,
    reader: Reader::Rules(
        "
+ a b.interactedWith=true > GD b.optionalCookies @ .~accepted~revoked
+ a b.interactedWith > gu b.optionalCookies @ .~accepted~revoked
+ a > all u
- b.interactedWith=true > GD b.optionalCookies @ .~accepted~revoked ; all u
- b.interactedWith > gu b.optionalCookies @ .~accepted~revoked ; all u
",
    ),
};
