//! Every adapter against every situation, as one table: printed at each run, and held to what the
//! situation's name says. What the fixtures themselves expect is the business of `situations`;
//! here a file cannot call itself `accept-all` and mean something else.

use std::fmt::Write as _;
use std::io::Write as _;

use mixpanel_consent_bridge::cmp::{ALL, Adapter, Reading, signal};
use mixpanel_consent_bridge::core::{Answer, Feature};

use crate::fixtures::{SITUATIONS, load, none, note, snapshot};

/// The situations as people call them; under each, what may stand there.
const COLUMNS: [(&str, &str, &str); 13] = [
    ("not-answered", "not asked yet", "u."),
    ("accept-all", "accept all", "G"),
    ("reject-all", "reject all", "D"),
    ("statistics-only", "analytics only", "G"),
    ("all-but-statistics", "all but analytics", "D"),
    ("implied-open", "regional default open", "g"),
    ("implied-closed", "regional default closed", "d"),
    ("expired", "expired, asked again", "ux"),
    ("changed-mind", "changed mind", "GD"),
    ("stored-accept", "yes, before the script", "G"),
    ("stored-reject", "no, before the script", "D"),
    ("stored-default", "a default, stored", "ugd."),
    ("early", "there before its state", "u."),
];

/// Where the situation is that of another category than the default: adapter, situation (`*`
/// all), the category, and why.
const OF: [(&str, &str, &str, &str); 8] = [
    ("onetrust", "implied-closed", "C0003", "of a region that closes some groups by default"),
    ("cookieyes", "implied-closed", "functional", "of a law that closes some groups by default"),
    ("usercentrics-v2", "stored-accept", "mp1", STORED_IDS),
    ("usercentrics-v2", "stored-reject", "mp1", STORED_IDS),
    ("amasty", "*", "1", "categories are each site's numbers, there is no default that fits"),
    (
        "commanders-act",
        "*",
        "1",
        "categories are each site's numbers, there is no default that fits",
    ),
    (
        "klaro",
        "implied-open",
        "opened",
        "services that open before an answer stand beside one that does not",
    ),
    (
        "orejime",
        "implied-open",
        "on",
        "purposes that open before an answer stand beside one that does not",
    ),
];

const STORED_IDS: &str = "what is stored has ids and no names";

/// Where another letter is right: adapter, situation, the letter, and why.
const OTHERWISE: [(&str, &str, char, &str); 12] = [
    ("wix", "stored-accept", 'g', UNTOLD),
    ("tarteaucitron", "stored-accept", 'g', UNTOLD),
    ("tarteaucitron", "stored-reject", 'd', UNTOLD),
    ("google-consent-mode", "accept-all", 'g', NO_PROOF),
    ("google-consent-mode", "statistics-only", 'g', NO_PROOF),
    ("google-consent-mode", "reject-all", 'd', NO_PROOF),
    ("google-consent-mode", "all-but-statistics", 'd', NO_PROOF),
    ("iab-gpp", "reject-all", 'd', LIMIT),
    ("iab-gpp", "changed-mind", 'd', LIMIT),
    ("iab-usp", "reject-all", 'd', LIMIT),
    ("iab-usp", "changed-mind", 'd', LIMIT),
    ("iab-usp", "stored-reject", 'd', LIMIT),
];

const UNTOLD: &str = "its cookie does not say how it came to be";
const NO_PROOF: &str = "an update is no proof of an act of the visitor";
const LIMIT: &str = "an opt-out of sale is no answer to a question about analytics";

/// What a category is answered, as one letter.
fn letter(adapter: &Adapter, reading: Option<&Reading>, category: &str) -> char {
    let Some(reading) = reading else { return '.' };
    let answer = signal(adapter, 0, reading, category).answers.get(Feature::Tracking);
    match answer {
        Answer::Granted => 'G',
        Answer::ImpliedGranted => 'g',
        Answer::ImpliedDenied => 'd',
        Answer::Denied => 'D',
        Answer::Unset if note(reading) == Some("expired") => 'x',
        Answer::Unset if note(reading) == Some("unreadable") => '!',
        Answer::Unset => 'u',
    }
}

#[test]
fn every_adapter_against_every_situation() {
    assert_eq!(COLUMNS.map(|(situation, ..)| situation), SITUATIONS);
    let mut reasons: Vec<String> = Vec::new();
    let mut notes = std::collections::BTreeSet::new();
    let mut wrong = Vec::new();
    let wide = ALL.iter().map(|adapter| adapter.id.len()).max().unwrap() + 1;
    let mut table = String::new();
    for (at, (_, title, _)) in COLUMNS.iter().enumerate() {
        let bars: String = (0..at).map(|_| "│   ").collect();
        writeln!(table, "{:wide$}{bars}┌ {title}", "").unwrap();
    }
    let mut cells = 0;
    for adapter in ALL {
        let fixtures = load(adapter.id);
        let none = none(adapter.id);
        write!(table, "{:wide$}", adapter.id).unwrap();
        for (situation, _, usual) in COLUMNS {
            let at = format!("{}/{situation}", adapter.id);
            let fixture = fixtures.iter().find(|fixture| fixture.situation == situation);
            let cell = match (fixture, none.get(situation)) {
                (Some(fixture), None) => {
                    let reading = adapter.read(&snapshot(adapter, &fixture.snapshot));
                    let here =
                        |id: &str, at: &str| id == adapter.id && (at == situation || at == "*");
                    let of = OF.iter().find(|(id, at, ..)| here(id, at));
                    let otherwise = OTHERWISE.iter().find(|(id, at, ..)| here(id, at));
                    let category = of.map_or("", |(_, _, category, _)| category);
                    let letter = letter(adapter, reading.as_ref(), category);
                    let right = match otherwise {
                        Some((.., other, _)) => *other == letter,
                        None => usual.contains(letter),
                    };
                    if !right {
                        wrong.push(format!("{at}: `{letter}`, by {reading:?}"));
                    }
                    if let Some((id, at, category, why)) = of {
                        notes.insert(format!("{id}, {at}: of `{category}`: {why}"));
                    }
                    if let Some((id, .., letter, why)) = otherwise {
                        notes.insert(format!("{id}: `{letter}`: {why}"));
                    }
                    letter.to_string()
                }
                (None, Some(reason)) => {
                    let known = reasons.iter().position(|known| known == reason);
                    let number = known.unwrap_or_else(|| {
                        reasons.push(reason.clone());
                        reasons.len() - 1
                    });
                    (number + 1).to_string()
                }
                (None, None) => {
                    wrong.push(format!("{at}: no fixture, and no reason in none.json"));
                    "?".to_owned()
                }
                (Some(_), Some(_)) => {
                    wrong.push(format!("{at}: a fixture, and a reason why there is none"));
                    "?".to_owned()
                }
            };
            cells += 1;
            write!(table, "{cell:4}").unwrap();
        }
        table.push('\n');
    }
    table.push_str(
        "\nG granted, D denied by the visitor; g, d by a default; u not answered, x expired; . not seen\n\
         yet. A number: the product cannot have the situation, for this reason, by the source in the header of its file:\n",
    );
    for (at, reason) in reasons.iter().enumerate() {
        writeln!(table, "{:4} {reason}", at + 1).unwrap();
    }
    for note in notes {
        writeln!(table, "  {note}").unwrap();
    }
    // LastAnswer the harness, which would keep it to itself.
    let _ = writeln!(std::io::stderr(), "\n{table}");
    assert_eq!(cells, ALL.len() * SITUATIONS.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
