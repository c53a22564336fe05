//! Product: Axeptio
//! Vendor: Axeptio
//! Documentation: <https://support.axeptio.eu/en/articles/274036-about-axeptio-s-javascript-sdk>
//! Versions: sdk.js and sdk-slim.js (no versions)
//! Detected by: the global `axeptioSDK` with `on`; the cookie `axeptio_cookies` before it
//! Explicit choice: `$$completed` is true in the choices
//! Implied: none
//! Expired: cannot be told; the cookie ends by itself
//! Categories: vendors, not categories; a vendor `mixpanel` by default
//! Limits: a renamed cookie is not read; where Mixpanel is not declared as a vendor, `category` must name one that stands for it
//! Confidence: medium (the real script's source read; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Axeptio.
pub static ADAPTER: Adapter = Adapter {
    id: "axeptio",
    rank: Rank::Vendor,
    category: "mixpanel",
    page: r#"
[["g","axeptioSDK.on"],
["c","axeptio_cookies","j"]],
[["c","axeptioSDK.on",["cookies:complete",{}]],
["c","axeptioSDK.on",["consent:saved",{}]]]"#,
    reader: Reader::Rules(
        "
+ a b.$$completed=true > GD b @ .
+ a > all u
- b.$$completed=true > GD b @ . ; all u
- b.$$completed > all u
",
    ),
};
