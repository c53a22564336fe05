//! Every adapter there is. A new consent manager is a file beside this one and a line here.

use super::Adapter;
use super::{
    c15t, cookiebot, cookieconsent, google_consent_mode, iab_tcf, klaro, onetrust, orejime,
    tarteaucitron, vanilla_cookieconsent,
};

/// Every adapter, in the order in which they are asked.
pub static ALL: &[&Adapter] = &[
    &onetrust::ADAPTER,
    &cookiebot::ADAPTER,
    &vanilla_cookieconsent::ADAPTER,
    &klaro::ADAPTER,
    &cookieconsent::ADAPTER,
    &tarteaucitron::ADAPTER,
    &orejime::ADAPTER,
    &c15t::ADAPTER,
    &iab_tcf::ADAPTER,
    &google_consent_mode::ADAPTER,
];

/// The adapter with this id.
pub fn find(id: &str) -> Option<&'static Adapter> {
    ALL.iter().find(|adapter| adapter.id == id).copied()
}
