//! The core's words as serde knows them: by the names of the API, and by nothing else.

use mixpanel_consent_bridge::core::{Answer, Code, ConsentEvent, Feature, Mode, PerFeature, State};

fn there_and_back<T>(value: &T) -> String
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let text = serde_json::to_string(value).expect("a word is a string");
    assert_eq!(&serde_json::from_str::<T>(&text).expect("what was written is read"), value);
    text
}

#[test]
fn words_are_written_by_their_names() {
    for answer in Answer::ALL {
        assert_eq!(there_and_back(&answer), format!("{:?}", answer.name()));
    }
    for code in Code::ALL {
        assert_eq!(there_and_back(code), format!("{:?}", code.name()));
    }
    for mode in [Mode::Off, Mode::Cookieless, Mode::On] {
        assert_eq!(there_and_back(&mode), format!("{:?}", mode.name()));
    }
    assert_eq!(there_and_back(&ConsentEvent::Withdrawn), r#""withdrawn""#);
    let mut answers = Answer::ALL.into_iter();
    let each = PerFeature::of(|_: Feature| answers.next().unwrap_or(Answer::Unset));
    assert_eq!(
        there_and_back(&each),
        r#"{"tracking":"denied","replay":"implied-denied","profile":"unset","flags":"implied-granted"}"#
    );
}

#[test]
fn what_is_no_name_is_refused() {
    assert!(serde_json::from_str::<Answer>(r#""Granted""#).is_err());
    assert!(serde_json::from_str::<Answer>("true").is_err());
    assert!(serde_json::from_str::<Code>(r#""cmp""#).is_err());
    for wrong in [
        r#"{"tracking":"granted","replay":"granted","profile":"granted"}"#,
        r#"{"tracking":"granted","tracking":"denied","replay":"granted","profile":"granted","flags":"granted"}"#,
        r#"{"tracking":"granted","replay":"granted","profile":"granted","flags":"granted","more":"granted"}"#,
    ] {
        assert!(serde_json::from_str::<PerFeature<Answer>>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_state_without_a_consent_manager_has_none() {
    let state = State {
        consent: Answer::Unset,
        mode: Mode::Off,
        cmp: None,
        code: Code::Starting,
        reason: "The core is loading; calls are held.".into(),
        held: 2,
        at_ms: 1_764_000_000_000,
    };
    let text = there_and_back(&state);
    assert!(text.contains(r#""cmp":null"#) && text.contains(r#""at":1764000000000"#), "{text}");
}
