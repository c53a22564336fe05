//! The record's signature: HMAC-SHA256 over the line, in base64url behind it.
//!
//! The browser cannot hold a key, so it writes the record unsigned and a server signs it, when
//! it takes the receipt say. A reader with the key then believes signed records alone. A
//! signature tells that a server of the site has taken this answer, for this project and instance
//! (the cookie's name is signed as well) and at the time that the line says; not whose it is, nor
//! that it is the last: a visitor who keeps an old cookie can send it again, for as long as the
//! reader's age allows.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::core::Record;

/// The line with its signature, for the cookie of this name
/// ([`record_name`](super::record_name)). `None`: it is no record. One that is signed is signed anew.
///
/// ```
/// use mixpanel_consent_bridge::request::{record_name, sign::{sign, signed}};
/// let (cookie, key) = (record_name("YOUR_PROJECT_TOKEN", None), b"sixteen bytes or more");
/// let line = sign(&cookie, "1.gggg.g.1764000000000.usercentrics", key).unwrap();
/// assert!(signed(&cookie, &line, key));
/// assert!(!signed(&cookie, &line.replace(".gggg.", ".dddd."), key));
/// assert!(!signed(&record_name("ANOTHER_TOKEN", None), &line, key));
/// ```
pub fn sign(cookie: &str, line: &str, key: &[u8]) -> Option<String> {
    let line = Record::parse(line)?.line();
    let signature = URL_SAFE_NO_PAD.encode(mac(cookie, &line, key)?.finalize().into_bytes());
    Some([&line, ".", &signature].concat())
}

/// Whether the line is a record that was signed with this key; in a time that does not tell
/// how much of the signature is right.
pub fn signed(cookie: &str, line: &str, key: &[u8]) -> bool {
    let valid = || {
        let (line, signature) = line.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        Record::parse(line)?;
        mac(cookie, line, key)?.verify_slice(&signature).ok()
    };
    valid().is_some()
}

fn mac(cookie: &str, line: &str, key: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(b"mixpanel-consent-bridge record\0");
    // No cookie's name has a NUL in it, so the two cannot run into each other.
    mac.update(cookie.as_bytes());
    mac.update(b"\0");
    mac.update(line.as_bytes());
    Some(mac)
}
