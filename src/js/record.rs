//! Where the consent record is kept: `localStorage` here, elsewhere by the gate's side
//! (src/js/record.js). Refused storage is an ordinary answer.

use gloo_storage::{LocalStorage, Storage as _};
use web_sys::Storage;

use super::host::Host;

/// `localStorage`, if the page may use it. gloo-storage throws where it is refused, so the
/// browser is asked first.
fn local() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()??;
    Some(LocalStorage::raw())
}

/// Reads the record. `key`: its name in `localStorage`, empty if it is not kept there.
pub fn read(host: &Host, key: &str) -> String {
    if key.is_empty() {
        return host.kept();
    }
    local().and_then(|storage| storage.get_item(key).ok()?).unwrap_or_default()
}

/// Writes the record; an empty one is removed. Says whether that worked.
pub fn write(host: &Host, key: &str, lines: &str) -> bool {
    if key.is_empty() {
        return host.keep(lines);
    }
    local().is_some_and(|storage| {
        let done =
            if lines.is_empty() { storage.remove_item(key) } else { storage.set_item(key, lines) };
        done.is_ok()
    })
}
