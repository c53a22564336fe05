//! Product: Didomi
//! Vendor: Didomi
//! Documentation: <https://developers.didomi.io/cmp/web-sdk/reference/api>
//! Versions: Web SDK 2
//! Detected by: the global `Didomi` with `getCurrentUserStatus`; the cookie or key `didomi_token` before it
//! Explicit choice: a status need not be collected and consent is required here; stored, the purposes that the token lists
//! Implied: consent is not required here (`isConsentRequired()` is false)
//! Expired: the token lists purposes and a status is to be collected again
//! Categories: purpose ids; `measure_content_performance`, or `audience_measurement`, or `analytics`, whichever the site has; vendors by their ids besides (`c:mixpanel-…`, as the site's notice has it)
//! Limits: a vendor may be off while the purpose is on, which counts where `category` names both; the newer binary `didomi_dcs` is not read; where consent is not required, a visitor's own no is not told from a signal's
//! Confidence: high (documentation; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Didomi.
pub static ADAPTER: Adapter = Adapter {
    id: "didomi",
    rank: Rank::Vendor,
    category: "measure_content_performance|audience_measurement|analytics",
    page: r#"
[["g","Didomi.shouldUserStatusBeCollected()"],
["g","Didomi.isConsentRequired()"],
["g","Didomi.getCurrentUserStatus().purposes"],
["c","didomi_token","b"],
["l","didomi_token","b"],
["g","Didomi.getCurrentUserStatus().vendors"]],
[["c","didomiOnReady.push",[{}]],
["c","Didomi.on",["consent.changed",{}],"",[],"Didomi.off",["consent.changed",{}]]]"#,
    reader: Reader::Rules(
        "
+ a=true d/e.purposes.enabled.*|d/e.purposes.disabled.* > expired
+ a=true > all u
+ a=false b=true > GD c @ .enabled ; GD f @ .enabled
+ a=false b=false > gd c @ .enabled ; gd f @ .enabled
+ a !a:bool > not-ready
+ a|b > unreadable
- d/e > GD d/e.purposes.enabled . + ; GD d/e.purposes.disabled . - ; GD d/e.vendors.enabled . + ; GD d/e.vendors.disabled . - ; all u
",
    ),
};
