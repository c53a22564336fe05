//! Product: TrustCommander
//! Vendor: Commanders Act
//! Documentation: <https://community.commandersact.com/trustcommander/onsite-api/consent.get>
//! Versions: the `cact` API
//! Detected by: the global `cact`
//! Explicit choice: `consent.status` is `all-on`, `all-off` or `mixed` (or `optin`, `optout`, as others report it)
//! Implied: none
//! Expired: cannot be told; the status is `unset` then
//! Categories: the site's numbers: there is no default that fits, `category` must say which
//! Limits: what it stores has no documented format and is not read; its queue cannot be left, the callback goes quiet
//! Confidence: medium (documentation; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Commanders Act.
pub static ADAPTER: Adapter = Adapter {
    id: "commanders-act",
    rank: Rank::Vendor,
    category: "analytics",
    page: r#"
[["g","cact"],
["h","cact"]],
[["c","cact",["consent.onReady",{}],"cact",["consent.status","consent.categories"]],
["c","cact",["consent.onUpdate",{}],"cact",["consent.status","consent.categories"]]]"#,
    reader: Reader::Rules("
+ b.consent.status~unset > all u
+ b.consent.status~all-on|b.consent.status~all-off|b.consent.status~mixed|b.consent.status~optin|b.consent.status~optout > GD b.consent.categories @ .status~on~off
+ b > unreadable
+ a > not-ready
"),
};
