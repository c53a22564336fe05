//! Every adapter there is. A new consent manager is a file beside this one and a line here.

use super::Adapter;
use super::{
    c15t, consentmanager, cookiebot, cookieconsent, cookieyes, didomi, google_consent_mode,
    iab_tcf, inmobi, iubenda, klaro, onetrust, orejime, osano, sourcepoint, tarteaucitron, termly,
    trustarc, usercentrics, usercentrics_v2, vanilla_cookieconsent, webtoffee,
};

/// Every adapter, in the order in which they are asked.
pub static ALL: &[&Adapter] = &[
    &onetrust::ADAPTER,
    &cookiebot::ADAPTER,
    &usercentrics::ADAPTER,
    &usercentrics_v2::ADAPTER,
    &didomi::ADAPTER,
    &sourcepoint::ADAPTER,
    &inmobi::ADAPTER,
    &trustarc::ADAPTER,
    &osano::ADAPTER,
    &cookieyes::ADAPTER,
    &webtoffee::ADAPTER,
    &termly::ADAPTER,
    &iubenda::ADAPTER,
    &consentmanager::ADAPTER,
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
