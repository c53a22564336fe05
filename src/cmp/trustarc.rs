//! Product: TrustArc Cookie Consent Manager
//! Vendor: TrustArc
//! Documentation: <https://trustarc.com/products/consent-consumer-rights/cookie-consent-manager/>
//! Versions: the notice at `consent.trustarc.com`, Privacy Manager API 1
//! Detected by: `PrivacyManagerAPI.callApi`; the cookies `notice_behavior` and `cmapi_cookie_privacy` before it
//! Explicit choice: the decision's source is `asserted`; stored, preferences under `expressed` behavior
//! Implied: the decision's source is `implied`; stored, preferences under `implied` behavior
//! Expired: cannot be told; the cookies end by themselves
//! Categories: levels by number, as in `cmapi_cookie_privacy`: 1 required, 2 functional, 3 advertising; 2 by default
//! Limits: sites label levels differently; its changes are seen through its cookies
//! Confidence: medium (the vendor's API text, site code; not run, it is proprietary)

use super::parts::{Named, put, text, unreadable};
use super::{Adapter, Form, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// TrustArc.
pub static ADAPTER: Adapter = Adapter {
    id: "trustarc",
    rank: Rank::Vendor,
    category: &[&["2"]],
    probes: &[
        Probe::Global("PrivacyManagerAPI.callApi(getConsentDecision,@host)"),
        Probe::Global("PrivacyManagerAPI.callApi(getGDPRConsentDecision,@host)"),
        Probe::Cookie("notice_behavior", Form::Text),
        Probe::Cookie("cmapi_cookie_privacy", Form::Text),
    ],
    listen: &[],
    read,
};

const LEVELS: [&str; 3] = ["1", "2", "3"];

fn read(found: &Snapshot) -> Option<Reading> {
    let Some(decision) = found.global("PrivacyManagerAPI.callApi(getConsentDecision,@host)") else {
        return stored(found);
    };
    let Some(highest) = decision.get("consentDecision").and_then(Value::as_number) else {
        return unreadable();
    };
    let turn: fn(bool) -> Answer = match text(decision.get("source")) {
        _ if highest < 1.0 => return Some(Reading::unset(true, None)),
        Some("asserted") => Answer::explicit,
        Some("implied") => Answer::implied,
        _ => return unreadable(),
    };
    // Under the GDPR levels are chosen one by one; elsewhere a level has those below it.
    let each = match found
        .global("PrivacyManagerAPI.callApi(getGDPRConsentDecision,@host)")
        .map(|decision| decision.get("consentDecision"))
    {
        None => None,
        Some(Some(Value::List(levels))) => Some(levels).filter(|levels| !levels.is_empty()),
        Some(_) => return unreadable(),
    };
    let mut named = Named::new();
    for (name, level) in LEVELS.iter().zip([1.0, 2.0, 3.0]) {
        let on = match each {
            Some(levels) => levels.contains(&Value::Number(level)),
            None => level <= highest,
        };
        put(&mut named, name, turn(on && level <= highest));
    }
    Some(Reading::named(true, named))
}

/// `permit 1,2`. Without a word on the behavior it may be a default.
fn stored(found: &Snapshot) -> Option<Reading> {
    let permitted = text(found.cookie("cmapi_cookie_privacy"))?.strip_prefix("permit ")?;
    let behavior = text(found.cookie("notice_behavior")).unwrap_or_default();
    let expressed = behavior.split(',').any(|word| word == "expressed");
    let turn = if expressed { Answer::explicit } else { Answer::implied };
    let mut named = Named::new();
    for name in LEVELS {
        put(&mut named, name, turn(permitted.split(',').any(|level| level.trim() == name)));
    }
    Some(Reading::named(false, named))
}
