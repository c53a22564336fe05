//! Product: Usercentrics CMP v2
//! Vendor: Usercentrics
//! Documentation: <https://docs.usercentrics.com/#/cmp-v2-ui-api>
//! Versions: 2 (the loader at `app.usercentrics.eu/browser-ui`)
//! Detected by: the global `UC_UI` with a synchronous `getServicesBaseInfo`; the key `uc_settings` of local storage before it
//! Explicit choice: the newest entry of a service's history is of type `explicit`
//! Implied: no such entry, and the service is on; an essential service at any time
//! Expired: cannot be told; the product takes the history back itself
//! Categories: services by name and by id, and category slugs (all services of one must allow); a service `Mixpanel` by default, since no category stands for analytics by default
//! Limits: what is stored has ids and no names, so a returning visitor is known before the script only where `category` is a service id
//! Confidence: medium (the SDK's source read, other programs' adapters; not run, it is proprietary)

use super::parts::{Named, is_true, not_ready, open, put, reading, text, unreadable};
use super::{Adapter, Form, Listen, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// Usercentrics CMP v2.
pub static ADAPTER: Adapter = Adapter {
    id: "usercentrics-v2",
    rank: Rank::Vendor,
    category: &[&["Mixpanel"], &["mixpanel"], &["analytics"], &["statistics"]],
    probes: &[
        Probe::Global("UC_UI.isInitialized()"),
        // Version 3 has a facade of this name whose functions answer with promises.
        Probe::Global("UC_UI.getServicesBaseInfo()"),
        Probe::Local("uc_settings", Form::Json),
        Probe::Local("uc_user_interaction", Form::Raw),
    ],
    listen: &[
        Listen::Window("UC_UI_INITIALIZED"),
        Listen::Window("UC_UI_CMP_EVENT"),
        // The name of the data event is the site's; this one is customary.
        Listen::Window("ucEvent"),
    ],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    match found.global("UC_UI.isInitialized()") {
        None => stored(found),
        Some(Value::Bool(true)) => match found.global("UC_UI.getServicesBaseInfo()") {
            Some(Value::List(services)) => Some(live(services)),
            Some(Value::Map(_)) => None,
            _ => unreadable(),
        },
        Some(Value::Bool(false)) => stored(found).or_else(not_ready),
        Some(Value::Map(_)) => None,
        Some(_) => unreadable(),
    }
}

fn live(services: &[Value]) -> Reading {
    let mut named = Named::new();
    for service in services {
        let Some(consent) = service.get("consent") else { continue };
        let Some(on) = consent.get("status").and_then(Value::as_bool) else { continue };
        let newest = consent.get("history").and_then(|history| history.items().last());
        let chosen = text(newest.and_then(|entry| entry.get("type"))) == Some("explicit");
        let asked = chosen && !is_true(service.get("isEssential"));
        let answer = if asked { Answer::explicit(on) } else { open(on) };
        for key in ["name", "id", "categorySlug"] {
            if let Some(name) = text(service.get(key)) {
                put(&mut named, name, answer);
            }
        }
    }
    reading(true, named)
}

fn stored(found: &Snapshot) -> Option<Reading> {
    let services = found.local("uc_settings")?.get("services")?;
    let acted = text(found.local("uc_user_interaction")) == Some("true");
    let turn = if acted { Answer::explicit } else { open };
    let mut named = Named::new();
    for service in services.items() {
        let on = service.get("status").and_then(Value::as_bool);
        if let (Some(id), Some(on)) = (text(service.get("id")), on) {
            put(&mut named, id, turn(on));
        }
    }
    Some(Reading::named(false, named).with_rest(Answer::Unset))
}
