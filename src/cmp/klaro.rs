//! Product: Klaro
//! Vendor: KIProtect, open source (BSD-3-Clause)
//! Documentation: <https://klaro.org/docs/>
//! Versions: 0.7 (run: 0.7.22)
//! Detected by: `klaro.getManager()`; the cookie (or key of local storage) `klaro` before it
//! Explicit choice: `confirmed` is true: a saved answer for every service there is now; stored, the saved answers
//! Implied: before an answer, a service that runs all the same (`optOut` with `default`); a `required` service at any time, since nobody is asked
//! Expired: answers are saved and a service was added since (`changed`)
//! Categories: services by name and their purposes (all services of a purpose must allow); a service `mixpanel` is tried first, then `analytics`, `statistics`, `performance`
//! Limits: a renamed cookie is read only once the manager is there
//! Confidence: high (source read, run)

use super::{Adapter, Rank, Reader};

/// Klaro.
///
/// `getManager()` creates the manager, which activates the elements it finds at that moment:
/// asked while the document is still being parsed, it would make Klaro miss those further down.
/// So the paths wait for the document.
///
/// `consents` moves with the toggles; `savedConsents` with the visitor's answer.
pub static ADAPTER: Adapter = Adapter {
    id: "klaro",
    rank: Rank::Vendor,
    category: "mixpanel|analytics|statistics|performance",
    page: r#"
[["g","klaro.getManager"],
["g","@parsed.klaro.getManager().confirmed"],
["g","@parsed.klaro.getManager().changed"],
["g","@parsed.klaro.getManager().savedConsents"],
["g","@parsed.klaro.getManager().states"],
["g","@parsed.klaro.getManager().config.services"],
["c","klaro","j"],
["l","klaro","j"]],
[["c","@parsed.klaro.getManager().watch",[{"m":"update"}]]]"#,
    reader: Reader::Rules("
+ b !b:bool > not-ready
+ b=false c=true > expired
+ b=true > GD f .name,.purposes d[.name] ?!.required=true ; gu f .name,.purposes d[.name] ?.required=true
+ b=false > gu f .name,.purposes e[.name]
+ b > unreadable
- g/h > GD g/h @ . ; all u
+ a > not-ready
"),
};
