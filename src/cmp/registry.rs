//! Every adapter there is. A new consent manager is a file beside this one and a line here.

use super::Adapter;
use super::{
    axeptio, borlabs, c15t, civic, commanders_act, complianz, consentmanager, cookiebot,
    cookieconsent, cookiefirst, cookiehub, cookiescript, cookieyes, didomi, enzuzo,
    google_consent_mode, google_funding_choices, hubspot, iab_gpp, iab_tcf, iab_usp, inmobi,
    iubenda, ketch, klaro, onetrust, orejime, osano, pandectes, react_cookie_consent,
    real_cookie_banner, secure_privacy, securiti, shopify, silktide, sourcepoint, tarteaucitron,
    termly, transcend, trustarc, usercentrics, usercentrics_v2, vanilla_cookieconsent,
    vanilla_cookieconsent_v2, webtoffee, wp_consent_api,
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
    &axeptio::ADAPTER,
    &cookiefirst::ADAPTER,
    &cookiescript::ADAPTER,
    &cookiehub::ADAPTER,
    &civic::ADAPTER,
    &commanders_act::ADAPTER,
    &ketch::ADAPTER,
    &transcend::ADAPTER,
    &securiti::ADAPTER,
    &hubspot::ADAPTER,
    &enzuzo::ADAPTER,
    &secure_privacy::ADAPTER,
    &google_funding_choices::ADAPTER,
    &complianz::ADAPTER,
    &borlabs::ADAPTER,
    &real_cookie_banner::ADAPTER,
    &shopify::ADAPTER,
    &pandectes::ADAPTER,
    &klaro::ADAPTER,
    &vanilla_cookieconsent::ADAPTER,
    &vanilla_cookieconsent_v2::ADAPTER,
    &cookieconsent::ADAPTER,
    &tarteaucitron::ADAPTER,
    &orejime::ADAPTER,
    &c15t::ADAPTER,
    &silktide::ADAPTER,
    &react_cookie_consent::ADAPTER,
    &iab_tcf::ADAPTER,
    &wp_consent_api::ADAPTER,
    &google_consent_mode::ADAPTER,
    &iab_gpp::ADAPTER,
    &iab_usp::ADAPTER,
];

/// The adapter with this id.
pub fn find(id: &str) -> Option<&'static Adapter> {
    ALL.iter().find(|adapter| adapter.id == id).copied()
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn the_gate_and_the_types_name_every_adapter_and_no_other() {
        let gate = include_str!("../entry/ids.ts");
        let ids: Vec<&str> = ALL.iter().map(|adapter| adapter.id).collect();
        assert!(gate.contains(&format!("'{}'", ids.join(" "))), "src/entry/ids.ts: {ids:?}");
        let types = include_str!("../entry/index.d.ts");
        let (_, list) = types.split_once("export type CmpId =").unwrap();
        let (list, _) = list.split_once(';').unwrap();
        let named: Vec<&str> = list.split('\'').skip(1).step_by(2).collect();
        assert_eq!(named, [&["auto", "manual"], ids.as_slice()].concat());
    }
}
