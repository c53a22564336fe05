//! Product: CookieConsent by Orest Bida (vanilla-cookieconsent), version 3
//! Vendor: open source (MIT)
//! Documentation: <https://cookieconsent.orestbida.com/reference/api-reference.html>
//! Versions: 3.0 and 3.1 (run: 3.1.0)
//! Detected by: the global `CookieConsent` with `validConsent` (classic build); `_ccRun` and the cookie `cc_cookie` (bundled sites have no global)
//! Explicit choice: `validConsent()` is true; stored, a `cc_cookie` with a consent id
//! Implied: in mode `opt-out`, the categories that are enabled before an answer
//! Expired: a stored answer that the library calls invalid (the site raised its revision)
//! Categories: the site's own category names, customarily `analytics`; services by their names besides, so a service `mixpanel` is found by itself
//! Limits: bundled sites (no global) are read from the cookie, so a raised revision is seen only once the visitor answers again; a renamed cookie is read only where the global is there
//! Confidence: high (source read, run)

use super::{Adapter, Form, Listen, Probe, Rank, Reader};

/// vanilla-cookieconsent v3.
pub static ADAPTER: Adapter = Adapter {
    id: "vanilla-cookieconsent",
    rank: Rank::Vendor,
    category: &[&["mixpanel"], &["analytics"]],
    probes: &[
        // Cookiebot has a global of this name too, without this function.
        Probe::Global("CookieConsent.validConsent()"),
        Probe::Global("CookieConsent.getUserPreferences()"),
        Probe::Global("CookieConsent.getCookie()"),
        Probe::Global("_ccRun"),
        Probe::Cookie("cc_cookie", Form::Json),
        Probe::Local("cc_cookie", Form::Json),
    ],
    listen: &[
        Listen::Window("cc:onFirstConsent"),
        Listen::Window("cc:onConsent"),
        Listen::Window("cc:onChange"),
    ],
    reader: Reader::Rules("
+ d !d:bool > unreadable
+ d=true a=true > GD b.acceptedCategories . + ; GD b.rejectedCategories . - ; GD b.acceptedServices.* . + ; GD b.rejectedServices.* . -
+ d=true a=false b.acceptedCategories.* > gu b.acceptedCategories . + ; gu b.acceptedServices.* . + ; all u
+ d=true a=false c/e/f.consentId:text > expired
+ d=true a=false > all u
+ d=true a > unreadable
- c/e/f.consentId:text > GD c/e/f.categories . + ; GD c/e/f.services.* . + ; all D
- c/e/f.consentId:text c/e/f.categories:list > all D
+ d=true > all u
- a > not-ready
"),
};
