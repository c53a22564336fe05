//! Product: Real Cookie Banner
//! Vendor: devowl.io
//! Documentation: <https://devowl.io/knowledge-base/real-cookie-banner-api/>
//! Versions: WordPress plugin 3 to 5
//! Detected by: `consentApi.consentSync`
//! Explicit choice: `consentGiven`, with the service's `cookieOptIn`
//! Implied: none
//! Expired: cannot be told; no consent is given then
//! Categories: services by id; `mixpanel` alone is asked for
//! Limits: other services cannot be named (where the site feeds the WP Consent API, use that); the cookie has numbers for groups and is not read
//! Confidence: medium (third-party, bundle excerpts; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Real Cookie Banner.
pub static ADAPTER: Adapter = Adapter {
    id: "real-cookie-banner",
    rank: Rank::Vendor,
    category: "mixpanel",
    page: r#"
[["g","consentApi.consentSync(mixpanel)"]],
[["d","RCB/OptIn/All"],
["d","RCB/OptIn"],
["d","RCB/OptOut"]]"#,
    reader: Reader::Rules(
        "
+ a.cookie=null >
+ a.consentGiven=true > GD a.cookieOptIn 'mixpanel .
+ a.consentGiven=false > all u
+ a > unreadable
",
    ),
};
