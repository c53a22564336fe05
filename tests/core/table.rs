//! Tables as text, and the words that all of them are written in.

use mixpanel_consent_bridge::core::{
    Answer, BrowserSignals, Denied, Feature, Implied, Pending, PerFeature, Policy, Privacy, Rank,
    Signal, Start, Trouble,
};

/// The rows of a table: cells between bars, without the head, empty lines and remarks.
pub fn rows<const N: usize>(table: &str) -> Vec<[&str; N]> {
    let rows: Vec<[&str; N]> = table
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            cells.try_into().unwrap_or_else(|_| panic!("not {N} cells: {line}"))
        })
        .collect();
    // Nothing proves nothing.
    assert!(!rows.is_empty());
    rows
}

/// `granted`, `implied-denied`.
pub fn answer(name: &str) -> Answer {
    let known = Answer::ALL.into_iter().find(|answer| answer.name() == name);
    known.unwrap_or_else(|| panic!("no answer: {name}"))
}

/// A letter a feature, as in the record: denied, closed by a rule, unset, open by a rule,
/// granted.
pub fn answers(letters: &str) -> PerFeature<Answer> {
    let letters: Vec<char> = letters.chars().collect();
    assert_eq!(letters.len(), 4, "{letters:?}");
    PerFeature::of(|feature| match letters[feature as usize] {
        'd' => Answer::Denied,
        'c' => Answer::ImpliedDenied,
        'u' => Answer::Unset,
        'o' => Answer::ImpliedGranted,
        'g' => Answer::Granted,
        other => panic!("no answer: {other}"),
    })
}

pub fn letters(answers: PerFeature<Answer>) -> String {
    Feature::ALL
        .map(|feature| ['d', 'c', 'u', 'o', 'g'][answers.get(feature) as usize])
        .iter()
        .collect()
}

/// `gpc timed-out unseen`
pub fn browser(words: &str) -> BrowserSignals {
    let mut browser = BrowserSignals::default();
    for word in words.split_whitespace() {
        match word {
            "gpc" => browser.gpc = true,
            "dnt" => browser.dnt = true,
            "timed-out" => browser.timed_out = true,
            "unseen" => browser.unseen = true,
            other => panic!("nothing of a page: {other}"),
        }
    }
    browser
}

/// `pending:cookieless gpc:strict`, as the options of `connect`.
pub fn policy(words: &str) -> Policy {
    let mut policy = Policy::default();
    let privacy = |word: &str| match word {
        "strict" => Privacy::Strict,
        "ignore" => Privacy::Ignore,
        _ => Privacy::Respect,
    };
    for word in words.split_whitespace() {
        match word {
            "start:opted-out" => policy.start = Start::OptedOut,
            "pending:drop" => policy.pending = Pending::Drop,
            "pending:cookieless" => policy.pending = Pending::Cookieless,
            "denied:cookieless" => policy.denied = Denied::Cookieless,
            "implied:ask" => policy.implied = Implied::Ask,
            _ => match word.split_once(':') {
                Some(("gpc", how)) => policy.gpc = privacy(how),
                Some(("dnt", how)) => policy.dnt = privacy(how),
                _ => panic!("no option: {word}"),
            },
        }
    }
    policy
}

/// `3 vendor stored gggg expired`: a number, a rank, whether it only lay in storage, the
/// answers, and what kept it from a plain one. Several are separated by commas.
pub fn signals(text: &str) -> Vec<Signal> {
    text.split(',').map(str::trim).filter(|one| !one.is_empty()).map(signal).collect()
}

fn signal(text: &str) -> Signal {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let source = words.remove(0).parse().unwrap();
    let rank = match words.remove(0) {
        "vendor" => Rank::Vendor,
        "standard" => Rank::Standard,
        "bus" => Rank::Bus,
        "limit" => Rank::Limit,
        other => panic!("no rank: {other}"),
    };
    let live = words[0] != "stored";
    if !live {
        words.remove(0);
    }
    let answers = answers(words.remove(0));
    let trouble = words.first().map(|word| match *word {
        "not-ready" => Trouble::NotReady,
        "asking" => Trouble::Asking,
        "unreadable" => Trouble::Unreadable,
        "expired" => Trouble::Expired,
        "unknown-category" => Trouble::UnknownCategory,
        "manual" => Trouble::Manual,
        other => panic!("no trouble: {other}"),
    });
    Signal { source, rank, live, answers, trouble }
}
