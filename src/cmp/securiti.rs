//! Product: Securiti Cookie Consent
//! Vendor: Securiti
//! Documentation: <https://education.securiti.ai/>
//! Versions: cookie-consent-sdk-loader.js (no versions)
//! Detected by: `SecuritiSDK.registerEvent`; the cookie `__privaci_cookie_consents` before it
//! Explicit choice: the cookie has states and `__privaci_cookie_no_action` is not there
//! Implied: none
//! Expired: cannot be told; the cookie ends by itself
//! Categories: Google consent types; `analytics_storage` (its own categories are numbers of the tenant, readable by number where their state is a word)
//! Limits: a cookie in base64 is not read
//! Confidence: low (third-party reading; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Securiti.
pub static ADAPTER: Adapter = Adapter {
    id: "securiti",
    rank: Rank::Vendor,
    category: "analytics_storage",
    page: r#"
[["g","SecuritiSDK.registerEvent"],
["c","__privaci_cookie_consents","j"],
["c","__privaci_cookie_no_action","r"]],
[["c","SecuritiSDK.registerEvent",["onConsentGiven",{}]]]"#,
    reader: Reader::Rules(
        "
+ a !c > GD b.gcm @ .~granted~denied ; GD b.consents @ .~granted~denied
+ a > all u
- c > all u
- b > GD b.gcm @ .~granted~denied ; GD b.consents @ .~granted~denied ; all u
",
    ),
};
