//! Product: Secure Privacy
//! Vendor: Secure Privacy
//! Documentation: <https://docs.secureprivacy.ai/>
//! Versions: the script at `secureprivacy.ai/script` (no versions)
//! Detected by: `sp.allGivenConsents` and `sp.checkConsent` (other products have a global `sp` too)
//! Explicit choice: a consent was given to something (`allGivenConsents` is not empty)
//! Implied: none
//! Expired: cannot be told; the list is empty then
//! Categories: services; `Mixpanel` alone is asked for
//! Limits: other services cannot be named; it stores `sp_consent` and `sp_expiry` in local storage, in a form that is not documented, which is not read
//! Confidence: low (other programs' adapters; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Secure Privacy.
pub static ADAPTER: Adapter = Adapter {
    id: "secure-privacy",
    rank: Rank::Vendor,
    category: "Mixpanel",
    page: r#"
[["g","sp.allGivenConsents"],
["g","sp.checkConsent(Mixpanel)"]],
[["w","sp_cookie_banner_save"]]"#,
    reader: Reader::Rules(
        "
+ a.* b > GD b 'Mixpanel .
+ a:list b > all u
",
    ),
};
