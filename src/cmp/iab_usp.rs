//! Product: IAB US Privacy (deprecated for GPP)
//! Vendor: IAB Tech Lab; installed by many consent managers
//! Documentation: <https://github.com/InteractiveAdvertisingBureau/USPrivacy/blob/master/CCPA/USP%20API.md>
//! Versions: 1
//! Detected by: the global `__uspapi`; the cookie `usprivacy` before it
//! Explicit choice: none: it has no purpose for analytics, so it opens nothing
//! Implied: refused, where the visitor (or a signal) opted out of sale
//! Expired: cannot be told
//! Categories: none: it limits everything or nothing
//! Limits: whether an opt-out of sale covers Mixpanel is for the site's counsel; it is taken so; it tells no changes, so they are seen through its cookie
//! Confidence: high (specification)

use super::{Adapter, Arg, Form, Listen, Off, Probe, Rank, Reader};

/// The IAB's US Privacy string: a limit.
pub static ADAPTER: Adapter = Adapter {
    id: "iab-usp",
    rank: Rank::Limit,
    category: &[&["all"]],
    probes: &[Probe::Heard("usp"), Probe::Cookie("usprivacy", Form::Raw)],
    listen: &[Listen::Call {
        path: "__uspapi",
        args: &[Arg::Text("getUSPData"), Arg::Number(1.0), Arg::Callback],
        heard: Some(("usp", &["uspString"])),
        off: Off::Never,
    }],
    reader: Reader::Rules(
        "
+ a.uspString^1YY|a.uspString^1NY|a.uspString^1-Y > all d
+ a b^1YY|b^1NY|b^1-Y > all d
+ a > all u
- b^1YY|b^1NY|b^1-Y > all d
- b^1 > all u
",
    ),
};
