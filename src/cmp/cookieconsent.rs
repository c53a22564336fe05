//! Product: Cookie Consent by Insites (later Osano, open source)
//! Vendor: Insites, Osano; open source (MIT)
//! Documentation: <https://www.osano.com/cookieconsent/documentation/>
//! Versions: 3.0 and 3.1 (run: 3.1.1)
//! Detected by: the global `cookieconsent` with `hasInitialised`; the cookie `cookieconsent_status`
//! Explicit choice: the status is `allow` or `deny`
//! Implied: the popup is of type `info` or `opt-out` and nobody answered, or the visitor only dismissed it
//! Expired: cannot be told; the cookie ends by itself
//! Categories: none: one answer for all
//! Limits: `dismiss` under `opt-in` is no answer here, though the library's own `hasConsented()` says yes; a renamed cookie and a site's own markup (`overrideHTML`, which hides the type) are not read; a country without a cookie law is not told from an unanswered popup
//! Confidence: high (source read, run)

use super::parts::text;
use super::{Adapter, Form, Note, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// Cookie Consent by Insites.
///
/// It keeps its popup to itself and tells nobody but the site's own callbacks. The type stands
/// in the popup's class names, which stay in the document after an answer.
pub static ADAPTER: Adapter = Adapter {
    id: "cookieconsent",
    rank: Rank::Vendor,
    category: &[&["all"]],
    probes: &[
        Probe::Global("cookieconsent.hasInitialised"),
        Probe::Global("document.getElementsByClassName(cc-type-info).length"),
        Probe::Global("document.getElementsByClassName(cc-type-opt-in).length"),
        Probe::Global("document.getElementsByClassName(cc-type-opt-out).length"),
        Probe::Cookie("cookieconsent_status", Form::Raw),
    ],
    listen: &[],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    let library = found.global("cookieconsent.hasInitialised").and_then(Value::as_bool);
    let status = text(found.cookie("cookieconsent_status"));
    let live = library.is_some();
    match status {
        Some("allow") => return Some(Reading::all(live, Answer::Granted)),
        Some("deny") => return Some(Reading::all(live, Answer::Denied)),
        _ => {}
    }
    let there =
        |path| found.global(path).and_then(Value::as_number).is_some_and(|count| count > 0.0);
    let asks = there("document.getElementsByClassName(cc-type-opt-in).length");
    let tells = there("document.getElementsByClassName(cc-type-info).length")
        || there("document.getElementsByClassName(cc-type-opt-out).length");
    if live {
        // Two popups of different types: the one that asks decides.
        return Some(match (asks, tells) {
            (true, _) => Reading::unset(true, None),
            (false, true) => Reading::all(true, Answer::ImpliedGranted),
            (false, false) => Reading::unset(true, Some(Note::NotReady)),
        });
    }
    // Dismissed, and of what type is not known without the library.
    (status == Some("dismiss")).then(|| Reading::unset(false, None))
}
