//! Product: IAB Transparency and Consent Framework
//! Vendor: IAB Europe; installed by many consent managers
//! Documentation: <https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework/blob/master/TCFv2/IAB%20Tech%20Lab%20-%20CMP%20API%20v2.md>
//! Versions: 2.0 to 2.3 (run: @iabtcf/cmpapi 1.5.6 with @iabtcf/stub 1.5.6)
//! Detected by: the global `__tcfapi`, in a frame also that of a page above (`__tcfapiLocator`); the cookie `euconsent-v2` before it
//! Explicit choice: `eventStatus` is `tcloaded` or `useractioncomplete`; an earlier yes stands while the visitor looks at the settings again (`cmpuishown` with consents); stored, a TC string of version 2
//! Implied: `gdprApplies` is false: everything is allowed and nobody asked
//! Expired: cannot be told: a consent manager that asks again is to hand out no consents
//! Categories: purposes by number; 1 (storage), 8 (content performance) and 9 (audience statistics) must all allow
//! Limits: Mixpanel's own vendor bit is not consulted; a visitor who said no to everything is unset while looking at the settings again; the cookie is a custom, a consent manager may keep its TC string elsewhere
//! Confidence: high (specification, source read, run)

use super::{Adapter, Rank, Reader};

/// The IAB's framework for the EU.
pub static ADAPTER: Adapter = Adapter {
    id: "iab-tcf",
    rank: Rank::Standard,
    category: "1+8+9",
    page: r#"
[["g","__tcfapi"],
["h","tcf"],
["c","euconsent-v2","r"]],
[["c","__tcfapi",["addEventListener",2,{}],"tcf",["eventStatus","gdprApplies","purpose.consents","listenerId"],"__tcfapi",["removeEventListener",2,{},{"h":"listenerId"}]]]"#,
    reader: Reader::Rules("
+ b.gdprApplies=false > all g
+ b !b.gdprApplies > not-ready
+ b.gdprApplies=true b.eventStatus~cmpuishown !b.purpose.consents.*=true > all u
+ b.gdprApplies=true b.eventStatus~tcloaded|b.eventStatus~useractioncomplete|b.eventStatus~cmpuishown > GD b.purpose.consents @ . ; all D
+ b.gdprApplies=true b.eventStatus~tcloaded|b.eventStatus~useractioncomplete|b.eventStatus~cmpuishown > all D
+ b > unreadable
- c# > GD c# @ .~1~0 ; all D
+ a > not-ready
"),
};
