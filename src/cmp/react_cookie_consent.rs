//! Product: react-cookie-consent
//! Vendor: Rick van Lieshout, open source (MIT)
//! Documentation: <https://github.com/Mastermindzh/react-cookie-consent>
//! Versions: 1 to 10 (run: 10.0.2)
//! Detected by: the cookie `CookieConsent` with `true` or `false` (Cookiebot writes another text under this name)
//! Explicit choice: the cookie, which is written with an answer
//! Implied: none
//! Expired: cannot be told; the cookie ends by itself
//! Categories: none: one answer for all
//! Limits: no global and no event, so before an answer nothing tells that it is there, and changes are seen through its cookie; a renamed cookie or other values are not read
//! Confidence: high (source read, run)

use super::{Adapter, Rank, Reader};

/// react-cookie-consent.
pub static ADAPTER: Adapter = Adapter {
    id: "react-cookie-consent",
    rank: Rank::Vendor,
    category: "all",
    page: r#"
[["c","CookieConsent","r"]],
[]"#,
    reader: Reader::Rules(
        "
- a~true > all G
- a~false > all D
",
    ),
};
