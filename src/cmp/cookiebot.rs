//! Product: Cookiebot CMP
//! Vendor: Usercentrics
//! Documentation: <https://www.cookiebot.com/en/developer/>
//! Versions: uc.js (it has no versions; contract read in 2026)
//! Detected by: the global `Cookiebot` with `consent`; the cookie `CookieConsent` with a `stamp` before it
//! Explicit choice: `hasResponse`, and `consent.method` is `explicit` (also outside the region, where a visitor may answer all the same)
//! Implied: `hasResponse` with another method, as outside the region before an answer
//! Expired: the cookie is there and the script says that there is no response
//! Categories: its four fixed names; `statistics` for analytics
//! Limits: a stored answer without a `method` (older scripts) counts as implied; `renew()` and `withdraw()` may reload the page
//! Confidence: high (documentation and the real script's source read; not run here, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Cookiebot.
///
/// The same object stands at `CookieConsent`, a name that other products have too.
pub static ADAPTER: Adapter = Adapter {
    id: "cookiebot",
    rank: Rank::Vendor,
    category: "statistics",
    page: r#"
[["g","Cookiebot.consent"],
["g","Cookiebot.hasResponse"],
["c","CookieConsent","t"]],
[["w","CookiebotOnConsentReady"],
["w","CookiebotOnAccept"],
["w","CookiebotOnDecline"],
["w","CookiebotOnLoad"]]"#,
    reader: Reader::Rules(
        "
+ a !a:map > unreadable
+ a b=true a.method~explicit > GD a @ .
+ a b=true > gd a @ .
+ a b=false c{,:{stamp}|c~-1|c~0 > expired
+ a b=false > all u
+ a b > unreadable
- c~-1 > all g
- c~0 > all D
- c{,:{stamp} c{,:method}~'explicit' > GD c[,:] @ .~true~false ; all u
- c{,:{stamp} > gd c[,:] @ .~true~false ; all u
+ a > not-ready
",
    ),
};
