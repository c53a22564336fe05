//! Product: Borlabs Cookie
//! Vendor: Borlabs
//! Documentation: <https://borlabs.io/kb/>
//! Versions: WordPress plugin 2 and 3
//! Detected by: `BorlabsCookie.Consents` (3) or `BorlabsCookie.checkCookieConsent` (2); the cookie `borlabs-cookie` before it
//! Explicit choice: the cookie has consents
//! Implied: none
//! Expired: cannot be told; the cookie ends by itself
//! Categories: service groups and services by id; a service `mixpanel` is tried first, then the group `statistics`
//! Limits: what is not in the cookie counts as refused; a service that was refused is told from one that the site does not have by nothing, so where services of `statistics` were accepted and `mixpanel` was not, the answer stays open (declare the service, or name the `category`)
//! Confidence: medium (other programs' adapters; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Borlabs Cookie.
pub static ADAPTER: Adapter = Adapter {
    id: "borlabs",
    rank: Rank::Vendor,
    category: "mixpanel|statistics",
    page: r#"
[["g","BorlabsCookie.Consents.hasConsent"],
["g","BorlabsCookie.checkCookieConsent"],
["c","borlabs-cookie","j"]],
[["d","borlabs-cookie-consent-saved"],
["w","borlabs-cookie-consent-saved"],
["d","borlabs-cookie-after-init"],
["w","borlabs-cookie-after-init"]]"#,
    reader: Reader::Rules(
        "
+ a|b c.uid:text > GD c.consents @ ?.* ; GD c.consents.* . + ; else uu c.consents.statistics.* 'mixpanel + ?.:text ; all D
+ a|b c > unreadable
+ a|b > all u
- c.uid:text > GD c.consents @ ?.* ; GD c.consents.* . + ; else uu c.consents.statistics.* 'mixpanel + ?.:text ; all D
",
    ),
};
