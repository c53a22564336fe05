//! Product: Borlabs Cookie
//! Vendor: Borlabs
//! Documentation: <https://borlabs.io/kb/>
//! Versions: WordPress plugin 2 and 3
//! Detected by: `BorlabsCookie.Consents` (3) or `BorlabsCookie.checkCookieConsent` (2); the cookie `borlabs-cookie` before it
//! Explicit choice: the cookie has consents
//! Implied: none
//! Expired: cannot be told; the cookie ends by itself
//! Categories: service groups and services by id; a service `mixpanel` is tried first, then the group `statistics`
//! Limits: what is not in the cookie counts as refused
//! Confidence: medium (other programs' adapters; not run, it is proprietary)

use super::{Adapter, Form, Listen, Probe, Rank, Reader};

/// Borlabs Cookie.
pub static ADAPTER: Adapter = Adapter {
    id: "borlabs",
    rank: Rank::Vendor,
    category: &[&["mixpanel"], &["statistics"]],
    probes: &[
        Probe::Global("BorlabsCookie.Consents.hasConsent"),
        Probe::Global("BorlabsCookie.checkCookieConsent"),
        Probe::Cookie("borlabs-cookie", Form::Json),
    ],
    listen: &[
        Listen::Document("borlabs-cookie-consent-saved"),
        Listen::Window("borlabs-cookie-consent-saved"),
        Listen::Document("borlabs-cookie-after-init"),
        Listen::Window("borlabs-cookie-after-init"),
    ],
    reader: Reader::Rules(
        "
+ a|b c.uid:text > GD c.consents @ ?.* ; GD c.consents.* . + ; all D
+ a|b c > unreadable
+ a|b > all u
- c.uid:text > GD c.consents @ ?.* ; GD c.consents.* . + ; all D
",
    ),
};
