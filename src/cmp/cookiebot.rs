//! Product: Cookiebot CMP
//! Vendor: Usercentrics
//! Documentation: <https://www.cookiebot.com/en/developer/>
//! Versions: uc.js (it has no versions; contract read in 2026)
//! Detected by: the global `Cookiebot` with `consent`; the cookie `CookieConsent` with a `stamp` before it
//! Explicit choice: `hasResponse`, and `consent.method` is `explicit`
//! Implied: `hasResponse` with method `implied`, or outside the region (`isOutsideEU`, stamp `-1`)
//! Expired: the cookie is there and the script says that there is no response
//! Categories: its four fixed names; `statistics` for analytics
//! Limits: a stored answer without a `method` (older scripts) counts as implied; `renew()` and `withdraw()` may reload the page
//! Confidence: high (documentation and the real script's source read; not run here, it is proprietary)

use super::{Adapter, Form, Listen, Probe, Rank, Reader};

/// Cookiebot.
pub static ADAPTER: Adapter = Adapter {
    id: "cookiebot",
    rank: Rank::Vendor,
    category: &[&["statistics"]],
    probes: &[
        // The same object stands at `CookieConsent`, a name that other products have too.
        Probe::Global("Cookiebot.consent"),
        Probe::Global("Cookiebot.hasResponse"),
        Probe::Global("Cookiebot.isOutsideEU"),
        Probe::Cookie("CookieConsent", Form::Text),
    ],
    listen: &[
        Listen::Window("CookiebotOnConsentReady"),
        Listen::Window("CookiebotOnAccept"),
        Listen::Window("CookiebotOnDecline"),
        Listen::Window("CookiebotOnLoad"),
    ],
    reader: Reader::Rules(
        "
+ a !a:map > unreadable
+ a b=true a.method~explicit !c|c=false > GD a @ .
+ a b=true > gd a @ .
+ a b=false d{,:{stamp}|d~-1|d~0 > expired
+ a b=false > all u
+ a b > unreadable
- d~-1 > all g
- d~0 > all D
- d{,:{stamp} !d{,:{stamp}~'-1' d{,:method}~'explicit' > GD d[,:] @ .~true~false ; all u
- d{,:{stamp} > gd d[,:] @ .~true~false ; all u
+ a > not-ready
",
    ),
};
