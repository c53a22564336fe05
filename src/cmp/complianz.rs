//! Product: Complianz
//! Vendor: Really Simple Plugins
//! Documentation: <https://complianz.io/developers-guide-for-hooks-and-filters/>
//! Versions: WordPress plugin 6 and 7
//! Detected by: the global `complianz` with `consenttype`; the cookie `cmplz_statistics` before it
//! Explicit choice: the category's cookie is there and the banner was dismissed (`cmplz_banner-status`), under opt-in or opt-out
//! Implied: otherwise: type `other` accepts everything at load, and `optout` allows until refused
//! Expired: cannot be told; the cookies end by themselves
//! Categories: `statistics`; also `statistics-anonymous`, `marketing`, `preferences`
//! Limits: a changed cookie prefix is not read; it says yes to bots
//! Confidence: high (source read, run)

use super::{Adapter, Rank, Reader};

/// Complianz.
pub static ADAPTER: Adapter = Adapter {
    id: "complianz",
    rank: Rank::Vendor,
    category: "statistics",
    page: r#"
[["g","complianz.consenttype"],
["g","cmplz_has_consent(statistics)"],
["g","cmplz_has_consent(marketing)"],
["c","cmplz_statistics","r"],
["c","cmplz_statistics-anonymous","r"],
["c","cmplz_marketing","r"],
["c","cmplz_preferences","r"],
["c","cmplz_banner-status","r"]],
[["d","cmplz_status_change"],
["d","cmplz_fire_categories"],
["d","cmplz_revoke"],
["d","wp_consent_type_defined"]]"#,
    reader: Reader::Rules("
+ a~optin|a~optout h~dismissed > GD d 'statistics .~allow~deny ; GD e 'statistics-anonymous .~allow~deny ; GD f 'marketing .~allow~deny ; GD g 'preferences .~allow~deny ; all u
+ a d > gd d 'statistics .~allow~deny ; gd e 'statistics-anonymous .~allow~deny ; gd f 'marketing .~allow~deny ; gd g 'preferences .~allow~deny ; all u
+ a~optout|a~other > gu b 'statistics . ; gu c 'marketing . ; all u
+ a > all u
- h~dismissed > GD d 'statistics .~allow~deny ; GD e 'statistics-anonymous .~allow~deny ; GD f 'marketing .~allow~deny ; GD g 'preferences .~allow~deny ; all u
- d > gd d 'statistics .~allow~deny ; gd e 'statistics-anonymous .~allow~deny ; gd f 'marketing .~allow~deny ; gd g 'preferences .~allow~deny ; all u
"),
};
