//! Product: iubenda Cookie Solution
//! Vendor: iubenda (team.blue)
//! Documentation: <https://www.iubenda.com/en/help/1205-how-to-configure-your-cookie-solution-advanced-guide>
//! Versions: iubenda_cs.js 2 and later
//! Detected by: `_iub.cs`; a cookie `_iub_cs-…` before it
//! Explicit choice: a preference with its time
//! Implied: none: where no law applies the product stores nothing and the answer stays open
//! Expired: cannot be told; the cookie ends by itself
//! Categories: purposes by number: 4 (measurement); without purposes, one answer for everything
//! Limits: it tells only the site's own callbacks, so changes are seen through its cookie; US laws are read through GPP and USP, as a limit; encrypted or local-only storage is not read
//! Confidence: medium (documentation, other programs' adapters; not run, it is proprietary)

use super::parts::{Named, not_ready, put_bools, text};
use super::{Adapter, Form, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// iubenda.
pub static ADAPTER: Adapter = Adapter {
    id: "iubenda",
    rank: Rank::Vendor,
    category: &[&["4"]],
    probes: &[
        // The site's own configuration is at `_iub` before the script; this is the script's.
        Probe::Global("_iub.cs.api.isConsentGiven"),
        Probe::Global("_iub.cs.consent"),
        Probe::Global("_iub.csConfiguration.siteId"),
        Probe::CookiePrefix("_iub_cs-", Form::Json),
    ],
    listen: &[],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    let live = found.global("_iub.cs.api.isConsentGiven").is_some();
    let record = found.global("_iub.cs.consent").filter(|record| dated(record));
    let record = record.or(found.cookie("_iub_cs-").filter(|record| dated(record)));
    let Some(record) = record else {
        if live {
            return Some(Reading::unset(true, None));
        }
        return found.global("_iub.csConfiguration.siteId").and_then(|_| not_ready());
    };
    let mut named = Named::new();
    put_bools(&mut named, record.get("purposes"), Answer::explicit);
    if !named.is_empty() {
        return Some(Reading::named(live, named).with_rest(Answer::Denied));
    }
    let consent = record.get("consent").and_then(Value::as_bool);
    Some(match consent {
        Some(consent) => Reading::all(live, Answer::explicit(consent)),
        None => Reading::unset(live, None),
    })
}

fn dated(record: &Value) -> bool {
    text(record.get("timestamp")).is_some_and(|at| !at.is_empty())
}
