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

use super::{Adapter, Form, Probe, Rank, Reader};

/// The older WebToffee plugin.
pub static ADAPTER: Adapter = Adapter {
    id: "webtoffee",
    rank: Rank::Vendor,
    category: &[&["analytics"], &["performance"], &["non-necessary"]],
    probes: &[
        Probe::Global("CLI_ACCEPT_COOKIE_NAME"),
        Probe::Cookie("viewed_cookie_policy", Form::Raw),
        Probe::Cookie("cookielawinfo-checkbox-analytics", Form::Raw),
        Probe::Cookie("cookielawinfo-checkbox-performance", Form::Raw),
        Probe::Cookie("cookielawinfo-checkbox-functional", Form::Raw),
        Probe::Cookie("cookielawinfo-checkbox-advertisement", Form::Raw),
        Probe::Cookie("cookielawinfo-checkbox-non-necessary", Form::Raw),
    ],
    listen: &[],
    reader: Reader::Rules("
+ a b~no > all D
+ a b~yes > GD c 'analytics .~yes~no ; GD d 'performance .~yes~no ; GD e 'functional .~yes~no ; GD f 'advertisement .~yes~no ; GD g 'non-necessary .~yes~no ; all u
+ a b > unreadable
+ a > all u
- b~no > all D
- b~yes > GD c 'analytics .~yes~no ; GD d 'performance .~yes~no ; GD e 'functional .~yes~no ; GD f 'advertisement .~yes~no ; GD g 'non-necessary .~yes~no ; all u
"),
};
