//! Product: GDPR Cookie Consent by WebToffee (CookieYes for WordPress before version 3)
//! Vendor: WebToffee
//! Documentation: <https://www.webtoffee.com/docs/gdpr-cookie-consent/>
//! Versions: 1 and 2
//! Detected by: the cookie `viewed_cookie_policy`; the global `CLI_ACCEPT_COOKIE_NAME` before an answer
//! Explicit choice: `viewed_cookie_policy` is there, with a cookie `cookielawinfo-checkbox-…` for each category
//! Implied: none: category cookies without `viewed_cookie_policy` are defaults and no answer
//! Expired: cannot be told; the cookies end by themselves
//! Categories: slugs; `analytics` by default
//! Limits: renamed categories beyond the six customary ones are not read
//! Confidence: medium (cookies documented by others; not run)

use super::{Adapter, Rank, Reader};

/// The older WebToffee plugin.
pub static ADAPTER: Adapter = Adapter {
    id: "webtoffee",
    rank: Rank::Vendor,
    category: "analytics|performance|non-necessary",
    page: r#"
[["g","CLI_ACCEPT_COOKIE_NAME"],
["c","viewed_cookie_policy","r"],
["c","cookielawinfo-checkbox-analytics","r"],
["c","cookielawinfo-checkbox-performance","r"],
["c","cookielawinfo-checkbox-functional","r"],
["c","cookielawinfo-checkbox-advertisement","r"],
["c","cookielawinfo-checkbox-non-necessary","r"]],
[]"#,
    reader: Reader::Rules("
+ a b~no > all D
+ a b~yes > GD c 'analytics .~yes~no ; GD d 'performance .~yes~no ; GD e 'functional .~yes~no ; GD f 'advertisement .~yes~no ; GD g 'non-necessary .~yes~no ; all u
+ a b > unreadable
+ a > all u
- b~no > all D
- b~yes > GD c 'analytics .~yes~no ; GD d 'performance .~yes~no ; GD e 'functional .~yes~no ; GD f 'advertisement .~yes~no ; GD g 'non-necessary .~yes~no ; all u
"),
};
