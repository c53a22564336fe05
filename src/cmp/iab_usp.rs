//! Product: IAB US Privacy (deprecated for GPP)
//! Vendor: IAB Tech Lab; installed by many consent managers
//! Documentation: <https://github.com/InteractiveAdvertisingBureau/USPrivacy/blob/master/CCPA/USP%20API.md>
//! Versions: version 1
//! Detected by: the global `__uspapi`, in a frame also that of a page above (`__uspapiLocator`); the cookie `usprivacy` before it
//! Explicit choice: none: it has no purpose for analytics, so it opens nothing
//! Implied: refused, where the visitor (or a signal) opted out of sale
//! Expired: cannot be told
//! Categories: none: it limits everything or nothing
//! Limits: whether an opt-out of sale covers Mixpanel is for the site's counsel; it is taken so; it tells no changes, so they are seen through its cookie; that of a page above is asked every two seconds
//! Confidence: high (specification)

use super::{Adapter, Rank, Reader};

/// The IAB's US Privacy string: a limit.
pub static ADAPTER: Adapter = Adapter {
    id: "iab-usp",
    rank: Rank::Limit,
    category: "all",
    page: r#"
[["h","usp"],
["c","usprivacy","r"]],
[["c","__uspapi",["getUSPData",1,{}],"usp",["uspString"]]]"#,
    reader: Reader::Rules(
        "
+ a.uspString^1YY|a.uspString^1NY|a.uspString^1-Y > all d
+ a b^1YY|b^1NY|b^1-Y > all d
+ a > all u
- b^1YY|b^1NY|b^1-Y > all d
- b^1 > all u
",
    ),
};
