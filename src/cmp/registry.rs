//! Every adapter there is. A new consent manager is a file beside this one and a line here.
#![expect(clippy::indexing_slicing, reason = "by the compiler alone, where it stops the build")]

use super::{Adapter, Rank, Reader};
use crate::core::pieces;

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

/// The adapters of these ids, separated by spaces; `auto` is all.
///
/// They are read from one text, which the compiler writes: as structures, their pointers would
/// weigh more in a page than the names that they point to.
pub fn named(ids: &str) -> Vec<Adapter> {
    let mut named = parse(TEXT);
    named.retain_mut(|adapter| {
        if matches!(adapter.reader, Reader::Rules("")) {
            adapter.reader = CODE;
        }
        pieces(ids, b' ').any(|id| id == "auto" || id == adapter.id)
    });
    named
}

/// Reads adapters from a text: of each its id, the digit of its rank, its category, its page and
/// its rules, with a byte 2 between them, and a byte 1 between adapters.
pub fn parse(text: &'static str) -> Vec<Adapter> {
    let mut adapters = Vec::new();
    for one in pieces(text, BETWEEN) {
        let mut fields = pieces(one, WITHIN);
        let mut next = || fields.next().unwrap_or_default();
        let (id, rank, category, page, rules) = (next(), next(), next(), next(), next());
        let rank = match rank {
            "0" => Rank::Limit,
            "1" => Rank::Bus,
            "2" => Rank::Standard,
            _ => Rank::Vendor,
        };
        let reader = Reader::Rules(rules);
        if !id.is_empty() {
            adapters.push(Adapter { id, rank, category, page, reader });
        }
    }
    adapters
}

/// Control characters, which no adapter has in its texts.
const BETWEEN: u8 = 1;
const WITHIN: u8 = 2;

static TEXT: &str = match str::from_utf8(&WRITTEN) {
    Ok(text) => text,
    Err(_) => "",
};
static WRITTEN: [u8; write::<0>().1] = write::<{ write::<0>().1 }>().0;

/// The reader that is code; there is but one, so that the text needs no number for it.
const CODE: Reader = {
    let mut code = Reader::Rules("");
    let mut at = 0;
    while at < ALL.len() {
        if let Reader::Code(read) = ALL[at].reader {
            assert!(matches!(code, Reader::Rules(_)), "give the text a number for each");
            code = Reader::Code(read);
        }
        at += 1;
    }
    code
};

/// All as one text, and its length; only the length where there is no room.
const fn write<const ROOM: usize>() -> ([u8; ROOM], usize) {
    let mut text = [0; ROOM];
    let mut length = 0;
    let mut at = 0;
    while at < ALL.len() {
        let adapter = ALL[at];
        let rank = match adapter.rank {
            Rank::Vendor => "3",
            Rank::Standard => "2",
            Rank::Bus => "1",
            Rank::Limit => "0",
        };
        let rules = match adapter.reader {
            Reader::Rules(rules) => rules,
            Reader::Code(_) => "",
        };
        let fields = [adapter.id, rank, adapter.category, adapter.page, rules];
        let mut field = 0;
        while field < fields.len() {
            if length > 0 {
                if length < ROOM {
                    text[length] = if field == 0 { BETWEEN } else { WITHIN };
                }
                length += 1;
            }
            let bytes = fields[field].as_bytes();
            let mut byte = 0;
            while byte < bytes.len() {
                if length < ROOM {
                    assert!(bytes[byte] > WITHIN, "a control character in an adapter");
                    text[length] = bytes[byte];
                }
                length += 1;
                byte += 1;
            }
            field += 1;
        }
        at += 1;
    }
    (text, length)
}

#[cfg(test)]
mod tests {
    use super::{ALL, named};

    #[test]
    fn the_text_of_all_adapters_holds_each_as_it_is_written() {
        let shown = |adapter: &super::Adapter| format!("{adapter:?}");
        let read: Vec<String> = named("auto").iter().map(shown).collect();
        assert_eq!(read, ALL.iter().copied().map(shown).collect::<Vec<_>>());
        let ids = |ids| named(ids).iter().map(|adapter| adapter.id).collect::<Vec<_>>();
        assert_eq!(ids("klaro cookiebot nothing"), ["cookiebot", "klaro"]);
        assert!(ids("manual").is_empty());
    }

    #[test]
    fn the_gate_and_the_types_name_every_adapter_and_no_other() {
        let gate = include_str!("../page/gate/ids.ts");
        let ids: Vec<&str> = ALL.iter().map(|adapter| adapter.id).collect();
        assert!(gate.contains(&format!("'{}'", ids.join(" "))), "src/page/gate/ids.ts: {ids:?}");
        let types = include_str!("../api/words.d.ts");
        let (_, list) = types.split_once("export type CmpId =").unwrap();
        let (list, _) = list.split_once(';').unwrap();
        let named: Vec<&str> = list.split('\'').skip(1).step_by(2).collect();
        assert_eq!(named, [&["auto", "manual"], ids.as_slice()].concat());
    }
}
