//! Product: CookieHub
//! Vendor: CookieHub ehf.
//! Documentation: <https://support.cookiehub.com/article/284-cookies-used-by-cookiehub>
//! Versions: the widget at `cookiehub.net/c2` (no versions)
//! Detected by: `cookiehub.hasAnswered()`; the cookie `cookiehub` before it
//! Explicit choice: `hasAnswered()`, and the cookie does not say `implicit`
//! Implied: answered implicitly; not answered and analytics is allowed
//! Expired: cannot be told; the cookie ends by itself
//! Categories: its fixed names `analytics`, `preferences`, `marketing`
//! Limits: of what is stored only a yes to everything is told apart; changes are told on the document or on the window
//! Confidence: medium (documentation; event targets third-party; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// CookieHub.
pub static ADAPTER: Adapter = Adapter {
    id: "cookiehub",
    rank: Rank::Vendor,
    category: "analytics",
    page: r#"
[["g","cookiehub.hasAnswered()"],
["g","cookiehub.hasConsented(analytics)"],
["g","cookiehub.hasConsented(preferences)"],
["g","cookiehub.hasConsented(marketing)"],
["c","cookiehub","b"]],
[["d","cookiehub_onInitialise"],
["w","cookiehub_onInitialise"],
["d","cookiehub_onStatusChange"],
["w","cookiehub_onStatusChange"]]"#,
    reader: Reader::Rules(
        "
+ a=true !e|e.implicit=false > GD b 'analytics . ; GD c 'preferences . ; GD d 'marketing .
+ a=true > gd b 'analytics . ; gd c 'preferences . ; gd d 'marketing .
+ a=false > gu b 'analytics . ; gu c 'preferences . ; gu d 'marketing .
+ a > unreadable
- e.answered=true e.implicit=false !e.allAllowed|e.allAllowed=true e.categories:list !e.categories.* > all G
- e.answered > all u
",
    ),
};
