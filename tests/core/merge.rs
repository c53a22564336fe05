//! One answer out of several categories and several sources.

use mixpanel_consent_bridge::core::{Answer, Merged, merge, together};

use crate::table::{answer, letters, rows, signals};

#[test]
fn several_categories_for_one_purpose() {
    for [given, expected] in rows(
        "
        answers                         | together
                                        | unset
        granted                         | granted
        granted granted                 | granted
        granted implied-granted         | implied-granted
        granted unset                   | unset
        implied-granted unset           | unset
        granted implied-denied          | implied-denied
        unset implied-denied            | implied-denied
        granted denied                  | denied
        denied unset implied-granted    | denied
        implied-denied denied           | denied
        ",
    ) {
        let answers: Vec<Answer> = given.split_whitespace().map(answer).collect();
        assert_eq!(together(answers.iter().copied()).name(), expected, "{given}");
        assert_eq!(together(answers.into_iter().rev()).name(), expected, "{given}, backwards");
    }
}

#[test]
fn several_sources() {
    // A signal is number, rank, `stored` if it only lay there, answers, and its trouble.
    for [given, expected] in rows(
        "
        signals                                                    | answers source limited code
                                                                   | uuuu - open -
        1 vendor gggg                                              | gggg 1 open -
        1 vendor stored gggg                                       | gggg 1 open -
        # Vendor before standard before bus, whatever they say.
        1 vendor gggg, 2 standard dddd                             | gggg 1 open -
        1 vendor dddd, 2 standard gggg, 3 bus gggg                 | dddd 1 open -
        1 standard gggg, 2 bus dddd                                | gggg 1 open -
        1 bus gggg                                                 | gggg 1 open -
        1 vendor uuuu, 2 standard gggg                             | uuuu 1 open -
        # Rank before being alive: what the product stored is nearer than what others hand on.
        1 vendor stored dddd, 2 standard gggg                      | dddd 1 open -
        # What only lies there is no answer while a manager that runs is asking.
        1 vendor stored gggg, 2 standard uuuu asking               | uuuu 2 open cmp-asking
        1 vendor stored gggg, 2 standard uuuu expired              | uuuu 2 open cmp-expired
        1 vendor stored gggg, 2 standard uuuu not-ready            | gggg 1 open -
        1 vendor gggg, 2 standard uuuu asking                      | gggg 1 open -
        # Alive before stored.
        1 vendor gggg, 2 vendor stored dddd                        | gggg 1 open -
        1 vendor uuuu not-ready, 2 vendor stored gggg              | uuuu 1 open cmp-not-ready
        # Equals are never OR-ed: the strictest, feature by feature.
        1 vendor gggg, 2 vendor gggg                               | gggg 1 open -
        1 vendor gggg, 2 vendor dddd                               | dddd 2 open cmp-disagree
        1 vendor dggg, 2 vendor gdgg                               | ddgg 1 open cmp-disagree
        1 vendor gggg, 2 vendor uuuu                               | uuuu 2 open cmp-disagree
        1 vendor gggg, 2 vendor oooo                               | oooo 2 open cmp-disagree
        1 vendor stored gggg, 2 vendor stored cccc                 | cccc 2 open cmp-disagree
        1 standard gggg, 2 standard gggg, 3 standard gggd          | gggd 1 open cmp-disagree
        # Trouble of the one that decides.
        1 vendor uuuu not-ready                                    | uuuu 1 open cmp-not-ready
        1 vendor uuuu unreadable                                   | uuuu 1 open cmp-unreadable
        1 vendor uuuu expired                                      | uuuu 1 open cmp-expired
        1 vendor uuuu unknown-category                             | uuuu 1 open category-unknown
        1 vendor uuuu manual                                       | uuuu 1 open manual-unset
        1 vendor gggg, 2 standard uuuu unreadable                  | gggg 1 open -
        1 vendor uuuu, 2 vendor uuuu not-ready                     | uuuu 2 open cmp-not-ready
        # A limit only tightens: it speaks for nobody.
        1 limit dddd                                               | uuuu - limited -
        1 limit gggg                                               | uuuu - open -
        1 limit cccc                                               | uuuu - limited -
        1 limit ggdg                                               | uuuu - limited -
        1 limit uuuu                                               | uuuu - open -
        1 limit gggg, 2 vendor dddd                                | dddd 2 open -
        1 limit dddd, 2 vendor gggg                                | gggg 2 limited -
        1 limit dddd, 2 limit gggg, 3 bus oooo                     | oooo 3 limited -
        ",
    ) {
        let mut signals = signals(given);
        let merged = merge(&signals);
        let found = format!(
            "{} {} {} {}",
            letters(merged.answers),
            merged.source.map_or("-".into(), |source| source.to_string()),
            if merged.limited { "limited" } else { "open" },
            merged.code.map_or("-", |code| code.name()),
        );
        assert_eq!(found, expected, "{given}");
        // Of equals the first is named; nothing else depends on their order.
        signals.reverse();
        let backwards = Merged { source: merged.source, ..merge(&signals) };
        assert_eq!(backwards, merged, "{given}, backwards");
    }
}
