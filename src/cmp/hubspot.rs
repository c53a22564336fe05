//! Product: HubSpot cookie consent banner
//! Vendor: HubSpot
//! Documentation: <https://developers.hubspot.com/docs/api-reference/latest/account/settings/tracking-code/add-privacy-consent-listener>
//! Versions: js.hs-banner.com (no versions)
//! Detected by: its listener answering on the queue `_hsp`; the cookie `__hs_cookie_cat_pref` before it
//! Explicit choice: `__hs_cookie_cat_pref` or `__hs_opt_out` is stored
//! Implied: neither is stored, and the category is allowed
//! Expired: cannot be told; the cookies end by themselves
//! Categories: `analytics`, `advertisement`, `functionality`
//! Limits: `allowed` is overall and is not read; its queue cannot be left, the callback goes quiet
//! Confidence: medium (documentation, site code; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// HubSpot cookie banner.
pub static ADAPTER: Adapter = Adapter {
    id: "hubspot",
    rank: Rank::Vendor,
    category: "analytics",
    page: r#"
[["h","hubspot"],
["c","__hs_cookie_cat_pref","t"],
["c","__hs_opt_out","r"]],
[["c","_hsp.push",[["addPrivacyConsentListener",{}]],"hubspot",["categories"]]]"#,
    reader: Reader::Rules("
+ a b{,:1}~true|b{,:1}~false|c~yes|c~no > GD a.categories @ .
+ a > gu a.categories @ .
+ a > unreadable
- b > GD b{,:1} 'analytics .~true~false ; GD b{,:2} 'advertisement .~true~false ; GD b{,:3} 'functionality .~true~false ; all u
"),
};
