//! Product: Google consent mode
//! Vendor: Google; a bus that consent managers speak on, not a consent manager
//! Documentation: <https://developers.google.com/tag-platform/security/guides/consent>
//! Versions: version 2 of consent mode
//! Detected by: a `consent` command in `dataLayer`; `google_tag_data.ics` (not documented) once a Google tag is there
//! Explicit choice: only a refusal that takes back what an earlier update allowed. An update is no proof of an act: consent managers also send one at load, for a regional default or an answer of another day, and the two look the same
//! Implied: every other update, so that a yes is implied always, and a no is explicit on the page where it takes a yes back and implied on the next; a `default` that grants everywhere
//! Expired: cannot be told
//! Categories: consent types; `analytics_storage` for analytics
//! Limits: never a plain yes: with `implied: 'ask'` this source alone opens nothing, name the consent manager itself then; regional defaults count only if all agree, since a page does not know its region; a renamed data layer is not read; templates inside Google Tag Manager are seen only once a Google tag is there; nothing is stored
//! Confidence: medium (public guides and other programs' adapters; `ics` is not documented)

use super::rules::{Named, put};
use super::{Adapter, Rank, Reader, Reading, Snapshot, Value};
use crate::core::Answer;

/// Google consent mode.
pub static ADAPTER: Adapter = Adapter {
    id: "google-consent-mode",
    rank: Rank::Bus,
    category: "analytics_storage",
    page: r#"
[["e","dataLayer","consent"],
["g","google_tag_data.ics.entries"]],
[["t","dataLayer.push"],
["c","google_tag_data.ics.addListener",[["analytics_storage"],{}]]]"#,
    reader: Reader::Code(read),
};

fn read(found: &Snapshot) -> Option<Reading> {
    let mut defaults = Named::new();
    let mut updates = Named::new();
    for command in found.get(0).map(Value::items).unwrap_or_default() {
        let [_, Value::Text(kind), Value::Map(types), ..] = command.items() else { continue };
        for (name, value) in types {
            let on = match value.as_text() {
                Some("granted") => true,
                Some("denied") => false,
                _ => continue,
            };
            match kind.as_str() {
                // Several, for regions: the strictest, since any may be ours.
                "default" => put(&mut defaults, 0, name, default(on)),
                "update" => update(&mut updates, name, on),
                _ => {}
            }
        }
    }
    // What Google's own tag made of it, templates included. Where the two differ, which is the
    // later cannot be told: the stricter counts.
    for (name, entry) in found.get(1).map(Value::entries).unwrap_or_default() {
        if let Some(on) = entry.get("default").and_then(Value::as_bool) {
            put(&mut defaults, 0, name, default(on));
        }
        if let Some(on) = entry.get("update").and_then(Value::as_bool) {
            put(&mut updates, 0, name, Answer::implied(on));
        }
    }
    for (name, answer) in defaults {
        if !updates.iter().any(|(known, _)| *known == name) {
            updates.push((name, answer));
        }
    }
    (!updates.is_empty()).then(|| Reading::named(true, updates).with_rest(Answer::Unset))
}

fn default(on: bool) -> Answer {
    if on { Answer::ImpliedGranted } else { Answer::Unset }
}

/// The last update counts; what closes after it was open was closed by somebody.
fn update(updates: &mut Named, name: &str, on: bool) {
    let before = updates.iter_mut().find(|(known, _)| known == name);
    match before {
        Some((_, answer)) if on => *answer = Answer::ImpliedGranted,
        Some((_, answer)) if *answer == Answer::ImpliedGranted => *answer = Answer::Denied,
        Some(_) => {}
        None => put(updates, 0, name, Answer::implied(on)),
    }
}
