//! What a program did wrong, as an enum: codes for programs, a sentence for people.

use std::fmt;

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// A programmer's mistake. Nothing that a visitor or a consent manager does is one: that is in
/// [`State::code`](crate::core::State).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// `token-missing`: the project token is empty.
    TokenMissing(String),
    /// `option-invalid`: an option has a value that it may not have.
    OptionInvalid(String),
    /// `option-unknown`: there is no such option.
    OptionUnknown(String),
    /// `cmp-unknown`: there is no adapter of this name.
    CmpUnknown(String),
    /// `cmp-decides`: the consent manager decides; `grant`, `deny` and `reset` are for `manual`.
    CmpDecides(String),
    /// `value-invalid`: a value could not be made JavaScript's.
    ValueInvalid(String),
    /// Any other, by its code.
    Other {
        /// Its code.
        code: String,
        /// What was tried, on what, and what would work.
        message: String,
    },
}

impl Error {
    /// Its code, which does not change between versions.
    pub fn code(&self) -> &str {
        match self {
            Error::TokenMissing(_) => "token-missing",
            Error::OptionInvalid(_) => "option-invalid",
            Error::OptionUnknown(_) => "option-unknown",
            Error::CmpUnknown(_) => "cmp-unknown",
            Error::CmpDecides(_) => "cmp-decides",
            Error::ValueInvalid(_) => "value-invalid",
            Error::Other { code, .. } => code,
        }
    }

    /// What was tried, on what, and what would work.
    pub fn message(&self) -> &str {
        match self {
            Error::TokenMissing(message)
            | Error::OptionInvalid(message)
            | Error::OptionUnknown(message)
            | Error::CmpUnknown(message)
            | Error::CmpDecides(message)
            | Error::ValueInvalid(message)
            | Error::Other { message, .. } => message,
        }
    }

    /// A `BridgeError` of the page's, or whatever else was thrown.
    pub(super) fn of(thrown: &JsValue) -> Error {
        let text = |key: &str| Reflect::get(thrown, &key.into()).ok()?.as_string();
        let message = text("message").unwrap_or_else(|| format!("{thrown:?}"));
        match text("code").as_deref() {
            Some("token-missing") => Error::TokenMissing(message),
            Some("option-invalid") => Error::OptionInvalid(message),
            Some("option-unknown") => Error::OptionUnknown(message),
            Some("cmp-unknown") => Error::CmpUnknown(message),
            Some("cmp-decides") => Error::CmpDecides(message),
            code => Error::Other { code: code.unwrap_or("unknown").to_owned(), message },
        }
    }

    pub(super) fn value(what: &str, error: serde_wasm_bindgen::Error) -> Error {
        Error::ValueInvalid(format!("`{what}` cannot be made a value of JavaScript's: {error}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} ({})", self.message(), self.code())
    }
}

impl std::error::Error for Error {}
