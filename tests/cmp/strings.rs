//! Every reader of a stored text, against any text: random ones, and real ones with mistakes.

use std::sync::LazyLock;

use mixpanel_consent_bridge::cmp::{ALL, Adapter, Reading, Snapshot, decode};
use proptest::prelude::*;

use crate::fixtures::{load, opens_more, probes};

/// The places of stored texts, with their forms.
fn stored(adapter: &Adapter) -> Vec<(usize, &'static str)> {
    let places = probes(adapter).iter().enumerate();
    places.filter(|(_, p)| p.is_stored()).map(|(at, p)| (at, p.more.as_str())).collect()
}

/// Every text that any fixture of the adapter has stored.
fn texts(adapter: &Adapter) -> Vec<String> {
    load(adapter.id)
        .into_iter()
        .flat_map(|fixture| fixture.snapshot)
        .filter(|(key, _)| key.starts_with("cookie:") || key.starts_with("local:"))
        .filter_map(|(_, text)| text.as_str().map(str::to_owned))
        .collect()
}

/// Reads a page that has this text in each place, one at a time.
fn read(adapter: &Adapter, text: &str, each: &mut dyn FnMut(Option<Reading>)) {
    for (place, form) in stored(adapter) {
        let mut snapshot = Snapshot::default();
        snapshot.put(place, decode(form, text));
        each(adapter.read(&snapshot));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        for adapter in ALL {
            // Returning at all is the property; what it says is the situations' business.
            read(adapter, &text, &mut |_| {});
        }
    }

    #[test]
    fn no_random_text_is_a_yes(text in "[ -~]{0,200}") {
        for adapter in ALL {
            // What Amasty writes is a list of numbers and nothing else: each of them is an answer.
            let is_number = |word: &str| word.trim().parse::<f64>().is_ok();
            if adapter.id == "amasty" && text.split(',').any(is_number) {
                continue;
            }
            let mut yes = false;
            read(adapter, &text, &mut |reading| yes |= opens_more(&None, &reading));
            prop_assert!(!yes, "{} {text}", adapter.id);
        }
    }

    #[test]
    fn a_real_text_with_mistakes_is_read_without_a_panic(
        seed in any::<prop::sample::Index>(),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<char>()), 1..6),
    ) {
        for (adapter, texts) in real() {
            let mut letters: Vec<char> = seed.get(texts).chars().collect();
            for (place, letter) in &places {
                if letters.is_empty() { break }
                let at = place.index(letters.len());
                letters[at] = *letter;
            }
            read(adapter, &letters.into_iter().collect::<String>(), &mut |_| {});
        }
    }
}

/// The adapters that store anything, with what their fixtures have stored, read once.
fn real() -> &'static [(&'static Adapter, Vec<String>)] {
    static REAL: LazyLock<Vec<(&Adapter, Vec<String>)>> = LazyLock::new(|| {
        let all = ALL.iter().map(|adapter| (*adapter, texts(adapter)));
        all.filter(|(_, texts)| !texts.is_empty()).collect()
    });
    &REAL
}

#[test]
fn a_very_long_text_is_read_in_time() {
    let started = std::time::Instant::now();
    for text in [
        "a=1&".repeat(1 << 18),
        "%".repeat(1 << 20),
        "!x=true".repeat(1 << 10),
        "{".repeat(1 << 18),
    ] {
        for adapter in ALL {
            read(adapter, &text, &mut |_| {});
        }
    }
    // Generous: it is a bound against quadratic readers, not a measurement.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
