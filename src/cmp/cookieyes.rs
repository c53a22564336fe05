//! Product: CookieYes (hosted, and its WordPress plugin from version 3)
//! Vendor: CookieYes
//! Documentation: <https://www.cookieyes.com/documentation/retrieving-consent-data-using-api-getckyconsent/>
//! Versions: script.js (it has no versions), WordPress plugin 3
//! Detected by: `getCkyConsent()`; the cookie `cookieyes-consent` before it
//! Explicit choice: `isUserActionCompleted`; stored, `action:yes`
//! Implied: not answered under the law `ccpa`
//! Expired: cannot be told; the cookie ends by itself
//! Categories: slugs; `analytics` by default, `performance` on some sites
//! Limits: the update event also comes at a first load with defaults, which is why it is only a reason to look again; `consent:yes` means opted out under `ccpa` and is not read
//! Confidence: high (the plugin's source read; the hosted script is proprietary)

use super::{Adapter, Rank, Reader};

/// CookieYes.
pub static ADAPTER: Adapter = Adapter {
    id: "cookieyes",
    rank: Rank::Vendor,
    category: "analytics|performance",
    page: r#"
[["g","getCkyConsent()"],
["c","cookieyes-consent","t"]],
[["d","cookieyes_consent_update"],
["d","cookieyes_banner_load"]]"#,
    reader: Reader::Rules(
        "
+ a.isUserActionCompleted=true > GD a.categories @ .
+ a.isUserActionCompleted=false a.activeLaw~ccpa > gd a.categories @ .
+ a.isUserActionCompleted=false > all u
+ a > unreadable
- b{,:consentid} b{,:action}~yes > GD b[,:] @ .~yes~no ; all u
- b{,:consentid} > all u
",
    ),
};
