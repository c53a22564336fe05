//! Product: Enzuzo cookie bar
//! Vendor: Enzuzo
//! Documentation: <https://docs.enzuzo.com/>
//! Versions: __enzuzo-cookiebar.js (no versions)
//! Detected by: the cookies `cookies-analytics` and its siblings; the site's `__enzuzoConfig` before an answer
//! Explicit choice: the cookies are there
//! Implied: none
//! Expired: cannot be told; the cookies end by themselves
//! Categories: `analytics`, `functional`, `marketing`, `preferences`, as in the cookies' names
//! Limits: it tells only the site's own callbacks, so changes are seen through its cookies
//! Confidence: low (third-party; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Enzuzo.
pub static ADAPTER: Adapter = Adapter {
    id: "enzuzo",
    rank: Rank::Vendor,
    category: "analytics",
    page: r#"
[["g","__enzuzoConfig"],
["c","cookies-analytics","r"],
["c","cookies-functional","r"],
["c","cookies-marketing","r"],
["c","cookies-preferences","r"]],
[]"#,
    reader: Reader::Rules("
- b > GD b 'analytics .~true~false ; GD c 'functional .~true~false ; GD d 'marketing .~true~false ; GD e 'preferences .~true~false ; all u
+ a > all u
"),
};
