//! Product: IAB Global Privacy Platform
//! Vendor: IAB Tech Lab; installed by many consent managers
//! Documentation: <https://github.com/InteractiveAdvertisingBureau/Global-Privacy-Platform/blob/main/Core/CMP%20API%20Specification.md>
//! Versions: 1.1 (run: @iabgpp/cmpapi 3.2.0)
//! Detected by: the global `__gpp`, in a frame also that of a page above (`__gppLocator`)
//! Explicit choice: none: it has no purpose for analytics, so it opens nothing
//! Implied: refused, where the visitor (or a signal) opted out of sale, sharing or targeted advertising
//! Expired: cannot be told
//! Categories: none: it limits everything or nothing
//! Limits: whether an opt-out of sale covers Mixpanel is for the site's counsel; it is taken so; sections of other places (TCF) are not read here
//! Confidence: high (specification, source read, run)

use super::{Adapter, Rank, Reader};

/// The IAB's GPP: a limit.
pub static ADAPTER: Adapter = Adapter {
    id: "iab-gpp",
    rank: Rank::Limit,
    category: "all",
    page: r#"
[["h","gpp"]],
[["c","__gpp",["addEventListener",{}],"gpp",["pingData.signalStatus","pingData.parsedSections","listenerId"],"__gpp",["removeEventListener",{},{"h":"listenerId"}]]]"#,
    reader: Reader::Rules("
+ a.pingData.signalStatus~ready a.pingData.parsedSections.*.SaleOptOut=1|a.pingData.parsedSections.*.*.SaleOptOut=1|a.pingData.parsedSections.*.SharingOptOut=1|a.pingData.parsedSections.*.*.SharingOptOut=1|a.pingData.parsedSections.*.TargetedAdvertisingOptOut=1|a.pingData.parsedSections.*.*.TargetedAdvertisingOptOut=1 > all d
+ a > all u
"),
};
