//! `src/page/contract.ts` is `src/core/protocol.rs` in TypeScript. Where the two differ this fails;
//! `CONTRACT_WRITE=1 cargo test --test contract` writes the file.

use std::fmt::Write;
use std::{env, fs};

use mixpanel_consent_bridge::core::Code;
use mixpanel_consent_bridge::core::protocol::{self, Sign, Words};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/page/contract.ts");

#[test]
fn the_contract_in_typescript_is_that_of_the_core() {
    let contract = contract();
    if env::var_os("CONTRACT_WRITE").is_some() {
        fs::write(FILE, &contract).expect("src/page can be written to");
    }
    let found = fs::read_to_string(FILE).unwrap_or_default();
    let differs = found.lines().zip(contract.lines()).position(|(found, made)| found != made);
    assert!(
        found == contract,
        "src/page/contract.ts is not what src/core/protocol.rs says (line {}): run `CONTRACT_WRITE=1 cargo test --test contract`",
        differs.unwrap_or(found.lines().count().min(contract.lines().count())) + 1,
    );
}

#[test]
fn no_two_words_of_a_set_have_one_sign_or_one_name() {
    for set in protocol::SETS.iter().copied().chain(protocol::POLICY.iter().map(|(_, set)| *set)) {
        let mut names: Vec<&str> = set.words.iter().map(|word| word.name).collect();
        let mut signs: Vec<String> =
            set.words.iter().map(|word| format!("{:?}", word.sign)).collect();
        names.sort_unstable();
        names.dedup();
        signs.sort_unstable();
        signs.dedup();
        assert_eq!(names.len(), set.words.len(), "{}", set.set);
        let signed = !set.words.iter().any(|word| matches!(word.sign, Sign::Name));
        assert!(!signed || signs.len() == set.words.len(), "{}", set.set);
    }
}

#[test]
fn the_digits_of_a_setup_begin_with_the_policy() {
    let options: Vec<&str> = protocol::POLICY.iter().map(|(option, _)| *option).collect();
    assert!(protocol::DIGITS.starts_with(&options));
}

/// The whole file.
fn contract() -> String {
    let mut out = String::from(
        "// What crosses the boundary between this side and the core, by name.\n\
         // Generated from src/core/protocol.rs, which says what each means, by tests/contract.rs:\n\
         // change it there, and run `CONTRACT_WRITE=1 cargo test --test contract`.\n\
         //\n\
         // Constants of one word each, so that bundlers put the value where the name stands; types are\n\
         // unions of the words.\n",
    );
    for set in protocol::SETS {
        write_set(&mut out, set);
    }

    heading(
        &mut out,
        "The options of the policy: the first choice is the default; a digit is the place of a choice.",
    );
    for (option, set) in protocol::POLICY {
        let names: Vec<&str> = set.words.iter().map(|word| word.name).collect();
        line(&mut out, &format!("export const {} = '{}';", scream(option), names.join("|")));
        line(&mut out, &format!("export type {} = {};", camel(option), union(&names)));
    }
    heading(
        &mut out,
        "The digits of a bridge's setup, in order: the policy's, then three that are 0 or 1.",
    );
    line(
        &mut out,
        &format!("export type Digits = readonly [{}];", list(&protocol::DIGITS, "digit")),
    );
    line(&mut out, &format!("export const POLICY_DIGITS = {};", protocol::POLICY.len()));
    heading(&mut out, "The parts of the text of TELL_CONNECT, in order.");
    line(
        &mut out,
        &format!("export type Setup = readonly [{}];", list(&protocol::SETUP, "string")),
    );

    heading(&mut out, "The names that the core gives `state.code` in a page.");
    let name = |codes: &[Code]| codes.iter().map(|code| code.name()).collect::<Vec<_>>();
    let own = |code: &&Code| !Code::GATE.contains(code) && !Code::SERVER.contains(code);
    let page: Vec<Code> = Code::ALL.iter().filter(own).copied().collect();
    line(&mut out, &format!("export type Code =\n{};", column(&name(&page))));
    heading(
        &mut out,
        "The names that the gate gives by itself: the core is not there, or there is a mistake in the options.",
    );
    line(&mut out, &format!("export type GateCode =\n{};", column(&name(Code::GATE))));
    heading(&mut out, "The names that a server has besides.");
    line(&mut out, &format!("export type ServerCode =\n{};", column(&name(Code::SERVER))));

    heading(&mut out, "Between the parts of a text that crosses.");
    line(&mut out, &format!("export const SEPARATOR = '\\x{:02x}';", protocol::SEPARATOR));
    heading(&mut out, "Between adapters in a text of several.");
    line(
        &mut out,
        &format!("export const ADAPTER_SEPARATOR = '\\x{:02x}';", protocol::ADAPTER_SEPARATOR),
    );
    line(
        &mut out,
        &format!("export const FIELD_SEPARATOR = '\\x{:02x}';", protocol::FIELD_SEPARATOR),
    );
    heading(&mut out, "What a command answers where nothing happened at once.");
    number(&mut out, "NOTHING", protocol::NOTHING.into());

    heading(&mut out, "What the browser says, as bits.");
    number(&mut out, "BROWSER_GPC", protocol::BROWSER_GPC.into());
    number(&mut out, "BROWSER_DNT", protocol::BROWSER_DNT.into());
    number(&mut out, "BROWSER_TIMED_OUT", protocol::BROWSER_TIMED_OUT.into());
    number(&mut out, "BROWSER_UNSEEN", protocol::BROWSER_UNSEEN.into());
    number(&mut out, "BROWSER_TELLS_COOKIES", protocol::BROWSER_TELLS_COOKIES.into());

    heading(
        &mut out,
        "How deep, how wide and how long a copy of the page's may be; how long a stored record; how many entries of a queue are looked at.",
    );
    number(&mut out, "DEPTH", protocol::DEPTH);
    number(&mut out, "WIDTH", protocol::WIDTH);
    number(&mut out, "LENGTH", protocol::LENGTH);
    number(&mut out, "RECORDED", protocol::RECORDED);
    number(&mut out, "ENTRIES", protocol::ENTRIES);

    heading(&mut out, "The consent record: its key, and a line of it.");
    text(&mut out, "RECORD_KEY", protocol::RECORD_KEY);
    text(&mut out, "RECORD_KEY_SEPARATOR", &protocol::RECORD_KEY_SEPARATOR.to_string());
    text(&mut out, "RECORD_COOKIE_SEPARATOR", &protocol::RECORD_COOKIE_SEPARATOR.to_string());
    number(&mut out, "RECORD_LINES", protocol::RECORD_LINES);
    let letters = |set: &Words| set.words.iter().map(|word| letter(word.sign)).collect::<String>();
    let answers = letters(&mixpanel_consent_bridge::core::Answer::WORDS);
    let events = letters(&mixpanel_consent_bridge::core::ConsentEvent::WORDS);
    let features = mixpanel_consent_bridge::core::Feature::ALL.len();
    let (version, dot) = (protocol::RECORD_VERSION, char::from(protocol::RECORD_SEPARATOR));
    text(&mut out, "RECORD_SEPARATOR", &dot.to_string());
    line(
        &mut out,
        &format!(
            "/** A line that can be read: version, answers, event, time, source, and a server's signature if it has one. */\n\
         export const RECORD_LINE = /^{version}\\{dot}[{answers}]{{{features}}}\\{dot}[{events}]\\{dot}\\d+\\{dot}[a-z\\d-]{{0,{}}}(\\{dot}[\\w-]{{{}}})?$/gim;",
            protocol::RECORD_SOURCE_MAX,
            protocol::RECORD_SIGNATURE,
        ),
    );
    line(
        &mut out,
        &format!(
            "/** The beginning of a line that says a yes. */\nexport const RECORD_YES = /^{version}\\{dot}\\w+\\{dot}{}/;",
            letter(Sign::Letter(mixpanel_consent_bridge::core::ConsentEvent::Given.letter())),
        ),
    );
    line(
        &mut out,
        &format!(
            "/** The beginning of a line that says a no. */\nexport const RECORD_NO = /^{version}\\{dot}\\w+\\{dot}[{}{}]/;",
            letter(Sign::Letter(mixpanel_consent_bridge::core::ConsentEvent::Refused.letter())),
            letter(Sign::Letter(mixpanel_consent_bridge::core::ConsentEvent::Withdrawn.letter())),
        ),
    );

    heading(&mut out, "In what TELL_EXPLAIN answers: where a source was read from.");
    text(&mut out, "EXPLAIN_RUNNING", protocol::EXPLAIN_RUNNING);
    text(&mut out, "EXPLAIN_STORED", protocol::EXPLAIN_STORED);

    heading(
        &mut out,
        "The notation of what was found; src/core/protocol.rs says what follows each mark.",
    );
    for (name, mark) in [
        ("ADAPTER", protocol::MARK_ADAPTER),
        ("END", protocol::MARK_END),
        ("TRUE", protocol::MARK_TRUE),
        ("FALSE", protocol::MARK_FALSE),
        ("NUMBER", protocol::MARK_NUMBER),
        ("TEXT", protocol::MARK_TEXT),
        ("FUNCTION", protocol::MARK_FUNCTION),
        ("THROWN", protocol::MARK_THROWN),
        ("LIST", protocol::MARK_LIST),
        ("MAP", protocol::MARK_MAP),
        ("NULL", protocol::MARK_NULL),
    ] {
        text(&mut out, &format!("MARK_{name}"), &char::from(mark).to_string());
    }
    out
}

/// Constants for what crosses, a table of the names, and a type for each of the two.
fn write_set(out: &mut String, set: &Words) {
    heading(out, set.about.trim());
    let names: Vec<&str> = set.words.iter().map(|word| word.name).collect();
    let signs: Vec<String> = set.words.iter().map(|word| sign(word.sign)).collect();
    let prefix = scream(set.set);
    if set.words.iter().any(|word| matches!(word.sign, Sign::Name)) {
        line(out, &format!("export const {prefix}_NAMES = [{}] as const;", quoted(&names)));
        line(out, &format!("export type {} = (typeof {prefix}_NAMES)[number];", set.set));
        return;
    }
    for word in set.words {
        if !word.about.is_empty() {
            line(
                out,
                &format!("/** {} */", word.about.trim().replace("[`", "`").replace("`]", "`")),
            );
        }
        line(out, &format!("export const {prefix}_{} = {};", scream(word.item), sign(word.sign)));
    }
    if set.words.iter().all(|word| matches!(word.sign, Sign::Letter(_))) {
        let entries: Vec<String> = set
            .words
            .iter()
            .map(|word| format!("{}: '{}'", letter(word.sign), word.name))
            .collect();
        line(out, &format!("export const {prefix}_NAMES = {{ {} }} as const;", entries.join(", ")));
        line(out, &format!("export type {}Letter = keyof typeof {prefix}_NAMES;", set.set));
        line(
            out,
            &format!("export type {} = (typeof {prefix}_NAMES)[{}Letter];", set.set, set.set),
        );
    } else {
        line(out, &format!("export const {prefix}_NAMES = [{}] as const;", quoted(&names)));
        line(out, &format!("export type {}Number = {};", set.set, signs.join(" | ")));
        line(out, &format!("export type {} = (typeof {prefix}_NAMES)[number];", set.set));
    }
}

fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{text}");
}

fn heading(out: &mut String, about: &str) {
    let _ = write!(out, "\n// {}\n", about.replace("[`", "`").replace("`]", "`"));
}

fn number(out: &mut String, name: &str, value: usize) {
    line(out, &format!("export const {name} = {value};"));
}

fn text(out: &mut String, name: &str, value: &str) {
    line(out, &format!("export const {name} = '{value}';"));
}

fn sign(sign: Sign) -> String {
    match sign {
        Sign::Number(number) => number.to_string(),
        Sign::Letter(letter) => format!("'{}'", char::from(letter)),
        Sign::Name => String::new(),
    }
}

fn letter(sign: Sign) -> char {
    match sign {
        Sign::Letter(letter) => letter.into(),
        Sign::Number(_) | Sign::Name => '?',
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}

fn union(names: &[&str]) -> String {
    names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(" | ")
}

fn column(names: &[&str]) -> String {
    names.iter().map(|name| format!("  | '{name}'")).collect::<Vec<_>>().join("\n")
}

/// The elements of a tuple, by name.
fn list(names: &[&str], what: &str) -> String {
    names
        .iter()
        .map(|name| format!("{name}: {}", if what == "digit" { "number" } else { what }))
        .collect::<Vec<_>>()
        .join(", ")
}

/// `OptedOut` as `OPTED_OUT`.
fn scream(name: &str) -> String {
    let mut out = String::new();
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_uppercase());
    }
    out
}

/// `start` as `Start`.
fn camel(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_uppercase() + rest
}
