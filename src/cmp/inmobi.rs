//! Product: InMobi Choice (before: Quantcast Choice)
//! Vendor: InMobi
//! Documentation: <https://support.inmobi.com/choice>
//! Versions: version 2
//! Detected by: the TCF API naming consent manager 10; its container `qc-cmp2-container`; the cookie `euconsent-v2` of consent manager 10 before it
//! Explicit choice: as in the IAB's framework: `tcloaded` or `useractioncomplete`
//! Implied: `gdprApplies` is false
//! Expired: cannot be told: a consent manager that asks again is to hand out no consents
//! Categories: TCF purposes by number (1, 8 and 9 by default)
//! Limits: vendors outside of the IAB's list are not read; US messages are read through GPP, as a limit
//! Confidence: medium (specification of the framework, site code; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// InMobi Choice.
pub static ADAPTER: Adapter = Adapter {
    id: "inmobi",
    rank: Rank::Vendor,
    category: "1+8+9",
    page: r#"
[["g","document.getElementById(qc-cmp2-container).id"],
["h","inmobi"],
["c","euconsent-v2","r"]],
[["c","__tcfapi",["addEventListener",2,{}],"inmobi",["cmpId","eventStatus","gdprApplies","purpose.consents","listenerId"],"__tcfapi",["removeEventListener",2,{},{"h":"listenerId"}]]]"#,
    reader: Reader::Rules("
+ b.cmpId !b.cmpId=10 > none
+ b !b.cmpId !a~qc-cmp2-container > none
+ b.gdprApplies=false > all g
+ b !b.gdprApplies > not-ready
+ b.gdprApplies=true b.eventStatus~cmpuishown !b.purpose.consents.*=true > all u
+ b.gdprApplies=true b.eventStatus~tcloaded|b.eventStatus~useractioncomplete|b.eventStatus~cmpuishown > GD b.purpose.consents @ . ; all D
+ b.gdprApplies=true b.eventStatus~tcloaded|b.eventStatus~useractioncomplete|b.eventStatus~cmpuishown > all D
+ b > unreadable
- c#10 > GD c# @ .~1~0 ; all D
+ a~qc-cmp2-container > not-ready
"),
};
