//! Product: Usercentrics CMP v3
//! Vendor: Usercentrics
//! Documentation: <https://docs.usercentrics.com/>
//! Versions: 3 (the loader at `web.cmp.usercentrics.eu`)
//! Detected by: the global `__ucCmp`; the key `ucData` of local storage before it
//! Explicit choice: `uc_user_interaction` is `true` in local storage
//! Implied: not answered, and the service is on
//! Expired: cannot be told; the product clears what it stored
//! Categories: services by name and by id; a service `Mixpanel` by default
//! Limits: its own calls answer later (promises), so what it stores is read; that has services and no categories, so `category` must name services
//! Confidence: medium (other programs' adapters, the vendor's own WordPress plugin; not run)

use super::{Adapter, Rank, Reader};

/// Usercentrics CMP v3.
pub static ADAPTER: Adapter = Adapter {
    id: "usercentrics",
    rank: Rank::Vendor,
    category: "Mixpanel|mixpanel",
    page: r#"
[["g","__ucCmp.isInitialized"],
["l","ucData","j"],
["l","uc_user_interaction","r"]],
[["w","UC_CONSENT"],
["w","UC_UI_CMP_EVENT"],
["w","UC_UI_INITIALIZED"],
["w","UC_CMP_API_READY"]]"#,
    reader: Reader::Rules(
        "
+ a c~true > GD b.consent.services .name,@ .consent
+ a > gu b.consent.services .name,@ .consent
+ a > not-ready
- c~true > GD b.consent.services .name,@ .consent
- b > gu b.consent.services .name,@ .consent
",
    ),
};
