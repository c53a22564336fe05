//! Product: c15t
//! Vendor: c15t (Inth), open source (Apache-2.0)
//! Documentation: <https://c15t.com/docs/frameworks/javascript/api/checking-consent>
//! Versions: 2 (run: 2.2.1)
//! Detected by: the global `c15tStore` with `getState`; the key or cookie `c15t` before it
//! Explicit choice: `hasConsented()`: there is a record of an answer
//! Implied: none, and the model is `opt-out` or none: what is granted by default, or closed by GPC
//! Expired: the library removes an answer to an older policy itself, and is not answered then
//! Categories: its five fixed names; `measurement` for analytics
//! Limits: a store under another global name (`namespace`) is read only from what is stored
//! Confidence: high (documentation and source read, run)

use super::{Adapter, Rank, Reader};

/// c15t.
pub static ADAPTER: Adapter = Adapter {
    id: "c15t",
    rank: Rank::Vendor,
    category: "measurement",
    page: r#"
[["g","c15tStore.getState().consents"],
["g","c15tStore.getState().hasConsented()"],
["g","c15tStore.getState().isLoadingConsentInfo"],
["g","c15tStore.getState().model"],
["l","c15t","j"],
["c","c15t","t"]],
[["c","c15tStore.subscribe",[{}],"",[],true]]"#,
    reader: Reader::Rules(
        "
+ b=true > GD a @ .
+ b=false !c=false > not-ready
+ b=false d=null|d~opt-out > gd a @ .
+ b=false > all u
+ b > unreadable
- e.consentInfo.time > GD e.consents @ . ; all u
- f{,:i.t}> > GD f[,:] @c. .~1~0 ; all D
",
    ),
};
