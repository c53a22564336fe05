//! Product: tarteaucitron.js
//! Vendor: Amauri Champeaux, open source (MIT)
//! Documentation: <https://tarteaucitron.io/en/install/>
//! Versions: 1.9 and later (run: 1.34.0)
//! Detected by: the global `tarteaucitron` with `state` and `cookie`; the cookie `tarteaucitron` before it
//! Explicit choice: the service's state, where the site asks for every service (`highPrivacy`, the default)
//! Implied: true where browsing on counts as a yes (`highPrivacy: false`), outside the EU (`user.bypass`), by a default state, or for a service that needs no consent; false by Do Not Track or a default state
//! Expired: cannot be told; the cookie ends by itself
//! Categories: service keys; `mixpanel` is one that the product has
//! Limits: the cookie does not say how it came to be, so what is stored counts as implied until the script is there; a renamed cookie is read only with the script
//! Confidence: high (source read, run)

use super::parts::{Named, put, text};
use super::{Adapter, Form, Listen, Note, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// tarteaucitron.js.
///
/// A service's events carry its name, so only `mixpanel`'s own are listened to beside the one
/// that comes with every write of the cookie; that one comes before the state is set at load,
/// hence `mixpanel_added`.
pub static ADAPTER: Adapter = Adapter {
    id: "tarteaucitron",
    rank: Rank::Vendor,
    // Not `analytics`: that is the key of Google's service, which is not Mixpanel.
    category: &[&["mixpanel"]],
    probes: &[
        Probe::Global("tarteaucitron.state"),
        Probe::Global("tarteaucitron.job"),
        Probe::Global("tarteaucitron.cookie.read()"),
        Probe::Global("tarteaucitron.parameters.highPrivacy"),
        Probe::Global("tarteaucitron.parameters.serviceDefaultState"),
        Probe::Global("tarteaucitron.parameters.handleBrowserDNTRequest"),
        Probe::Global("tarteaucitron.user.bypass"),
        Probe::Global("tarteaucitron.services.mixpanel.needConsent"),
        Probe::Global("tarteaucitron.services.mixpanel.defaultState"),
        Probe::Global("navigator.doNotTrack"),
        Probe::Cookie("tarteaucitron", Form::Raw),
    ],
    listen: &[
        Listen::Document("tac.consent_updated"),
        Listen::Document("mixpanel_added"),
        Listen::Document("mixpanel_allowed"),
        Listen::Document("mixpanel_disallowed"),
        Listen::Window("tac.root_available"),
    ],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    let state = found.global("tarteaucitron.state");
    let privacy = found.global("tarteaucitron.parameters.highPrivacy").and_then(Value::as_bool);
    let (Some(Value::Map(state)), Some(privacy)) = (state, privacy) else {
        return stored(found);
    };
    // What would make a state that nobody chose. Where such a switch is not plainly off, it counts
    // as on.
    let defaults = found.global("tarteaucitron.parameters.serviceDefaultState");
    let bypass = on(found.global("tarteaucitron.user.bypass"), false);
    let refused = on(found.global("tarteaucitron.parameters.handleBrowserDNTRequest"), false)
        && matches!(text(found.global("navigator.doNotTrack")), Some("1" | "yes"));

    let mut named = Named::new();
    for (service, state) in state {
        let Some(state) = state.as_bool() else { continue };
        // A service's own options, looked at for Mixpanel's alone.
        let ours = service == "mixpanel";
        let own = found.global("tarteaucitron.services.mixpanel.defaultState").filter(|_| ours);
        let needs = found.global("tarteaucitron.services.mixpanel.needConsent").filter(|_| ours);
        let default = match own.or(defaults) {
            None => false,
            Some(Value::Text(word)) if word == "wait" => false,
            Some(Value::Bool(default)) => *default == state,
            Some(_) => true,
        };
        let implied = if state { !privacy || bypass || on(needs, true) } else { refused };
        let turn = if default || implied { Answer::implied } else { Answer::explicit };
        put(&mut named, service, turn(state));
    }
    // Declared and not answered: the cookie says `wait` and the state nothing.
    for service in found.global("tarteaucitron.job").map(Value::items).unwrap_or_default() {
        if let Some(service) = service.as_text()
            && !named.iter().any(|(known, _)| known == service)
        {
            put(&mut named, service, Answer::Unset);
        }
    }
    if named.is_empty() {
        return Some(Reading::unset(true, Some(Note::NotReady)));
    }
    Some(Reading::named(true, named))
}

/// Whether a switch is away from the setting that leaves the choice to the visitor.
fn on(switch: Option<&Value>, harmless: bool) -> bool {
    switch.is_some_and(|switch| *switch != Value::Bool(harmless))
}

/// `!mixpanel=true!gtag=wait`
fn stored(found: &Snapshot) -> Option<Reading> {
    let script = found.global("tarteaucitron.state").is_some();
    let cookie = text(found.global("tarteaucitron.cookie.read()"))
        .filter(|cookie| !cookie.is_empty())
        .or(text(found.cookie("tarteaucitron")));
    let mut named = Named::new();
    for piece in cookie.unwrap_or_default().split('!') {
        match piece.split_once('=') {
            Some((service, "true")) => put(&mut named, service, Answer::ImpliedGranted),
            Some((service, "false")) => put(&mut named, service, Answer::ImpliedDenied),
            Some((service, "wait")) => put(&mut named, service, Answer::Unset),
            _ => {}
        }
    }
    if !named.is_empty() {
        return Some(Reading::named(false, named).with_rest(Answer::Unset));
    }
    script.then(|| Reading::unset(true, Some(Note::NotReady)))
}
