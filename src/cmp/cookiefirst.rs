//! Product: CookieFirst
//! Vendor: Digital Data Solutions
//! Documentation: <https://docs.cookiefirst.com/>
//! Versions: the banner at `consent.cookiefirst.com` (no versions)
//! Detected by: the global `CookieFirst.consent`; the cookie `cookiefirst-consent` before it
//! Explicit choice: `CookieFirst.consent` is not null
//! Implied: none
//! Expired: cannot be told; the consent is null then
//! Categories: its fixed names; `performance` for analytics
//! Limits: changing an answer reloads the page
//! Confidence: medium (the vendor's React wrapper, other programs' adapters; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// CookieFirst.
pub static ADAPTER: Adapter = Adapter {
    id: "cookiefirst",
    rank: Rank::Vendor,
    category: "performance",
    page: r#"
[["g","CookieFirst.consent"],
["c","cookiefirst-consent","j"]],
[["w","cf_init"],
["w","cf_consent"]]"#,
    reader: Reader::Rules(
        "
+ a:map > GD a @ .
+ a=null > all u
+ a > unreadable
- b.necessary:bool > GD b @ . ; all u
",
    ),
};
