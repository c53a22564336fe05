//! Every reader of a stored text, against any text: random ones, and real ones with mistakes.

use mixpanel_consent_bridge::cmp::{ALL, Adapter, Probe, Snapshot, decode};
use proptest::prelude::*;

use crate::fixtures::load;

fn stored(adapter: &Adapter) -> impl Iterator<Item = (Probe, String)> {
    let texts: Vec<String> = load(adapter.id)
        .into_iter()
        .flat_map(|fixture| fixture.snapshot)
        .filter(|(key, _)| key.starts_with("cookie:") || key.starts_with("local:"))
        .filter_map(|(_, text)| text.as_str().map(str::to_owned))
        .collect();
    let probes = adapter.probes.iter().filter(|probe| {
        matches!(probe, Probe::Cookie(..) | Probe::CookiePrefix(..) | Probe::Local(..))
    });
    probes.flat_map(move |probe| texts.clone().into_iter().map(|text| (*probe, text)))
}

fn read(adapter: &Adapter, probe: Probe, text: &str) {
    let (Probe::Cookie(_, form) | Probe::CookiePrefix(_, form) | Probe::Local(_, form)) = probe
    else {
        return;
    };
    let mut snapshot = Snapshot::default();
    snapshot.put(probe, decode(form, text));
    // Returning at all is the property; what it says is the situations' business.
    let _ = adapter.read(&snapshot);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        for adapter in ALL {
            for probe in adapter.probes {
                read(adapter, *probe, &text);
            }
        }
    }

    #[test]
    fn no_random_text_is_a_yes(text in "[ -~]{0,200}") {
        for adapter in ALL {
            for probe in adapter.probes {
                let (Probe::Cookie(_, form) | Probe::CookiePrefix(_, form) | Probe::Local(_, form))
                    = probe else { continue };
                let mut snapshot = Snapshot::default();
                snapshot.put(*probe, decode(*form, &text));
                let reading = adapter.read(&snapshot);
                prop_assert!(!crate::fixtures::opens_more(&None, &reading), "{} {text}", adapter.id);
            }
        }
    }

    #[test]
    fn a_real_text_with_mistakes_is_read_without_a_panic(
        seed in any::<prop::sample::Index>(),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<char>()), 1..6),
    ) {
        for adapter in ALL {
            let texts: Vec<(Probe, String)> = stored(adapter).collect();
            if texts.is_empty() { continue }
            let (probe, text) = seed.get(&texts);
            let mut letters: Vec<char> = text.chars().collect();
            for (place, letter) in &places {
                if letters.is_empty() { break }
                let at = place.index(letters.len());
                letters[at] = *letter;
            }
            read(adapter, *probe, &letters.into_iter().collect::<String>());
        }
    }
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
            for probe in adapter.probes {
                read(adapter, *probe, &text);
            }
        }
    }
    // Generous: it is a bound against quadratic readers, not a measurement.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
