//! Product: OneTrust Cookie Consent, CookiePro
//! Vendor: OneTrust
//! Documentation: <https://developer.onetrust.com/onetrust/docs/javascript-events-guide>
//! Versions: otBannerSdk 6 to 202404 and later
//! Detected by: the global `OneTrust` with `IsAlertBoxClosed`; the cookie `OptanonConsent` before it
//! Explicit choice: the banner was closed by an answer: `OneTrust.IsAlertBoxClosed()`, or stored, a date in `OptanonAlertBoxClosed`
//! Implied: not answered, and the consent model is not `opt-in`: what is active is active by default
//! Expired: `AwaitingReconsent=true`
//! Categories: group ids; `C0002` (Performance) unless the site renamed it
//! Limits: `interactionCount` is 1 on a second page with nothing answered and proves nothing (complete cookies of four public sites show it); some sites have no performance group; then `category` must say which group stands for analytics
//! Confidence: high (documentation and the real SDK's source read; not run here, it is proprietary)

use super::{Adapter, Rank, Reader};

/// OneTrust and CookiePro.
///
/// A page's own configuration object may sit at `OneTrust` before the SDK does.
/// Once answered, this is the truth: what another tab's visitor answered is here, and in
/// this page's memory only after the next load.
/// The vendor's `OnConsentChanged` drops callbacks whose source text it has seen; the DOM
/// events it is made of do not, and can be taken back.
pub static ADAPTER: Adapter = Adapter {
    id: "onetrust",
    rank: Rank::Vendor,
    category: "C0002",
    page: r#"
[["g","OneTrust.IsAlertBoxClosed()"],
["g","OneTrust.GetDomainData().ConsentModel.Name"],
["g","OnetrustActiveGroups"],
["c","OptanonConsent","r"],
["c","OptanonAlertBoxClosed","r"]],
[["w","OneTrustGroupsUpdated"],
["w","consent.onetrust"],
["w","OTConsentApplied"]]"#,
    reader: Reader::Rules(
        "
+ a d{&=AwaitingReconsent}~true > expired
+ a !a:bool > unreadable
+ a d !d{&=groups} > unreadable
+ a=true d > GD d{&=groups}[,:] @ .~1~0
+ a !c > not-ready
+ a !c^, > unreadable
+ a=true !d > GD c[,] . + ; all D
+ a=false !b|b~opt-in > all u
+ a=false d > gd d{&=groups}[,:] @ c[@] ; gd c[,] . +
+ a=false > gu c[,] . + ; all u
+ a > unreadable
- d{&=AwaitingReconsent}~true > expired
- e^20 > GD d{&=groups}[,:] @ .~1~0 ; all u
- d:text > all u
",
    ),
};
