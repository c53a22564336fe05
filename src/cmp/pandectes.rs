//! Product: Pandectes GDPR Compliance (Shopify)
//! Vendor: Pandectes
//! Documentation: <https://help.pandectes.io/>
//! Versions: the app of 2024 and later
//! Detected by: the cookie `_pandectes_gdpr`
//! Explicit choice: the cookie has a status
//! Implied: none
//! Expired: cannot be told; the cookie ends by itself
//! Categories: `C0002` (performance); also `C0003` (functionality), `C0004` (targeting)
//! Limits: the bits in the cookie are of what is blocked; before an answer nothing tells that it is there
//! Confidence: medium (the vendor's open source read)

use super::{Adapter, Rank, Reader};

/// Pandectes.
pub static ADAPTER: Adapter = Adapter {
    id: "pandectes",
    rank: Rank::Vendor,
    category: "C0002",
    page: r#"
[["c","_pandectes_gdpr","b"]],
[["w","PandectesEvent_OnConsent"]]"#,
    reader: Reader::Rules("
- a.status~allow|a.status~deny|a.status~mixed a.preferences > GD a.status 'C0002 ?a.preferences=0|a.preferences=1|a.preferences=4|a.preferences=5 ; GD a.status 'C0003 ?a.preferences=0|a.preferences=2|a.preferences=4|a.preferences=6 ; GD a.status 'C0004 ?a.preferences=0|a.preferences=1|a.preferences=2|a.preferences=3
- a.preferences > all u
"),
};
