//! Every adapter there is, as build/compiler made it of the files in `src/cmp/adapters`.

use super::{Adapter, Looks, Rank};
use crate::core::pieces;
use crate::core::protocol::{ADAPTER_SEPARATOR, FIELD_SEPARATOR};

include!(concat!(env!("OUT_DIR"), "/adapters.rs"));

/// The adapter with this id.
pub fn find(id: &str) -> Option<&'static Adapter> {
    ALL.iter().find(|adapter| adapter.id == id).copied()
}

/// The adapters of these ids, separated by spaces; `auto` is all.
pub fn named(ids: &str) -> Vec<Adapter> {
    let mut named = parse(TEXT);
    named.retain(|adapter| pieces(ids, b' ').any(|id| id == "auto" || id == adapter.id));
    named
}

/// Reads adapters from a text: of each its id, a character for its rank and its looks, its category,
/// its page and its rules, with a byte 2 between them, and a byte 1 between adapters. The lowest two
/// bits of the character are the rank, the next two the looks.
///
/// A page brings the text of those that it needs: as data of its module, each page would carry all.
pub fn parse(text: &'static str) -> Vec<Adapter> {
    let mut adapters = Vec::new();
    for one in pieces(text, BETWEEN) {
        let mut fields = pieces(one, WITHIN);
        let mut next = || fields.next().unwrap_or_default();
        let (id, bits, category, page, rules) = (next(), next(), next(), next(), next());
        let bits = bits.bytes().next().unwrap_or_default();
        let rank = match bits & 3 {
            0 => Rank::Limit,
            1 => Rank::Bus,
            2 => Rank::Standard,
            _ => Rank::Vendor,
        };
        let looks = match bits >> 2 & 3 {
            0 => Looks::Never,
            1 => Looks::Cookies,
            _ => Looks::Always,
        };
        if !id.is_empty() {
            adapters.push(Adapter { id, rank, looks, category, page, rules });
        }
    }
    adapters
}

/// Control characters, which no adapter has in its texts.
const BETWEEN: u8 = ADAPTER_SEPARATOR;
const WITHIN: u8 = FIELD_SEPARATOR;

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
