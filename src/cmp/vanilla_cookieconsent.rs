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

use super::parts::{Named, put_each, text};
use super::{Adapter, Form, Listen, Note, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

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
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    let valid = found.global("CookieConsent.validConsent()");
    // `run` has been called, in either build.
    let running = match found.global("_ccRun") {
        None => false,
        Some(Value::Bool(running)) => *running,
        Some(_) => return Some(Reading::unset(true, Some(Note::Unreadable))),
    };
    let stored = [
        found.global("CookieConsent.getCookie()"),
        found.cookie("cc_cookie"),
        found.local("cc_cookie"),
    ]
    .into_iter()
    .flatten()
    .find(|value| is_record(value));

    if valid.is_some() && running {
        let Some(prefs) = found.global("CookieConsent.getUserPreferences()") else {
            return Some(Reading::unset(true, Some(Note::Unreadable)));
        };
        return Some(match valid {
            Some(Value::Bool(true)) => chosen(prefs),
            // Before an answer nothing is listed in mode `opt-in`, and in mode `opt-out` what
            // runs by default.
            Some(Value::Bool(false)) => {
                let mut named = Named::new();
                put_each(&mut named, prefs.get("acceptedCategories"), Answer::ImpliedGranted);
                if named.is_empty() {
                    Reading::unset(true, stored.map(|_| Note::Expired))
                } else {
                    each_list(&mut named, prefs.get("acceptedServices"), Answer::ImpliedGranted);
                    Reading::named(true, named).with_rest(Answer::Unset)
                }
            }
            _ => Reading::unset(true, Some(Note::Unreadable)),
        });
    }
    if let Some(record) = stored {
        let mut named = Named::new();
        put_each(&mut named, record.get("categories"), Answer::Granted);
        each_list(&mut named, record.get("services"), Answer::Granted);
        return Some(Reading::named(false, named).with_rest(Answer::Denied));
    }
    let there = valid.is_some() || running;
    there.then(|| Reading::unset(running, (!running).then_some(Note::NotReady)))
}

/// What `getUserPreferences` says of a valid answer.
fn chosen(prefs: &Value) -> Reading {
    let mut named = Named::new();
    put_each(&mut named, prefs.get("acceptedCategories"), Answer::Granted);
    put_each(&mut named, prefs.get("rejectedCategories"), Answer::Denied);
    each_list(&mut named, prefs.get("acceptedServices"), Answer::Granted);
    each_list(&mut named, prefs.get("rejectedServices"), Answer::Denied);
    Reading::named(true, named)
}

/// `{category: [service]}`: an answer for each service.
fn each_list(named: &mut Named, lists: Option<&Value>, answer: Answer) {
    for (_, services) in lists.map(Value::entries).unwrap_or_default() {
        put_each(named, Some(services), answer);
    }
}

/// Version 2 and white-labels use the same cookie name with other contents.
fn is_record(value: &Value) -> bool {
    matches!(value.get("categories"), Some(Value::List(_)))
        && text(value.get("consentId")).is_some_and(|id| !id.is_empty())
}
