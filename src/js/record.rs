//! Where the consent record is kept. Refused storage is an ordinary answer here.

use gloo_storage::{LocalStorage, Storage as _};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, Storage};

/// `localStorage`, if the page may use it. gloo-storage throws where it is refused, so the
/// browser is asked first.
fn local() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()??;
    Some(LocalStorage::raw())
}

fn document() -> Option<HtmlDocument> {
    web_sys::window()?.document()?.dyn_into().ok()
}

/// The value of a cookie, as it stands.
fn cookie(name: &str) -> Option<String> {
    let all = document()?.cookie().ok()?;
    all.split(';').find_map(|pair| {
        let (key, value) = pair.trim_start().split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

/// Reads the record from `place`: `local`, `cookie`, or nowhere.
pub fn read(place: &str, key: &str) -> String {
    match place {
        "local" => local().and_then(|storage| storage.get_item(key).ok()?),
        "cookie" => cookie(key),
        _ => None,
    }
    .unwrap_or_default()
}

/// Writes the record; an empty one is removed. Says whether that worked.
pub fn write(place: &str, key: &str, lines: &str) -> bool {
    let done = match place {
        "local" => local().map(|storage| {
            if lines.is_empty() { storage.remove_item(key) } else { storage.set_item(key, lines) }
                .is_ok()
        }),
        "cookie" => document().map(|document| {
            // A year; the consent manager's own record decides long before.
            let age = if lines.is_empty() { "0" } else { "31536000" };
            let text = [key, "=", lines, "; path=/; SameSite=Lax; max-age=", age].concat();
            // Refused on http, where it is set once more without.
            let _ = document.set_cookie(&[&text, "; Secure"].concat());
            cookie(key).as_deref() == Some(lines)
                || document.set_cookie(&text).is_ok() && cookie(key).unwrap_or_default() == lines
        }),
        _ => Some(true),
    };
    done.unwrap_or(false)
}
