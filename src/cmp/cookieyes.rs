//! Product: CookieYes (hosted, and its WordPress plugin from version 3)
//! Vendor: CookieYes
//! Documentation: <https://www.cookieyes.com/documentation/retrieving-consent-data-using-api-getckyconsent/>
//! Versions: script.js (it has no versions), WordPress plugin 3
//! Detected by: `getCkyConsent()`; the cookie `cookieyes-consent` before it
//! Explicit choice: `isUserActionCompleted`; stored, `action:yes`
//! Implied: not answered under the law `ccpa`
//! Expired: cannot be told; the cookie ends by itself
//! Categories: slugs; `analytics` by default, `performance` on some sites
//! Limits: the update event also comes at a first load with defaults, which is why it is only a reason to look again; `consent:yes` means opted out under `ccpa` and is not read
//! Confidence: high (the plugin's source read; the hosted script is proprietary)

use super::parts::{Named, field, put, put_bools, reading, text, unreadable};
use super::{Adapter, Form, Listen, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// CookieYes.
pub static ADAPTER: Adapter = Adapter {
    id: "cookieyes",
    rank: Rank::Vendor,
    category: &[&["analytics"], &["performance"]],
    probes: &[Probe::Global("getCkyConsent()"), Probe::Cookie("cookieyes-consent", Form::Text)],
    listen: &[
        Listen::Document("cookieyes_consent_update"),
        Listen::Document("cookieyes_banner_load"),
    ],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    let Some(consent) = found.global("getCkyConsent()") else { return stored(found) };
    let law = text(consent.get("activeLaw"));
    let turn: fn(bool) -> Answer = match consent.get("isUserActionCompleted") {
        Some(Value::Bool(true)) => Answer::explicit,
        Some(Value::Bool(false)) if law == Some("ccpa") => Answer::implied,
        Some(Value::Bool(false)) => return Some(Reading::unset(true, None)),
        _ => return unreadable(),
    };
    let mut named = Named::new();
    put_bools(&mut named, consent.get("categories"), turn);
    Some(reading(true, named))
}

/// `consentid:…,consent:yes,action:yes,necessary:yes,analytics:no`
fn stored(found: &Snapshot) -> Option<Reading> {
    let cookie = text(found.cookie("cookieyes-consent"))?;
    field(cookie, ',', ':', "consentid")?;
    if field(cookie, ',', ':', "action") != Some("yes") {
        return Some(Reading::unset(false, None));
    }
    let mut named = Named::new();
    for piece in cookie.split(',') {
        match piece.split_once(':') {
            Some(("consent" | "action" | "consentid" | "lastRenewedDate", _)) => {}
            Some((name, "yes")) => put(&mut named, name, Answer::Granted),
            Some((name, "no")) => put(&mut named, name, Answer::Denied),
            _ => {}
        }
    }
    Some(Reading::named(false, named).with_rest(Answer::Unset))
}
