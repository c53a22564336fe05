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

use super::{Adapter, Form, Listen, Probe, Rank, Reader};

/// Complianz.
pub static ADAPTER: Adapter = Adapter {
    id: "complianz",
    rank: Rank::Vendor,
    category: &[&["statistics"]],
    probes: &[
        Probe::Global("complianz.consenttype"),
        Probe::Global("cmplz_has_consent(statistics)"),
        Probe::Global("cmplz_has_consent(marketing)"),
        Probe::Cookie("cmplz_statistics", Form::Raw),
        Probe::Cookie("cmplz_statistics-anonymous", Form::Raw),
        Probe::Cookie("cmplz_marketing", Form::Raw),
        Probe::Cookie("cmplz_preferences", Form::Raw),
        Probe::Cookie("cmplz_banner-status", Form::Raw),
    ],
    listen: &[
        Listen::Document("cmplz_status_change"),
        Listen::Document("cmplz_fire_categories"),
        Listen::Document("cmplz_revoke"),
        Listen::Document("wp_consent_type_defined"),
    ],
    reader: Reader::Rules("
+ a~optin|a~optout h~dismissed > GD d 'statistics .~allow~deny ; GD e 'statistics-anonymous .~allow~deny ; GD f 'marketing .~allow~deny ; GD g 'preferences .~allow~deny ; all u
+ a d > gd d 'statistics .~allow~deny ; gd e 'statistics-anonymous .~allow~deny ; gd f 'marketing .~allow~deny ; gd g 'preferences .~allow~deny ; all u
+ a~optout|a~other > gu b 'statistics . ; gu c 'marketing . ; all u
+ a > all u
- h~dismissed > GD d 'statistics .~allow~deny ; GD e 'statistics-anonymous .~allow~deny ; GD f 'marketing .~allow~deny ; GD g 'preferences .~allow~deny ; all u
- d > gd d 'statistics .~allow~deny ; gd e 'statistics-anonymous .~allow~deny ; gd f 'marketing .~allow~deny ; gd g 'preferences .~allow~deny ; all u
"),
};
