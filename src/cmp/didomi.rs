//! Product: Didomi
//! Vendor: Didomi
//! Documentation: <https://developers.didomi.io/cmp/web-sdk/reference/api>
//! Versions: Web SDK 2
//! Detected by: the global `Didomi` with `getCurrentUserStatus`; the cookie or key `didomi_token` before it
//! Explicit choice: a status need not be collected and consent is required here; stored, the purposes that the token lists
//! Implied: consent is not required here (`isConsentRequired()` is false)
//! Expired: the token lists purposes and a status is to be collected again
//! Categories: purpose ids; `measure_content_performance`, or `audience_measurement`, or `analytics`, whichever the site has
//! Limits: a vendor may be off while the purpose is on; the newer binary `didomi_dcs` is not read; where consent is not required, a visitor's own no is not told from a signal's
//! Confidence: high (documentation; not run, it is proprietary)

use super::{Adapter, Arg, Form, Listen, Off, Probe, Rank, Reader};

/// Didomi.
pub static ADAPTER: Adapter = Adapter {
    id: "didomi",
    rank: Rank::Vendor,
    category: &[&["measure_content_performance"], &["audience_measurement"], &["analytics"]],
    probes: &[
        Probe::Global("Didomi.shouldUserStatusBeCollected()"),
        Probe::Global("Didomi.isConsentRequired()"),
        Probe::Global("Didomi.getCurrentUserStatus().purposes"),
        Probe::Cookie("didomi_token", Form::Base64Json),
        Probe::Local("didomi_token", Form::Base64Json),
    ],
    listen: &[
        Listen::Call {
            path: "didomiOnReady.push",
            args: &[Arg::Callback],
            heard: None,
            off: Off::Never,
        },
        Listen::Call {
            path: "Didomi.on",
            args: &[Arg::Text("consent.changed"), Arg::Callback],
            heard: None,
            off: Off::Call("Didomi.off", &[Arg::Text("consent.changed"), Arg::Callback]),
        },
    ],
    reader: Reader::Rules(
        "
+ a=true d/e.purposes.enabled.*|d/e.purposes.disabled.* > expired
+ a=true > all u
+ a=false b=true > GD c @ .enabled
+ a=false b=false > gd c @ .enabled
+ a !a:bool > not-ready
+ a|b > unreadable
- d/e > GD d/e.purposes.enabled . + ; GD d/e.purposes.disabled . - ; all u
",
    ),
};
