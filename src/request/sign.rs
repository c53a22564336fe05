//! The record's signature: HMAC-SHA256 over the line, in base64url behind it.
//!
//! The browser cannot hold a key, so it writes the record unsigned and a server signs it, when
//! it takes the receipt say. A reader with the key then believes signed records alone. A
//! signature tells that a server of the site has seen this answer; not whose it is, nor that it
//! is the last: a visitor who keeps an old cookie can send it again.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::core::Record;

/// The line with its signature. `None`: it is no record. One that is signed is signed anew.
///
/// ```
/// use mixpanel_consent_bridge::request::sign::{sign, signed};
/// let line = sign("1.gggg.g.1764000000000.usercentrics", b"sixteen bytes or more").unwrap();
/// assert!(signed(&line, b"sixteen bytes or more"));
/// assert!(!signed(&line.replace(".gggg.", ".dddd."), b"sixteen bytes or more"));
/// ```
pub fn sign(line: &str, key: &[u8]) -> Option<String> {
    let line = Record::parse(line)?.line();
    let signature = URL_SAFE_NO_PAD.encode(mac(&line, key)?.finalize().into_bytes());
    Some([&line, ".", &signature].concat())
}

/// Whether the line is a record that was signed with this key; in a time that does not tell
/// how much of the signature is right.
pub fn signed(line: &str, key: &[u8]) -> bool {
    let valid = || {
        let (line, signature) = line.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        Record::parse(line)?;
        mac(line, key)?.verify_slice(&signature).ok()
    };
    valid().is_some()
}

fn mac(line: &str, key: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(b"mixpanel-consent-bridge record\0");
    mac.update(line.as_bytes());
    Some(mac)
}
