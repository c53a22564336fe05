//! Product: CookieConsent by Orest Bida (vanilla-cookieconsent), version 3
//! Vendor: open source (MIT)
//! Documentation: <https://cookieconsent.orestbida.com/reference/api-reference.html>
//! Versions: 3.0 and 3.1 (run: 3.1.0)
//! Detected by: the global `CookieConsent` with `validConsent` (classic build); `_ccRun` and the cookie `cc_cookie` (bundled sites have no global)
//! Explicit choice: `validConsent()` is true; stored, a `cc_cookie` with a consent id
//! Implied: in mode `opt-out`, the categories that are enabled before an answer
//! Expired: a stored answer that the library calls invalid (the site raised its revision)
//! Categories: the site's own category names, customarily `analytics`; services by their names besides, so a service `mixpanel` is found by itself
//! Limits: bundled sites (no global) are read from the cookie, so a raised revision is seen only once the visitor answers again; in the cookie a refused service is told from one that the site does not have by nothing, so where services were accepted and `mixpanel` was not, the answer stays open until the running library tells (without a global: name the `category`); a renamed cookie is read only where the global is there
//! Confidence: high (source read, run)

use super::{Adapter, Rank, Reader};

/// vanilla-cookieconsent v3.
///
/// Cookiebot has a global of this name too, without this function.
pub static ADAPTER: Adapter = Adapter {
    id: "vanilla-cookieconsent",
    rank: Rank::Vendor,
    category: "mixpanel|analytics",
    page: r#"
[["g","CookieConsent.validConsent()"],
["g","CookieConsent.getUserPreferences()"],
["g","CookieConsent.getCookie()"],
["g","_ccRun"],
["c","cc_cookie","j"],
["l","cc_cookie","j"]],
[["w","cc:onFirstConsent"],
["w","cc:onConsent"],
["w","cc:onChange"]]"#,
    reader: Reader::Rules("
+ d !d:bool > unreadable
+ d=true a=true > GD b.acceptedCategories . + ; GD b.rejectedCategories . - ; GD b.acceptedServices.* . + ; GD b.rejectedServices.* . -
+ d=true a=false b.acceptedCategories.* > gu b.acceptedCategories . + ; gu b.acceptedServices.* . + ; all u
+ d=true a=false c/e/f.consentId:text > expired
+ d=true a=false > all u
+ d=true a > unreadable
- c/e/f.consentId:text > GD c/e/f.categories . + ; GD c/e/f.services.* . + ; else uu c/e/f.services.*.* 'mixpanel + ?.:text ; all D
- c/e/f.consentId:text c/e/f.categories:list > all D
+ d=true > all u
- a > not-ready
"),
};
