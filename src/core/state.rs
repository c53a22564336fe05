//! What a page's bridge tells a program of itself: the state of the API, as a Rust value.

use super::{Answer, Code, Mode};

/// One moment of a bridge, as `state` has it in the API.
///
/// With the feature `serde` it is what `JSON.stringify(bridge.state)` writes:
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use mixpanel_consent_bridge::core::{Answer, Code, Mode, State};
///
/// let state: State = serde_json::from_str(
///     r#"{"consent":"granted","mode":"on","cmp":"klaro","code":"granted","reason":"The visitor said yes.","held":0,"at":1764000000000}"#,
/// )?;
/// assert_eq!((state.consent, state.mode, state.code), (Answer::Granted, Mode::On, Code::Granted));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct State {
    /// The answer for tracking, after the browser's own signals.
    pub consent: Answer,
    /// What Mixpanel may do.
    pub mode: Mode,
    /// The id of the source that decided; `None` while there is none.
    pub cmp: Option<String>,
    /// Why, for programs.
    pub code: Code,
    /// Why, for people.
    pub reason: String,
    /// How many calls wait.
    pub held: u32,
    /// When, in milliseconds since 1970.
    #[cfg_attr(feature = "serde", serde(rename = "at"))]
    pub at_ms: u64,
}
