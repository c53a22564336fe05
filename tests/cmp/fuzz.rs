//! Noise: what happens to a stored text on its way, done to every text that any fixture has
//! stored, at random. Whatever it is, no reader panics or takes long, and what did not open
//! does not open by it. A short run of one seed is part of the suite; `npm run fuzz` goes on
//! with others for as long as it is told.
//!
//!     FUZZ_SECONDS=600 FUZZ_SEED=7 cargo test --release --test cmp noise -- --nocapture

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use mixpanel_consent_bridge::cmp::{ALL, Adapter, Reading, signal};
use mixpanel_consent_bridge::core::{Answer, Feature};
use serde_json::Value as Json;

use crate::fixtures::{load, snapshot};

/// Marsaglia's xorshift: the same seed, the same run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below.max(1) as u64).unwrap()
    }

    /// A place in a text where it can be cut.
    fn cut(&mut self, text: &str) -> usize {
        let mut at = self.roll(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// One thing that happens to texts. None of them makes a word or a digit of its own, which
/// could be the very one that means yes.
fn noise(text: &str, dice: &mut Dice) -> (&'static str, String) {
    let at = dice.cut(text);
    let (head, tail) = text.split_at(at);
    match dice.roll(10) {
        0 => ("cut in half", head.to_owned()),
        1 => ("encoded once more", encode(text)),
        2 => ("encoded twice more", encode(&encode(text))),
        3 => {
            ("decoded", percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned())
        }
        4 => ("twice", [text, text].concat()),
        5 => ("megabytes", text.repeat(1 + (1 << 20) / text.len().max(1))),
        6 => {
            let sign = ["\"", "{", "}", "[", "]", "%", "\\", "\u{0}", "\u{FEFF}", "\u{202E}", "😀"];
            ("a stray sign", [head, sign[dice.roll(sign.len())], tail].concat())
        }
        7 => ("in quotes", format!("\"{}\"", text.replace('"', "\\\""))),
        8 => {
            let key = ["__proto__", "constructor", "prototype", "hasOwnProperty"][dice.roll(4)];
            let plain = percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
            let poisoned = plain.replacen('{', &format!("{{\"{key}\":{{\"analytics\":[]}},"), 1);
            ("keys that pollute", encode(&poisoned))
        }
        _ => ("nested deep", ["[".repeat(dice.roll(5000)), text.to_owned()].concat()),
    }
}

/// Whether analytics, or a category that was known and shut, is open after and was not before.
/// A name that noise has made is nobody's category.
fn opens(adapter: &Adapter, before: &Option<Reading>, after: &Option<Reading>) -> bool {
    let Some(after) = after else { return false };
    let analytics = |reading: &Reading| {
        signal(adapter, 0, reading, "").answers.get(Feature::Tracking) == Answer::Granted
    };
    let known = before.iter().flat_map(|before| &before.named);
    let mut shut = known.filter(|(_, answer)| *answer != Answer::Granted);
    analytics(after) && !before.as_ref().is_some_and(analytics)
        || shut.any(|(name, _)| {
            before.as_ref().and_then(|before| before.answer(name)) != Some(Answer::Granted)
                && after.answer(name) == Some(Answer::Granted)
        })
}

/// What noise may do: adapter, what happened, and why that cannot be told from an answer.
const MAY: [(&str, &str, &str); 8] = [
    ("iab-tcf", "twice", TC),
    ("inmobi", "twice", TC),
    (
        "vanilla-cookieconsent",
        "a stray sign",
        "without the key `services` the category is all there is",
    ),
    (
        "consentmo",
        "",
        "its cookie lists what is switched off, and a shorter list is another answer",
    ),
    ("amasty", "", "its cookie is a list of numbers, and any other number is another answer"),
    ("nuxt-cookie-control", "", "its cookie is a list of a site's own ids, of any words"),
    (
        "onetrust",
        "decoded",
        "the address of a page lies inside it, encoded: decoded, that is fields",
    ),
    (
        "cookiescript",
        "a stray sign",
        "a yes without the key `categories` is one of banners that have none",
    ),
];

const TC: &str = "the half of a TC string, twice, is a whole one that nobody wrote";

#[test]
fn noise_opens_nothing() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let most = Duration::from_secs(number("FUZZ_SECONDS").unwrap_or(0));
    let seed = number("FUZZ_SEED").unwrap_or(20_261_123);
    let mut dice = Dice(seed | 1);
    let started = Instant::now();

    // Every page, and what of it is stored.
    let mut pages: Vec<(usize, BTreeMap<String, Json>, Vec<String>)> = Vec::new();
    for (at, adapter) in ALL.iter().enumerate() {
        for fixture in load(adapter.id) {
            let stored = |key: &&String| key.starts_with("cookie:") || key.starts_with("local:");
            let keys: Vec<String> = fixture.snapshot.keys().filter(stored).cloned().collect();
            // The field that takes an answer back may be the one that is lost.
            if !keys.is_empty() && !fixture.situation.ends_with("expired") {
                pages.push((at, fixture.snapshot, keys));
            }
        }
    }
    let mut runs = 0u64;
    while runs < 1_000 || started.elapsed() < most {
        let (at, page, keys) = &pages[dice.roll(pages.len())];
        let adapter = ALL[*at];
        let before = adapter.read(&snapshot(adapter, page));
        let mut noisy = page.clone();
        let mut what = Vec::new();
        for _ in 0..=dice.roll(2) {
            let key = &keys[dice.roll(keys.len())];
            let text = noisy[key].as_str().unwrap().to_owned();
            let (name, text) = noise(&text, &mut dice);
            what.push(format!("{key}: {name}"));
            noisy.insert(key.clone(), Json::String(text));
        }
        let began = Instant::now();
        let after = adapter.read(&snapshot(adapter, &noisy));
        let shown = || {
            let texts: Vec<String> =
                keys.iter().map(|key| noisy[key].to_string().chars().take(300).collect()).collect();
            format!("{} (FUZZ_SEED={seed}, run {runs}): {what:?} {texts:?}", adapter.id)
        };
        let may = MAY.iter().any(|(id, happened, why)| {
            *id == adapter.id && !why.is_empty() && what.iter().any(|one| one.ends_with(happened))
        });
        assert!(may || !opens(adapter, &before, &after), "{}\n{before:?}\n{after:?}", shown());
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "{} took {:?}",
            shown(),
            began.elapsed()
        );
        runs += 1;
    }
    println!("{runs} runs of seed {seed} in {:?}", started.elapsed());
}
