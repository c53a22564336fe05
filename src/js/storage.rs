//! The device: cookies, `localStorage`, `sessionStorage`, IndexedDB. Refused storage is an
//! ordinary answer here, not a failure.
//!
//! What the Mixpanel SDK stores and where was found by experiment on its versions 2.41 to
//! 2.83; the names stand in its source (`mixpanel-persistence.js`, `gdpr-utils.js`,
//! `request-queue.js`, `storage/indexed-db.js` of npm `mixpanel-browser`).

use gloo_storage::{LocalStorage, Storage as _};
use js_sys::Promise;
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use web_sys::{HtmlDocument, Storage};

use crate::core::Sweep;

#[wasm_bindgen(module = "/src/js/databases.js")]
extern "C" {
    // IndexedDB speaks in requests and events only; what it takes is shorter, and easier to
    // read, in its own language.
    #[wasm_bindgen(js_name = sweepDatabases)]
    fn sweep_databases(token: &str, everything: bool, alone: bool) -> Promise;
}

/// `localStorage`, if the page may use it. gloo-storage throws where it is refused, so this
/// asks the browser first.
fn local() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()??;
    Some(LocalStorage::raw())
}

fn session() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// Reads a key of `localStorage`.
pub fn local_get(key: &str) -> Option<String> {
    local()?.get_item(key).ok()?
}

/// Writes a key of `localStorage`; says whether that worked.
pub fn local_set(key: &str, value: &str) -> bool {
    local().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// The keys of `localStorage`.
pub fn local_keys() -> Vec<String> {
    local().map(|storage| keys(&storage)).unwrap_or_default()
}

fn keys(storage: &Storage) -> Vec<String> {
    let length = storage.length().unwrap_or(0);
    (0..length).filter_map(|i| storage.key(i).ok()?).collect()
}

fn document() -> Option<HtmlDocument> {
    web_sys::window()?.document()?.dyn_into().ok()
}

/// The page's cookies at one instant, as they stand in `document.cookie`.
pub struct Cookies(String);

impl Cookies {
    /// Reads them; none if the page may not.
    pub fn read() -> Cookies {
        Cookies(document().and_then(|d| d.cookie().ok()).unwrap_or_default())
    }

    /// Names and values, undecoded.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.split("; ").filter_map(|pair| pair.split_once('='))
    }

    /// A cookie's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|pair| pair.0 == name).map(|pair| pair.1)
    }

    /// The value of the first cookie whose name begins so.
    pub fn starting(&self, prefix: &str) -> Option<&str> {
        self.iter().find(|pair| pair.0.starts_with(prefix)).map(|pair| pair.1)
    }
}

/// Sets a cookie: `name=value; attributes`.
pub fn cookie_set(text: &str) {
    if let Some(document) = document() {
        let _ = document.set_cookie(text);
    }
}

/// Removes a cookie on this host and on every parent domain that could hold it; the SDK
/// guesses the domain, and a guess by the same rule would miss those that it guessed wrong.
fn cookie_remove(name: &str, domain: &str) {
    let expire = |domain: &str| {
        let mut text = String::from(name);
        text.push_str("=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT");
        if !domain.is_empty() {
            text.push_str("; domain=");
            text.push_str(domain);
        }
        cookie_set(&text);
    };
    expire("");
    if !domain.is_empty() {
        expire(domain);
    }
    let host = web_sys::window().and_then(|w| w.location().hostname().ok()).unwrap_or_default();
    let mut rest = host.as_str();
    loop {
        expire(rest);
        match rest.split_once('.') {
            Some((_, parent)) if parent.contains('.') => rest = parent,
            _ => break,
        }
    }
}

/// What the SDK's keys are called for one instance.
pub struct Names {
    /// The project token.
    pub token: String,
    /// The cookie (or `localStorage` key) of the identity.
    pub identity: String,
    /// The key of the opt-in/opt-out flag.
    pub flag: String,
    /// The option `cookie_domain`.
    pub domain: String,
}

impl Names {
    /// Whether the SDK's stored flag is a refusal.
    pub fn refused(&self) -> bool {
        local_get(&self.flag).as_deref() == Some("0")
            || Cookies::read().get(&self.flag) == Some("0")
    }

    /// Whether the SDK knows the visitor from an earlier page.
    pub fn known(&self) -> bool {
        local_get(&self.identity).is_some() || Cookies::read().get(&self.identity).is_some()
    }

    /// Removes the flag, whatever it says.
    pub fn clear_flag(&self) {
        self.remove_if_there(&self.flag);
    }

    fn remove_if_there(&self, name: &str) {
        if let Some(storage) = local()
            && storage.get_item(name).is_ok_and(|value| value.is_some())
        {
            let _ = storage.remove_item(name);
        }
        if Cookies::read().get(name).is_some() {
            cookie_remove(name, &self.domain);
        }
    }

    /// Removes what the SDK left on the device; the promise is settled, and never rejected,
    /// when the databases are done too. `alone`: no instance lives on the page, so
    /// that whole databases may go; beside a live one their deletion would block, and every
    /// later opening of them with it.
    pub fn sweep(&self, sweep: Sweep, alone: bool) -> Promise {
        if sweep == Sweep::Everything {
            self.remove_if_there(&self.identity);
        }
        if !self.refused() {
            self.clear_flag();
        }
        let queue = concat("__mpq_", &self.token);
        if let Some(storage) = local() {
            for key in keys(&storage) {
                if key.starts_with(&queue)
                    || (key.starts_with("__mprec_") && key.contains(&self.token))
                {
                    let _ = storage.remove_item(&key);
                }
            }
        }
        if let Some(storage) = session() {
            for key in keys(&storage) {
                let ours = key.starts_with("mp_tab_id_") || key.starts_with("mp_gen_new_tab_id_");
                if ours && key.ends_with(&self.token) {
                    let _ = storage.remove_item(&key);
                }
            }
        }
        sweep_databases(&self.token, sweep == Sweep::Everything, alone)
    }
}

fn concat(a: &str, b: &str) -> String {
    let mut text = String::from(a);
    text.push_str(b);
    text
}

/// Removes a key of `localStorage`.
pub fn local_remove(key: &str) -> bool {
    local().is_some_and(|storage| storage.remove_item(key).is_ok())
}

/// Keeps the record in a first-party cookie that the server can read; an empty one is
/// removed. Says whether the browser took it.
pub fn record_cookie(name: &str, value: &str) -> bool {
    let mut text = concat(name, "=");
    text.push_str(value);
    text.push_str("; path=/; SameSite=Lax; max-age=");
    // A year; the consent manager's own record decides long before.
    text.push_str(if value.is_empty() { "0" } else { "31536000" });
    let secure = web_sys::window().and_then(|w| w.location().protocol().ok());
    if secure.as_deref() == Some("https:") {
        text.push_str("; Secure");
    }
    cookie_set(&text);
    value.is_empty() || Cookies::read().get(name) == Some(value)
}
