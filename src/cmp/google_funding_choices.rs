//! Product: Google Privacy & messaging (before: Funding Choices)
//! Vendor: Google
//! Documentation: <https://developers.google.com/funding-choices/fc-api-docs>
//! Versions: the `googlefc` API
//! Detected by: `googlefc.getGoogleConsentModeValues()`
//! Explicit choice: the status of analytics storage is granted or denied
//! Implied: not applicable here
//! Expired: cannot be told; the status is unknown then
//! Categories: `analytics_storage`
//! Limits: later changes are told by the TCF API; what it stores is not documented and not read
//! Confidence: low (site code; not run, it is proprietary)

use super::{Adapter, Arg, Listen, Off, Probe, Rank, Reader};

/// Google Privacy & messaging (Funding Choices).
pub static ADAPTER: Adapter = Adapter {
    id: "google-funding-choices",
    rank: Rank::Vendor,
    category: &[&["analytics_storage"]],
    probes: &[
        Probe::Global("googlefc.getGoogleConsentModeValues().analyticsStoragePurposeConsentStatus"),
        Probe::Global("googlefc.ConsentModePurposeStatusEnum.CONSENT_MODE_PURPOSE_STATUS_GRANTED"),
        Probe::Global("googlefc.ConsentModePurposeStatusEnum.CONSENT_MODE_PURPOSE_STATUS_DENIED"),
        Probe::Global(
            "googlefc.ConsentModePurposeStatusEnum.CONSENT_MODE_PURPOSE_STATUS_NOT_APPLICABLE",
        ),
    ],
    listen: &[
        Listen::Call {
            path: "googlefc.callbackQueue.push",
            args: &[Arg::Method("CONSENT_MODE_DATA_READY")],
            heard: None,
            off: Off::Never,
        },
        Listen::Call {
            path: "__tcfapi",
            args: &[Arg::Text("addEventListener"), Arg::Number(2.0), Arg::Callback],
            heard: None,
            off: Off::Call(
                "__tcfapi",
                &[
                    Arg::Text("removeEventListener"),
                    Arg::Number(2.0),
                    Arg::Callback,
                    Arg::Heard("listenerId"),
                ],
            ),
        },
    ],
    reader: Reader::Rules(
        "
+ a !b|!c|b=c > unreadable
+ a=b > GD a 'analytics_storage +
+ a=c > GD a 'analytics_storage -
+ a=d > gd a 'analytics_storage +
+ a > all u
",
    ),
};
