//! Product: Cookiebot CMP
//! Vendor: Usercentrics
//! Documentation: <https://www.cookiebot.com/en/developer/>
//! Versions: uc.js (it has no versions; contract read in 2026)
//! Detected by: the global `Cookiebot` with `consent`; the cookie `CookieConsent` with a `stamp` before it
//! Explicit choice: `hasResponse`, and `consent.method` is `explicit`
//! Implied: `hasResponse` with method `implied`, or outside the region (`isOutsideEU`, stamp `-1`)
//! Expired: the cookie is there and the script says that there is no response
//! Categories: its four fixed names; `statistics` for analytics
//! Limits: a stored answer without a `method` (older scripts) counts as implied; `renew()` and `withdraw()` may reload the page
//! Confidence: high (documentation and the real script's source read; not run here, it is proprietary)

use super::parts::{Named, field, is_true, put, put_bools, text};
use super::{Adapter, Form, Listen, Note, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// Cookiebot.
pub static ADAPTER: Adapter = Adapter {
    id: "cookiebot",
    rank: Rank::Vendor,
    category: &[&["statistics"]],
    probes: &[
        // The same object stands at `CookieConsent`, a name that other products have too.
        Probe::Global("Cookiebot.consent"),
        Probe::Global("Cookiebot.hasResponse"),
        Probe::Global("Cookiebot.isOutsideEU"),
        Probe::Cookie("CookieConsent", Form::Text),
    ],
    listen: &[
        Listen::Window("CookiebotOnConsentReady"),
        Listen::Window("CookiebotOnAccept"),
        Listen::Window("CookiebotOnDecline"),
        Listen::Window("CookiebotOnLoad"),
    ],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    let stored = text(found.cookie("CookieConsent")).and_then(stored);
    let consent = match found.global("Cookiebot.consent") {
        None => return stored,
        Some(consent @ Value::Map(_)) => consent,
        Some(_) => return Some(Reading::unset(true, Some(Note::Unreadable))),
    };
    Some(match found.global("Cookiebot.hasResponse") {
        Some(Value::Bool(true)) => {
            let explicit = text(consent.get("method")) == Some("explicit")
                && !is_true(found.global("Cookiebot.isOutsideEU"));
            let mut named = Named::new();
            put_bools(&mut named, Some(consent), turn(explicit));
            Reading::named(true, named)
        }
        // Every category is false before an answer: no refusal.
        Some(Value::Bool(false)) => Reading::unset(true, stored.map(|_| Note::Expired)),
        // The object is there before its state: the cookie is what is known.
        None => stored.unwrap_or(Reading::unset(true, Some(Note::NotReady))),
        _ => Reading::unset(true, Some(Note::Unreadable)),
    })
}

fn turn(explicit: bool) -> fn(bool) -> Answer {
    if explicit { Answer::explicit } else { Answer::implied }
}

/// `{stamp:'…',necessary:true,preferences:false,statistics:true,marketing:false,method:'explicit',…}`,
/// `-1` out of region, `0` declined. `true` and `false` are react-cookie-consent's.
fn stored(cookie: &str) -> Option<Reading> {
    match cookie {
        "-1" => return Some(Reading::all(false, Answer::ImpliedGranted)),
        "0" => return Some(Reading::all(false, Answer::Denied)),
        _ => {}
    }
    let inner = cookie.strip_prefix('{')?.strip_suffix('}')?;
    let pair = |key| field(inner, ',', ':', key);
    let outside = pair("stamp")?.trim_matches('\'') == "-1";
    let explicit = !outside && pair("method") == Some("'explicit'");
    let mut named = Named::new();
    for name in ["necessary", "preferences", "statistics", "marketing"] {
        match pair(name) {
            Some("true") => put(&mut named, name, turn(explicit)(true)),
            Some("false") => put(&mut named, name, turn(explicit)(false)),
            _ => {}
        }
    }
    Some(Reading::named(false, named).with_rest(Answer::Unset))
}
