//! Product: c15t
//! Vendor: c15t (Inth), open source (Apache-2.0)
//! Documentation: <https://c15t.com/docs/frameworks/javascript/api/checking-consent>
//! Versions: 2 (run: 2.2.1)
//! Detected by: the global `c15tStore` with `getState`; the key or cookie `c15t` before it
//! Explicit choice: `hasConsented()`: there is a record of an answer
//! Implied: none, and the model is `opt-out` or none: what is granted by default, or closed by GPC
//! Expired: the library removes an answer to an older policy itself, and is not answered then
//! Categories: its five fixed names; `measurement` for analytics
//! Limits: a store under another global name (`namespace`) is read only from what is stored
//! Confidence: high (documentation and source read, run)

use super::parts::{Named, put, put_bools, text};
use super::{Adapter, Arg, Form, Listen, Note, Off, Probe, Rank, Reading, Snapshot, Value};
use crate::core::Answer;

/// c15t.
pub static ADAPTER: Adapter = Adapter {
    id: "c15t",
    rank: Rank::Vendor,
    category: &[&["measurement"]],
    probes: &[
        Probe::Global("c15tStore.getState().consents"),
        Probe::Global("c15tStore.getState().hasConsented()"),
        Probe::Global("c15tStore.getState().isLoadingConsentInfo"),
        Probe::Global("c15tStore.getState().model"),
        Probe::Local("c15t", Form::Json),
        Probe::Cookie("c15t", Form::Text),
    ],
    listen: &[Listen::Call {
        path: "c15tStore.subscribe",
        args: &[Arg::Callback],
        heard: None,
        off: Off::Returned,
    }],
    read,
};

fn read(found: &Snapshot) -> Option<Reading> {
    let Some(answered) = found.global("c15tStore.getState().hasConsented()") else {
        return stored(found);
    };
    let loading = found.global("c15tStore.getState().isLoadingConsentInfo");
    let turn = match (answered.as_bool(), found.global("c15tStore.getState().model")) {
        (Some(true), _) => Answer::explicit,
        (None, _) => return Some(Reading::unset(true, Some(Note::Unreadable))),
        // The model is a guess until the region is known.
        _ if loading != Some(&Value::Bool(false)) => {
            return Some(Reading::unset(true, Some(Note::NotReady)));
        }
        (_, Some(Value::Null)) => Answer::implied,
        (_, model) if text(model) == Some("opt-out") => Answer::implied,
        _ => return Some(Reading::unset(true, None)),
    };
    let mut named = Named::new();
    put_bools(&mut named, found.global("c15tStore.getState().consents"), turn);
    if named.is_empty() {
        return Some(Reading::unset(true, Some(Note::Unreadable)));
    }
    Some(Reading::named(true, named))
}

/// The key of local storage says all; the cookie (`c.measurement:1,i.t:1795460115245`) leaves
/// out what is denied. Either needs the time of the answer.
fn stored(found: &Snapshot) -> Option<Reading> {
    let record = found.local("c15t");
    if record.and_then(|r| r.get("consentInfo")?.get("time")?.as_number()).is_some() {
        let mut named = Named::new();
        put_bools(&mut named, record?.get("consents"), Answer::explicit);
        return Some(Reading::named(false, named).with_rest(Answer::Unset));
    }
    let mut named = Named::new();
    let mut dated = false;
    for piece in text(found.cookie("c15t"))?.split(',') {
        match piece.split_once(':') {
            Some(("i.t", time)) => dated = time.parse::<u64>().is_ok(),
            Some((name, value)) => {
                if let Some(category) = name.strip_prefix("c.") {
                    put(&mut named, category, Answer::explicit(value == "1"));
                }
            }
            None => {}
        }
    }
    dated.then(|| Reading::named(false, named).with_rest(Answer::Denied))
}
