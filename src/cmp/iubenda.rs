//! Product: iubenda Cookie Solution
//! Vendor: iubenda (team.blue)
//! Documentation: <https://www.iubenda.com/en/help/1205-cookie-solution-configuration>
//! Versions: iubenda_cs.js 2 and later
//! Detected by: `_iub.cs`; a cookie `_iub_cs-…` before it
//! Explicit choice: a preference with its time
//! Implied: none: where no law applies the product stores nothing and the answer stays open
//! Expired: cannot be told; the cookie ends by itself
//! Categories: purposes by number: 4 (measurement); without purposes, one answer for everything
//! Limits: it tells only the site's own callbacks, so changes are seen through its cookie; US laws are read through GPP and USP, as a limit; encrypted or local-only storage is not read
//! Confidence: medium (documentation, other programs' adapters; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// iubenda.
///
/// The site's own configuration is at `_iub` before the script; this is the script's.
pub static ADAPTER: Adapter = Adapter {
    id: "iubenda",
    rank: Rank::Vendor,
    category: "4",
    page: r#"
[["g","_iub.cs.api.isConsentGiven"],
["g","_iub.cs.consent"],
["g","_iub.csConfiguration.siteId"],
["p","_iub_cs-","j"]],
[]"#,
    reader: Reader::Rules(
        "
+ a b/d.timestamp:text > GD b/d.purposes @ . ; all D
+ a b/d.timestamp:text b/d.consent=true > all G
+ a b/d.timestamp:text b/d.consent=false > all D
+ a > all u
- d.timestamp:text > GD d.purposes @ . ; all D
- d.timestamp:text d.consent=true > all G
- d.timestamp:text d.consent=false > all D
+ c > not-ready
",
    ),
};
