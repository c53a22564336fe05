//! Product: Osano CMP (hosted)
//! Vendor: Osano
//! Documentation: <https://developers.osano.com/cmp/javascript-api/developer-documentation-consent-javascript-api>
//! Versions: osano.js (it has no versions)
//! Detected by: `Osano.cm.getConsent`
//! Explicit choice: a decision is stored: `osano-cm-consent-saved` was said (it is replayed to late listeners)
//! Implied: none is stored, and the category is accepted; refused where `OPT_OUT` is accepted (GPC too)
//! Expired: cannot be told; nothing is stored then
//! Categories: its fixed names; `ANALYTICS` for analytics
//! Limits: what it stores is encrypted, so a returning visitor is known only once the script is there
//! Confidence: medium (the vendor's tag template, third-party documentation; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Osano, hosted.
///
/// `osano-cm-consent-changed` is a toggle that moved, not an answer.
pub static ADAPTER: Adapter = Adapter {
    id: "osano",
    rank: Rank::Vendor,
    category: "ANALYTICS",
    page: r#"
[["g","Osano.cm.getConsent()"],
["h","osano"]],
[["c","Osano.cm.addEventListener",["osano-cm-consent-saved",{}],"osano",["ANALYTICS"],"Osano.cm.removeEventListener",["osano-cm-consent-saved",{}]],
["c","Osano.cm.addEventListener",["osano-cm-initialized",{}],"",[],"Osano.cm.removeEventListener",["osano-cm-initialized",{}]]]"#,
    reader: Reader::Rules(
        "
+ a !a:map > unreadable
+ a b:map > GD a @ .~ACCEPT~DENY
+ a b > unreadable
+ a.OPT_OUT~ACCEPT > gd a @ .~ACCEPT~DENY
+ a > gu a @ .~ACCEPT~DENY
+ a > unreadable
",
    ),
};
