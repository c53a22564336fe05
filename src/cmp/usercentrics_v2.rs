//! Product: Usercentrics CMP v2
//! Vendor: Usercentrics
//! Documentation: <https://docs.usercentrics.com/#/cmp-v2-ui-api>
//! Versions: 2 (the loader at `app.usercentrics.eu/browser-ui`)
//! Detected by: the global `UC_UI` with a synchronous `getServicesBaseInfo`; the key `uc_settings` of local storage before it
//! Explicit choice: the newest entry of a service's history is of type `explicit`
//! Implied: no such entry, and the service is on; an essential service at any time
//! Expired: cannot be told; the product takes the history back itself
//! Categories: services by name and by id, and category slugs (all services of one must allow); a service `Mixpanel` by default, since no category stands for analytics by default
//! Limits: what is stored has ids and no names, so a returning visitor is known before the script only where `category` is a service id
//! Confidence: medium (the SDK's source read, other programs' adapters; not run, it is proprietary)

use super::{Adapter, Rank, Reader};

/// Usercentrics CMP v2.
///
/// Version 3 has a facade of this name whose functions answer with promises.
/// The name of the data event is the site's; this one is customary.
pub static ADAPTER: Adapter = Adapter {
    id: "usercentrics-v2",
    rank: Rank::Vendor,
    category: "Mixpanel|mixpanel|analytics|statistics",
    page: r#"
[["g","UC_UI.isInitialized()"],
["g","UC_UI.getServicesBaseInfo()"],
["l","uc_settings","j"],
["l","uc_user_interaction","r"]],
[["w","UC_UI_INITIALIZED"],
["w","UC_UI_CMP_EVENT"],
["w","ucEvent"]]"#,
    reader: Reader::Rules("
+ a=true b:list > GD b .name,.id,.categorySlug .consent.status ?.consent.history.-1.type~explicit ?!.isEssential=true ; gu b .name,.id,.categorySlug .consent.status ?!.consent.history.-1.type~explicit|.isEssential=true
+ a=true !b:map > unreadable
- !a|a=false d~true > GD c.services .id .status ; all u
- !a|a=false c > gu c.services .id .status ; all u
+ a=false > not-ready
+ a !a:bool !a:map > unreadable
"),
};
