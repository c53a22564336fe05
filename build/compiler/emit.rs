//! What is written of compiled adapters.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::adapter::{Adapter, LOOKS, RANKS};

/// Between the fields of an adapter in the text of all, and between adapters: the field separator and
/// the separator of adapters in src/core/protocol.rs.
const WITHIN: char = '\u{2}';
const BETWEEN: char = '\u{1}';

/// The text of one adapter by itself, as `cmp::parse` reads it. Whoever carries adapters in parts
/// joins such texts with a byte 1.
pub fn text(adapter: &Adapter) -> String {
    let place = |words: &[&str], word: &str| {
        words.iter().position(|known| *known == word).unwrap_or_default() as u8
    };
    let bits = b'0' + place(&RANKS, adapter.rank) + (place(&LOOKS, adapter.looks) << 2);
    let rank = char::from(bits).to_string();
    [adapter.id.as_str(), &rank, &adapter.category, &adapter.page, &adapter.rules]
        .join(&WITHIN.to_string())
}

/// A text as Rust has it, in the source.
fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// `ALL` and `TEXT`, which `src/cmp/registry.rs` includes.
pub fn rust(adapters: &[Adapter]) -> String {
    let mut out = String::from(
        "/// Every adapter, in the order in which they are asked.\npub static ALL: &[&Adapter] = &[\n",
    );
    for adapter in adapters {
        let named = |word: &str| {
            let mut name = word.to_owned();
            if let Some(first) = name.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            name
        };
        let (rank, looks) = (named(adapter.rank), named(adapter.looks));
        let _ = writeln!(
            out,
            "    &Adapter {{ id: {}, rank: Rank::{rank}, looks: Looks::{looks}, category: {}, page: {}, rules: {} }},",
            literal(&adapter.id),
            literal(&adapter.category),
            literal(&adapter.page),
            literal(&adapter.rules),
        );
    }
    let texts: Vec<String> = adapters.iter().map(text).collect();
    let _ = writeln!(
        out,
        "];\n\n/// All as one text.\nstatic TEXT: &str = {};",
        literal(&texts.join(&BETWEEN.to_string())),
    );
    out
}

/// Everything that is known of the adapters, for the tools that are written in JavaScript.
pub fn json(adapters: &[Adapter]) -> String {
    let all: Vec<Json> = adapters
        .iter()
        .map(|adapter| {
            let page: Json = serde_json::from_str(&format!("[{}]", adapter.page)).unwrap_or_default();
            let evidence = adapter.evidence.iter().map(|(fact, ways)| {
                let ways: Vec<Json> = ways.iter().map(|way| json!({ "how": way.kind, "what": way.what })).collect();
                (fact.clone(), Json::from(ways))
            });
            json!({
                "file": adapter.file,
                "id": adapter.id,
                "order": adapter.order,
                "rank": adapter.rank,
                "looks": adapter.looks,
                "category": adapter.category,
                "facts": adapter.facts,
                "evidence": Json::Object(evidence.collect()),
                "places": adapter.places.iter().map(|(name, letter)| json!({ "name": name, "letter": letter })).collect::<Vec<_>>(),
                "probes": page.get(0),
                "listens": page.get(1),
                "rules": adapter.rules,
                "words": adapter.words,
                "lines": adapter.lines,
                "text": text(adapter),
            })
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&all).unwrap_or_default();
    text.push('\n');
    text
}
