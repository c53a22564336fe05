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

use super::{Adapter, Rank, Reader};

/// Google Privacy & messaging (Funding Choices).
pub static ADAPTER: Adapter = Adapter {
    id: "google-funding-choices",
    rank: Rank::Vendor,
    category: "analytics_storage",
    page: r#"
[["g","googlefc.getGoogleConsentModeValues().analyticsStoragePurposeConsentStatus"],
["g","googlefc.ConsentModePurposeStatusEnum.CONSENT_MODE_PURPOSE_STATUS_GRANTED"],
["g","googlefc.ConsentModePurposeStatusEnum.CONSENT_MODE_PURPOSE_STATUS_DENIED"],
["g","googlefc.ConsentModePurposeStatusEnum.CONSENT_MODE_PURPOSE_STATUS_NOT_APPLICABLE"]],
[["c","googlefc.callbackQueue.push",[{"m":"CONSENT_MODE_DATA_READY"}]],
["c","__tcfapi",["addEventListener",2,{}],"",[],"__tcfapi",["removeEventListener",2,{},{"h":"listenerId"}]]]"#,
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
