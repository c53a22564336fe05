//! Product: CookieScript
//! Vendor: Objectis
//! Documentation: <https://help.cookie-script.com/en/custom-functions>
//! Versions: the script at `cdn.cookie-script.com` (no versions)
//! Detected by: `CookieScript.instance.currentState()`; the cookie `CookieScriptConsent` before it
//! Explicit choice: the state has an `action`
//! Implied: none
//! Expired: cannot be told; the cookie ends by itself
//! Categories: its fixed names; `performance` for analytics
//! Limits: `accept` without categories counts as a yes to all (banners without categories)
//! Confidence: medium (documentation, third-party reading; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// CookieScript.
pub static ADAPTER: Adapter = Adapter {
    id: "cookiescript",
    rank: Rank::Vendor,
    category: "performance",
    page: r#"
[["g","CookieScript.instance.currentState()"],
["c","CookieScriptConsent","j"]],
[["w","CookieScriptLoaded"],
["w","CookieScriptAcceptAll"],
["w","CookieScriptAccept"],
["w","CookieScriptReject"],
["w","CookieScriptCurrentState"]]"#,
    reader: Reader::Rules(
        r#"
+ a.action~reject > all D
+ a.action~accept a.categories:list > GD a.categories . + ; all D
+ a.action~accept !a.categories > all G
+ a.action~accept > all D
+ a:map !a.action > all u
+ a > unreadable
- b.action~reject > all D
- b.action~accept b.categories:list > GD b.categories . + ; all D
- b.action~accept b.categories:text > GD b.categories["] . + ; all D
- b.action~accept !b.categories > all G
- b.action~accept > all D
"#,
    ),
};
