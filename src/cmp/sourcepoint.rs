//! Product: Sourcepoint Unified CMP
//! Vendor: Sourcepoint (Didomi)
//! Documentation: <https://docs.sourcepoint.com/hc/en-us/articles/4405397484307>
//! Versions: the unified wrapper
//! Detected by: the global `_sp_` with an account, and its TCF API
//! Explicit choice: as in the IAB's framework: `tcloaded` or `useractioncomplete`
//! Implied: `gdprApplies` is false
//! Expired: cannot be told: a consent manager that asks again is to hand out no consents
//! Categories: TCF purposes by number (1, 8 and 9 by default), and the property's own vendors by their 24-digit ids
//! Limits: vendor ids are known as of load: after an answer on the same page they are unset until the next page; US messages are read through GPP, as a limit; what it stores is not read
//! Confidence: medium (documentation, other programs' adapters; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Sourcepoint.
///
/// The site's configuration: there before the script.
pub static ADAPTER: Adapter = Adapter {
    id: "sourcepoint",
    rank: Rank::Vendor,
    category: "1+8+9",
    page: r#"
[["g","_sp_.config.accountId"],
["h","sourcepoint-tcf"],
["h","sourcepoint"]],
[["c","__tcfapi",["addEventListener",2,{}],"sourcepoint-tcf",["eventStatus","gdprApplies","purpose.consents","listenerId"],"__tcfapi",["removeEventListener",2,{},{"h":"listenerId"}]],
["c","__tcfapi",["getCustomVendorConsents",2,{}],"sourcepoint",["grants","newUser"]]]"#,
    reader: Reader::Rules("
+ a !b > not-ready
+ a b.gdprApplies=false > all g
+ a !b.gdprApplies > not-ready
+ a b.gdprApplies=true b.eventStatus~cmpuishown !b.purpose.consents.*=true > all u
+ a b.gdprApplies=true b.eventStatus~tcloaded c.newUser=false > GD b.purpose.consents @ . ; GD c.grants @ .vendorGrant ; all D
+ a b.gdprApplies=true b.eventStatus~tcloaded|b.eventStatus~useractioncomplete|b.eventStatus~cmpuishown > GD b.purpose.consents @ . ; uu c.grants @ .vendorGrant ; all D
+ a b.gdprApplies=true b.eventStatus~tcloaded|b.eventStatus~useractioncomplete|b.eventStatus~cmpuishown > all D
+ a > unreadable
"),
};
