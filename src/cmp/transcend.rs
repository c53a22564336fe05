//! Product: Transcend Consent Management (airgap.js)
//! Vendor: Transcend
//! Documentation: <https://docs.transcend.io/docs/articles/consent-management/reference/api>
//! Versions: airgap.js (types 12.17)
//! Detected by: `airgap.getConsent()`; the key `tcmConsent` of local storage before it
//! Explicit choice: `confirmed`
//! Implied: not confirmed, and the purpose is `true` under the regime
//! Expired: cannot be told; the consent is not confirmed then
//! Categories: purposes; `Analytics` by default, custom ones possible
//! Limits: `'Auto'` is no answer, though it is truthy; nothing in cookies, so nothing for a server
//! Confidence: medium (official types; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Transcend.
pub static ADAPTER: Adapter = Adapter {
    id: "transcend",
    rank: Rank::Vendor,
    category: "Analytics",
    page: r#"
[["g","airgap.getConsent()"],
["l","tcmConsent","j"]],
[["c","airgap.addEventListener",["consent-change",{}],"",[],"airgap.removeEventListener",["consent-change",{}]],
["c","airgap.addEventListener",["sync",{}],"",[],"airgap.removeEventListener",["sync",{}]]]"#,
    reader: Reader::Rules(
        "
+ a.confirmed=true > GD a.purposes @ . ; all u
+ a.confirmed=false > gu a.purposes @ . ; all u
+ a.confirmed:bool > all u
+ a > unreadable
- b.confirmed=true > GD b.purposes @ . ; all u
",
    ),
};
