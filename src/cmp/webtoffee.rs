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

use super::parts::{Named, put, word};
use super::{Adapter, Form, Note, Probe, Rank, Reading, Snapshot};
use crate::core::Answer;

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
        Probe::Cookie("cookielawinfo-checkbox-others", Form::Raw),
    ],
    listen: &[],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    let live = found.global("CLI_ACCEPT_COOKIE_NAME").is_some();
    let viewed = found.cookie("viewed_cookie_policy");
    let turn: fn(bool) -> Answer = match word(viewed, "yes", "no") {
        Some(true) => Answer::explicit,
        // Everything was refused, whatever the category cookies were set to at load.
        Some(false) => |_| Answer::Denied,
        None if viewed.is_some() => return Some(Reading::unset(live, Some(Note::Unreadable))),
        None => return live.then(|| Reading::unset(true, None)),
    };
    let mut named = Named::new();
    for (probe, value) in found.iter() {
        if let Probe::Cookie(name, _) = probe
            && let Some(category) = name.strip_prefix("cookielawinfo-checkbox-")
            && let Some(on) = word(Some(value), "yes", "no")
        {
            put(&mut named, category, turn(on));
        }
    }
    Some(Reading::named(live, named).with_rest(turn(false).min(Answer::Unset)))
}
