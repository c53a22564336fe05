//! Product: Cookie Consent by Insites (later Osano, open source)
//! Vendor: Insites, Osano; open source (MIT)
//! Documentation: <https://www.osano.com/cookieconsent/documentation/>
//! Versions: 3.0 and 3.1 (run: 3.1.1)
//! Detected by: the global `cookieconsent` with `hasInitialised`; the cookie `cookieconsent_status`
//! Explicit choice: the status is `allow` or `deny`
//! Implied: the popup is of type `info` or `opt-out` and nobody answered, or the visitor only dismissed it
//! Expired: cannot be told; the cookie ends by itself
//! Categories: none: one answer for all
//! Limits: Consentmo's shops and iSense's module write a cookie of the same name, beside a list of what is switched off (`cookieconsent_preferences_disabled`); where that list is, the status is not this product's; `dismiss` under `opt-in` is no answer here, though the library's own `hasConsented()` says yes; a renamed cookie and a site's own markup (`overrideHTML`, which hides the type) are not read; a country without a cookie law is not told from an unanswered popup
//! Confidence: high (source read, run)

use super::{Adapter, Rank, Reader};

/// Cookie Consent by Insites.
///
/// It keeps its popup to itself and tells nobody but the site's own callbacks. The type stands
/// in the popup's class names, which stay in the document after an answer.
pub static ADAPTER: Adapter = Adapter {
    id: "cookieconsent",
    rank: Rank::Vendor,
    category: "all",
    page: r#"
[["g","cookieconsent.hasInitialised"],
["g","document.getElementsByClassName(cc-type-info).length"],
["g","document.getElementsByClassName(cc-type-opt-in).length"],
["g","document.getElementsByClassName(cc-type-opt-out).length"],
["c","cookieconsent_status","r"],
["c","cookieconsent_preferences_disabled","r"]],
[]"#,
    reader: Reader::Rules(
        "
- f > none
+ a:bool e~allow > all G
+ a:bool e~deny > all D
+ a:bool c> > all u
+ a:bool b>|d> > all g
+ a > not-ready
- e~allow > all G
- e~deny > all D
- e~dismiss > all u
",
    ),
};
