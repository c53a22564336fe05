//! Product: tarteaucitron.js
//! Vendor: Amauri Champeaux, open source (MIT)
//! Documentation: <https://tarteaucitron.io/en/install/>
//! Versions: 1.9 and later (run: 1.34.0)
//! Detected by: the global `tarteaucitron` with `state` and `cookie`; the cookie `tarteaucitron` before it
//! Explicit choice: the service's state, where the site asks for every service (`highPrivacy`, the default)
//! Implied: true where browsing on counts as a yes (`highPrivacy: false`), outside the EU (`user.bypass`), by a default state, or for a service that needs no consent; false by Do Not Track or a default state
//! Expired: cannot be told; the cookie ends by itself
//! Categories: service keys; `mixpanel` is one that the product has
//! Limits: the cookie does not say how it came to be, so what is stored counts as implied until the script is there; a renamed cookie is read only with the script
//! Confidence: high (source read, run)

use super::{Adapter, Rank, Reader};

/// tarteaucitron.js.
///
/// A service's events carry its name, so only `mixpanel`'s own are listened to beside the one
/// that comes with every write of the cookie; that one comes before the state is set at load,
/// hence `mixpanel_added`.
///
/// Not `analytics`: that is the key of Google's service, which is not Mixpanel.
pub static ADAPTER: Adapter = Adapter {
    id: "tarteaucitron",
    rank: Rank::Vendor,
    category: "mixpanel",
    page: r#"
[["g","tarteaucitron.state"],
["g","tarteaucitron.job"],
["g","tarteaucitron.cookie.read()"],
["g","tarteaucitron.parameters.highPrivacy"],
["g","tarteaucitron.parameters.serviceDefaultState"],
["g","tarteaucitron.parameters.handleBrowserDNTRequest"],
["g","tarteaucitron.user.bypass"],
["g","tarteaucitron.services.mixpanel.needConsent"],
["g","tarteaucitron.services.mixpanel.defaultState"],
["g","navigator.doNotTrack"],
["c","tarteaucitron","r"]],
[["d","tac.consent_updated"],
["d","mixpanel_added"],
["d","mixpanel_allowed"],
["d","mixpanel_disallowed"],
["w","tac.root_available"]]"#,
    reader: Reader::Rules("
+ a:map d=true !e|e~wait !i|i~wait !g|g=false !h|h=true !f|f=false|!j~1 > GD a @ . ; else gd c[!=] @ .~true~false ; else uu b . +
+ a:map d=true !e|e~wait|e=false !i|i~wait|i=false !g|g=false !h|h=true > Gd a @ . ; else gd c[!=] @ .~true~false ; else uu b . +
+ a:map d:bool > gD a @ . ; else gd c[!=] @ .~true~false ; else uu b . +
- c/k > gd c/k[!=] @ .~true~false ; uu c/k[!=] @ .~wait ; all u
+ a > not-ready
"),
};
