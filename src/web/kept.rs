//! What was answered on an earlier page, before any script of the bridge's or of a consent manager's.

use gloo_storage::{LocalStorage, Storage};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, window};

use super::Record;
use crate::core::protocol::{RECORD_COOKIE_SEPARATOR, RECORD_KEY, RECORD_KEY_SEPARATOR};

/// The last explicit answer that was kept for this project, wherever the option `record` puts it.
/// `None` where there is none, where it cannot be read, and where the browser refuses storage.
///
/// It is for what a page shows in its first moment. Whether Mixpanel may run is the bridge's: a
/// consent manager may have been answered anew since, or its answer may have expired.
pub fn last_answer(token: &str) -> Option<Record> {
    last_answer_of(token, None)
}

/// The same, of an instance with a name.
pub fn last_answer_of(token: &str, name: Option<&str>) -> Option<Record> {
    let key = |separator: char| {
        let mut key = String::from(RECORD_KEY);
        for part in [Some(token), name].into_iter().flatten().filter(|part| !part.is_empty()) {
            key.push(separator);
            key.push_str(part);
        }
        key
    };
    Record::newest(&in_storage(&key(RECORD_KEY_SEPARATOR))?)
        .or_else(|| Record::newest(&in_cookie(&key(RECORD_COOKIE_SEPARATOR))?))
}

/// Refused storage is asked for before gloo is, which panics there; it holds nothing.
fn in_storage(key: &str) -> Option<String> {
    let storage = window()?.local_storage().ok().flatten();
    let kept = storage.and_then(|_| LocalStorage::raw().get_item(key).ok().flatten());
    Some(kept.unwrap_or_default())
}

fn in_cookie(name: &str) -> Option<String> {
    let document: HtmlDocument = window()?.document()?.dyn_into().ok()?;
    let cookies = document.cookie().ok()?;
    let mut pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, line)| line.to_owned())
}
