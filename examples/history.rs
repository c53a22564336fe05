//! A job that runs at night has no request: what a person's kept answers allowed when an event happened.
//!
//! ```sh
//! cargo run --example history
//! ```

use mixpanel_consent_bridge::core::{Entry, Record, Terms, allowed_at};

fn main() {
    // As the consent record has them, newest first.
    let kept = "1.dddd.w.1764600000000.onetrust\n1.gggg.g.1764000000000.onetrust";
    let records = Record::parse_all(kept);
    let entries: Vec<Entry> = records
        .iter()
        .map(|record| Entry {
            at_ms: record.at_ms,
            said: Some((record.answers, record.event)),
            version: None,
            limits: false,
        })
        .collect();
    for (what, at_ms) in [
        ("before anything was asked", 1_763_900_000_000),
        ("after the yes", 1_764_100_000_000),
        ("after the withdrawal", 1_764_700_000_000),
    ] {
        let decision = allowed_at(&entries, at_ms, &Terms::default()).decision;
        println!("{what}: {} ({})", decision.mode.name(), decision.code.name());
    }
}
