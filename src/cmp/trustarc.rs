//! Product: TrustArc Cookie Consent Manager
//! Vendor: TrustArc
//! Documentation: <https://trustarc.com/products/consent-consumer-rights/cookie-consent-manager/>
//! Versions: the notice at `consent.trustarc.com`, Privacy Manager API 1
//! Detected by: `PrivacyManagerAPI.callApi`; the cookies `notice_behavior` and `cmapi_cookie_privacy` before it
//! Explicit choice: the decision's source is `asserted`; stored, preferences under `expressed` behavior
//! Implied: the decision's source is `implied`; stored, preferences under `implied` behavior
//! Expired: cannot be told; the cookies end by themselves
//! Categories: levels by number, as in `cmapi_cookie_privacy`: 2 functional (the default), 3 advertising; 1 is required and has no answer
//! Limits: sites label levels differently; its changes are seen through its cookies
//! Confidence: medium (the vendor's API text, site code; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// TrustArc.
pub static ADAPTER: Adapter = Adapter {
    id: "trustarc",
    rank: Rank::Vendor,
    category: "2",
    page: r#"
[["g","PrivacyManagerAPI.callApi(getConsentDecision,@host)"],
["g","PrivacyManagerAPI.callApi(getGDPRConsentDecision,@host)"],
["c","notice_behavior","t"],
["c","cmapi_cookie_privacy","t"]],
[]"#,
    reader: Reader::Rules("
+ a.consentDecision=0 > all u
+ a b !b.consentDecision:list > unreadable
+ a.source~asserted b.consentDecision.* > GD a.source '2 ?b.consentDecision.*=2 ; GD a.source '3 ?b.consentDecision.*=3
+ a.source~asserted a.consentDecision> > GD a.source '2 ?!a.consentDecision=1 ; GD a.source '3 ?a.consentDecision=3
+ a.source~implied a.consentDecision> > gd a.source '2 ?!a.consentDecision=1 ; gd a.source '3 ?a.consentDecision=3
+ a > unreadable
- d^permit c^expressed > GD d '2 d{|_permit}['2] ; GD d '3 d{|_permit}['3]
- d^permit > gd d '2 d{|_permit}['2] ; gd d '3 d{|_permit}['3]
"),
};
