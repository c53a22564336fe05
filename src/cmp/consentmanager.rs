//! Product: consentmanager
//! Vendor: consentmanager.net (consentmanager AB)
//! Documentation: <https://help.consentmanager.net/books/cmp/page/javascript-api>
//! Versions: the automatic and semi-automatic codes of delivery.consentmanager.net
//! Detected by: `__cmp('getCMPData')` answering with `userChoiceExists` (the TCF's first version had a global `__cmp` too)
//! Explicit choice: `userChoiceExists`
//! Implied: no choice, and the purpose is on
//! Expired: cannot be told; the choice does not exist then
//! Categories: purposes by id, and by the name in the site's list; `Measurement`, `Analytics` or `Statistics`, whichever is there
//! Limits: purpose names are the site's and in its language; what it stores is not read
//! Confidence: medium (other programs' adapters; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// consentmanager.
pub static ADAPTER: Adapter = Adapter {
    id: "consentmanager",
    rank: Rank::Vendor,
    category: "Measurement|Analytics|Statistics",
    page: r#"
[["g","__cmp(getCMPData).userChoiceExists"],
["g","__cmp(getCMPData).purposeConsents"],
["g","__cmp(getCMPData).purposesList"]],
[["c","__cmp",["addEventListener",["consent",{},false],null],"",[],"__cmp",["removeEventListener",["consent",{},false],null]],
["c","__cmp",["addEventListener",["settings",{},false],null],"",[],"__cmp",["removeEventListener",["settings",{},false],null]]]"#,
    reader: Reader::Rules(
        "
+ a=true > GD c .id,.name b[.id] ; GD b @ .
+ a=false > gu c .id,.name b[.id] ; gu b @ .
+ a > unreadable
",
    ),
};
