//! Product: Ketch
//! Vendor: Ketch
//! Documentation: <https://developers.ketch.com/docs/ketch-smart-tag-plugins>
//! Versions: Smart Tag v3
//! Detected by: the global `ketch`; the cookie or key `_ketch_consent_v1_` before it
//! Explicit choice: `context.source` of the cookie `_swb_consent_` begins with `banner.`, `modal.` or `preference.`; the event `userConsentUpdated`; stored without a source, a purpose that needed an opt-in, and a refusal
//! Implied: the source is `legalBasisDefault`, `plugins.…` or `banner.autoDismiss…`, or nothing says whose act it was: defaults are recorded like answers
//! Expired: cannot be told; the record is gone then
//! Categories: the site's purpose codes, and the canonical purposes that the record has beside them; `analytics` by default
//! Limits: where the event hands out purposes without an object around them, only `analytics` is read; a yes in a record without its `_swb_consent_` counts as a default
//! Confidence: medium (the tag's open source read, October 2024; cookies of five public visitors; not run)

use super::{Adapter, Rank, Reader};

/// Ketch.
pub static ADAPTER: Adapter = Adapter {
    id: "ketch",
    rank: Rank::Vendor,
    category: "analytics",
    page: r#"
[["h","ketch"],
["c","_ketch_consent_v1_","b"],
["l","_ketch_consent_v1_","b"],
["g","ketch"],
["c","_swb_consent_","b"],
["h","ketch-act"]],
[["c","ketch",["on","consent",{}],"ketch",["purposes","analytics"],"ketch",["off","consent",{}]],
["c","ketch",["on","userConsentUpdated",{}],"ketch-act",["purposes"],"ketch",["off","userConsentUpdated",{}]]]"#,
    reader: Reader::Rules(
        "
+ a e.context.source^plugins.|e.context.source^banner.autoDismiss > gd a.purposes @ . ; gd a @ . ; else gd b/c .canonicalPurposes .status~granted~denied ; all u
+ a f|e.context.source^banner.|e.context.source^modal.|e.context.source^preference. > GD f.purposes @ . ; GD a.purposes @ . ; GD a @ . ; else GD b/c .canonicalPurposes .status~granted~denied
+ a > GD e.purposes @ .allowed~true~false ?.legalBasisCode~consent_optin ; else gD b/c @,.canonicalPurposes .status~granted~denied ; else gu a.purposes @ . ; else gu a @ . ; all u
- e.context.source^plugins.|e.context.source^banner.autoDismiss > gd b/c @,.canonicalPurposes .status~granted~denied ; all u
- e.context.source^banner.|e.context.source^modal.|e.context.source^preference. > GD b/c @,.canonicalPurposes .status~granted~denied
- b/c|e > GD e.purposes @ .allowed~true~false ?.legalBasisCode~consent_optin ; else gD b/c @,.canonicalPurposes .status~granted~denied ; all u
+ d > not-ready
",
    ),
};
