//! Product: WP Consent API
//! Vendor: WordPress community; a bus that consent managers speak on, not a consent manager
//! Documentation: <https://github.com/WordPress/wp-consent-level-api>
//! Versions: 1 and 2
//! Detected by: the global `wp_has_consent`; the cookie `wp_consent_statistics` before it
//! Explicit choice: the category's cookie is there
//! Implied: no cookie, and the consent type is `optout`
//! Expired: cannot be told; the cookies end by themselves
//! Categories: `statistics`; also `statistics-anonymous` and `marketing`
//! Limits: a consent manager may set the cookies without an act of the visitor, which cannot be told here: name the consent manager itself where that matters; without a consent type everything is allowed by the API, and nothing is here; a changed cookie prefix is not read
//! Confidence: high (source read, run)

use super::{Adapter, Rank, Reader};

/// The WP Consent API.
pub static ADAPTER: Adapter = Adapter {
    id: "wp-consent-api",
    rank: Rank::Bus,
    category: "statistics",
    page: r#"
[["g","wp_consent_type"],
["g","wp_fallback_consent_type"],
["g","wp_has_consent(statistics)"],
["g","wp_has_consent(statistics-anonymous)"],
["g","wp_has_consent(marketing)"],
["c","wp_consent_statistics","r"],
["c","wp_consent_statistics-anonymous","r"],
["c","wp_consent_marketing","r"]],
[["d","wp_listen_for_consent_change"],
["d","wp_consent_type_defined"]]"#,
    reader: Reader::Rules("
+ c f~allow|f~deny > GD f 'statistics .~allow~deny ; GD g 'statistics-anonymous .~allow~deny ; GD h 'marketing .~allow~deny ; all u
+ c f > unreadable
+ c a/b~optout > gu c 'statistics . ; gu d 'statistics-anonymous . ; gu e 'marketing .
+ c a/b~optin > all u
+ c > not-ready
- f > GD f 'statistics .~allow~deny ; GD g 'statistics-anonymous .~allow~deny ; GD h 'marketing .~allow~deny ; all u
"),
};
