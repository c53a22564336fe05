//! Product: OneTrust Cookie Consent, CookiePro
//! Vendor: OneTrust
//! Documentation: <https://developer.onetrust.com/onetrust/docs/javascript-events-guide>
//! Versions: otBannerSdk 6 to 202404 and later
//! Detected by: the global `OneTrust` with `IsAlertBoxClosed`; the cookie `OptanonConsent` before it
//! Explicit choice: the banner was closed by an answer: `OneTrust.IsAlertBoxClosed()`, or stored, `OptanonAlertBoxClosed` or `interactionCount` above 0
//! Implied: not answered, and the consent model is not `opt-in`: what is active is active by default
//! Expired: `AwaitingReconsent=true`
//! Categories: group ids; `C0002` (Performance) unless the site renamed it
//! Limits: some sites have no performance group; then `category` must say which group stands for analytics
//! Confidence: high (documentation and the real SDK's source read; not run here, it is proprietary)

use super::parts::{Named, field, put, text, unescape};
use super::{Adapter, Form, Listen, Note, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// OneTrust and CookiePro.
pub static ADAPTER: Adapter = Adapter {
    id: "onetrust",
    rank: Rank::Vendor,
    category: &[&["C0002"]],
    probes: &[
        // A page's own configuration object may sit at `OneTrust` before the SDK does.
        Probe::Global("OneTrust.IsAlertBoxClosed"),
        Probe::Global("OneTrust.IsAlertBoxClosed()"),
        Probe::Global("OneTrust.GetDomainData().ConsentModel.Name"),
        Probe::Global("OnetrustActiveGroups"),
        Probe::Cookie("OptanonConsent", Form::Raw),
        Probe::Cookie("OptanonAlertBoxClosed", Form::Raw),
    ],
    // The vendor's `OnConsentChanged` drops callbacks whose source text it has seen; the DOM
    // events it is made of do not, and can be taken back.
    listen: &[
        Listen::Window("OneTrustGroupsUpdated"),
        Listen::Window("consent.onetrust"),
        Listen::Window("OTConsentApplied"),
    ],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    let sdk = matches!(found.global("OneTrust.IsAlertBoxClosed"), Some(Value::Function));
    let groups = text(found.global("OnetrustActiveGroups"));
    let stored = found.cookie("OptanonConsent");
    let cookie = text(stored).unwrap_or_default();
    let pair = |key| field(cookie, '&', '=', key);

    if pair("AwaitingReconsent") == Some("true") {
        return Some(Reading::unset(sdk, Some(Note::Expired)));
    }
    if sdk {
        let Some(closed) = found.global("OneTrust.IsAlertBoxClosed()").and_then(Value::as_bool)
        else {
            return Some(Reading::unset(true, Some(Note::Unreadable)));
        };
        // The stub sets the groups early for returning visitors; until they are there the SDK
        // has not finished loading.
        let Some(groups) = groups else {
            return Some(Reading::unset(true, Some(Note::NotReady)));
        };
        if !(groups.starts_with(',') && groups.ends_with(',')) {
            return Some(Reading::unset(true, Some(Note::Unreadable)));
        }
        let model = text(found.global("OneTrust.GetDomainData().ConsentModel.Name"));
        if !closed && model.is_none_or(|model| model == "opt-in") {
            // A model that cannot be read is treated as the strict one.
            return Some(Reading::unset(true, None));
        }
        // The cookie names the groups there are (and says whether the answer still counts);
        // which of them are active, the SDK says.
        if stored.is_some() && pair("groups").is_none() {
            return Some(Reading::unset(true, Some(Note::Unreadable)));
        }
        let turn = if closed { Answer::explicit } else { Answer::implied };
        let mut named = Named::new();
        let list = unescape(pair("groups").unwrap_or_default());
        for (id, _) in list.split(',').filter_map(|piece| piece.split_once(':')) {
            put(&mut named, id, turn(groups.split(',').any(|active| active == id)));
        }
        let known = !named.is_empty();
        for id in groups.split(',').filter(|id| !id.is_empty()) {
            put(&mut named, id, turn(true));
        }
        let reading = Reading::named(true, named);
        return Some(if known {
            reading
        } else {
            reading.with_rest(if closed { Answer::Denied } else { Answer::Unset })
        });
    }

    // Before the SDK. `OptanonConsent` is written before any answer as well, so it counts only
    // with a sign of one.
    stored?;
    let answered = text(found.cookie("OptanonAlertBoxClosed"))
        .is_some_and(|at| at.starts_with("20"))
        || pair("interactionCount").is_some_and(|n| n.parse::<u32>().is_ok_and(|n| n > 0));
    let (true, Some(list)) = (answered, pair("groups")) else {
        return Some(Reading::unset(false, None));
    };
    let mut named = Named::new();
    for piece in unescape(list).split(',') {
        match piece.split_once(':') {
            Some((id, "1")) => put(&mut named, id, Answer::Granted),
            Some((id, "0")) => put(&mut named, id, Answer::Denied),
            _ => {}
        }
    }
    Some(Reading::named(false, named).with_rest(Answer::Unset))
}
