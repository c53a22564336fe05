//! Product: Silktide Consent Manager
//! Vendor: Silktide
//! Documentation: <https://silktide.com/consent-manager/>
//! Versions: 1 and 2
//! Detected by: the global `silktideConsentManager` (2) or `silktideCookieBannerManager` (1); its keys of local storage before them
//! Explicit choice: `stcm.hasConsented` (2) or `silktideCookieBanner_InitialChoice` (1)
//! Implied: none
//! Expired: cannot be told; the keys are gone then
//! Categories: the site's ids; `analytics` by default
//! Limits: a namespace (2) or a suffix (1) in the keys is not read; it tells only the site's own callbacks, so changes are seen through its keys
//! Confidence: medium (source read; not run)

use super::{Adapter, Rank, Reader};

/// Silktide Consent Manager.
pub static ADAPTER: Adapter = Adapter {
    id: "silktide",
    rank: Rank::Vendor,
    category: "analytics",
    page: r#"
[["g","silktideConsentManager.getInstance"],
["g","silktideCookieBannerManager"],
["a","stcm.","r"],
["a","silktideCookieChoice_","r"],
["a","silktideCookieBanner_InitialChoice","r"]],
[]"#,
    reader: Reader::Rules(
        "
+ a c.hasConsented~1 > GD c @consent. .~true~false ; all u
+ b e.*~1 > GD d @ .~true~false ; all u
+ a|b > all u
- c.hasConsented~1 > GD c @consent. .~true~false ; all u
- e.*~1 > GD d @ .~true~false ; all u
",
    ),
};
