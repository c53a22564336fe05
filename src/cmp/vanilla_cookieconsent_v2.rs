//! Product: CookieConsent by Orest Bida (vanilla-cookieconsent), version 2
//! Vendor: open source (MIT)
//! Documentation: <https://github.com/orestbida/cookieconsent/tree/v2.9.2>
//! Versions: 2.5 to 2.9 (run: 2.9.2)
//! Detected by: the global `initCookieConsent`; the cookie `cc_cookie` with a `consent_uuid`
//! Explicit choice: the cookie, which is written with an answer
//! Implied: none: its instance is the site's own variable, so the mode cannot be read
//! Expired: the site raises its revision: seen only once the visitor answers again
//! Categories: the site's own category names, customarily `analytics`
//! Limits: a renamed cookie is not read; it tells only the site's own callbacks, so changes are seen through its cookie
//! Confidence: high (source read, run)

use super::{Adapter, Rank, Reader};

/// vanilla-cookieconsent v2.
pub static ADAPTER: Adapter = Adapter {
    id: "vanilla-cookieconsent-v2",
    rank: Rank::Vendor,
    category: "analytics",
    page: r#"
[["g","initCookieConsent"],
["c","cc_cookie","j"]],
[]"#,
    reader: Reader::Rules(
        "
+ a b.consent_uuid:text > GD b.categories . + ; all D
+ a b.consent_uuid:text b.categories:list > all D
+ a > all u
- b.consent_uuid:text > GD b.categories . + ; all D
- b.consent_uuid:text b.categories:list > all D
",
    ),
};
