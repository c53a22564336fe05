//! The compiler of the adapters' files: what it makes of each word, and that a mistake is told with
//! its line and with what there is instead. That it makes what a page carries of the real files
//! is shown by every other test of this suite.

// The compiler is the build's; not all of it is called here.
#[allow(dead_code, unreachable_pub)]
#[path = "../../build/compiler/mod.rs"]
mod build;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use build::adapter::{Adapter, compile};
use mixpanel_consent_bridge::cmp::ALL;

/// A consent manager that there is not.
const ACME: &str = r#"id = "acme"
order = 5
product = "Acme Consent"
vendor = "Acme"
docs = "https://acme.example/docs"
versions = "1 and 2"
rank = "vendor"
looks = "never"
analytics = ["mixpanel", ["stats", "storage"]]
confidence = "low (made up)"

[facts]
detected = "the global `Acme`"
explicit = "`answered` is true"
implied = "none"
expired = "cannot be told"
categories = "its own"
limits = "there is no such product"

[evidence]
detected = { documented = "https://acme.example/docs" }
explicit = [{ run = "1.2", captured = "2026-11-28" }, { reported = "a forum" }]
stored = { captured = "2026-11-28" }
looks = { run = "1.2" }

[places]
state = { global = "Acme.state()" }
told = { heard = "acme" }
cookie = { cookie = "acme", form = "raw", pairs = "&=" }
local = { local = "acme", form = "raw" }
either = { firstOf = ["cookie", "local"], pairs = "&=" }
groups = { part = "cookie?groups", pairs = ",:" }
allowed = { part = "cookie?allowed", list = "," }
tc = { cookie = "euconsent-v2", form = "tc" }

[[listen]]
window = ["acme-ready", "acme-changed"]

[[listen]]
call = "Acme.on"
args = ["change", "<callback>", { update = "<callback>" }, "<null>", 2, false]
heard = "acme"
keep = ["level", "id"]
off = "Acme.off"
offArgs = ["change", "<callback>", "<kept id>"]

[[rule]]
from = "running"
if = ["state is there", "state.answered is not a boolean"]
then = "unreadable"

[[rule]]
from = "running"
if = ["state.answered is true", "any told.* is there or either?when begins with '20'"]
answers = [
  { by = "visitor", each = "state.services", name = [".name", ".purposes"], value = "state.allowed[.id]", only = ".required is not true" },
  { by = "default-closed", each = "groups", name = "key after 'g.'", yes = "1", no = "0", fallback = true },
]
others = "unset"

[[rule]]
from = "stored"
if = ["allowed is there or local is there", "cookie?state is 'asked' or tc.cmpId is 10"]
then = "unset"
"#;

fn acme_with(old: &str, new: &str) -> String {
    let text = ACME;
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}

fn file(text: &str) -> Result<Adapter, Vec<String>> {
    compile("src/cmp/adapters/acme.toml", text)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

/// The lines that are wrong with it, without the file's name.
fn wrong(text: &str) -> Vec<String> {
    let Err(problems) = file(text) else { return Vec::new() };
    let start = "src/cmp/adapters/acme.toml:";
    problems.iter().map(|one| one.strip_prefix(start).unwrap().to_owned()).collect()
}

#[test]
fn words_become_what_the_interpreter_reads() {
    let made = file(ACME).unwrap();
    assert_eq!(made.category, "mixpanel|stats+storage");
    assert_eq!(
        made.page,
        r#"
[["g","Acme.state()"],
["h","acme"],
["c","acme","r"],
["l","acme","r"],
["c","euconsent-v2","u"]],
[["w","acme-ready"],
["w","acme-changed"],
["c","Acme.on",["change",{},{"m":"update"},null,2,false],"acme",["level","id"],"Acme.off",["change",{},{"h":"id"}]]]"#
    );
    assert_eq!(
        made.rules,
        "
+ a !a.answered:bool > u
+ a.answered=true b.*|c/d{&=when}^20 > gd a.services .name,.purposes a.allowed[.id] ?!.required=true ; f cc c{&=groups}[,:] @g. .~1~0 ; nu
- c{&=allowed}|d c{&=state}~asked|e.cmpId=10 > nu
"
    );
    assert_eq!(made.lines, [47, 52, 61]);
    assert_eq!(made.evidence["explicit"].len(), 3);
}

/// A text in the file, what it is misspelt to, the line, and what has to be said.
const MISTAKES: [(&str, &str, usize, &str); 64] = [
    (
        "vendor = \"Acme\"",
        "vendr = \"Acme\"",
        4,
        "an adapter has no `vendr`; it may have id, order, product, vendor",
    ),
    ("vendor = \"Acme\"\n", "", 1, "an adapter has no `vendor`"),
    ("docs = \"https://acme", "docs = \"acme", 5, "`docs` is a link"),
    ("id = \"acme\"", "id = \"acne\"", 1, "the file is called acne.toml"),
    ("order = 5", "order = \"5\"", 2, "`order` is a whole number"),
    (
        "rank = \"vendor\"",
        "rank = \"first\"",
        7,
        "there is no rank `first`; it is one of limit, bus, standard, vendor",
    ),
    (
        "looks = \"never\"",
        "looks = \"seldom\"",
        8,
        "there is no looks `seldom`; it is one of never, cookies, always",
    ),
    ("looks = { run = \"1.2\" }\n", "", 20, "does not say how `looks` is known"),
    ("low (made up)", "quite sure", 10, "`confidence` begins with high, medium or low"),
    ("[\"stats\", \"storage\"]]", "\"a+b\"]", 9, "`analytics` is a list of names"),
    ("implied = \"none\"\n", "", 12, "`[facts]` has no `implied`"),
    ("limits = ", "limit = ", 18, "`[facts]` has no `limit`; it may have detected"),
    (
        "explicit = [{ run",
        "explicit = [{ ran",
        22,
        "evidence has no `ran`; it may have run, captured, documented, reported",
    ),
    (
        "captured = \"2026-11-28\" }, {",
        "captured = \"yesterday\" }, {",
        22,
        "`captured` is a date as 2026-11-23",
    ),
    ("stored = { captured = \"2026-11-28\" }\n", "", 20, "does not say how `stored` is known"),
    ("implied = \"none\"", "implied = \"the region\"", 20, "does not say how `implied` is known"),
    (
        "{ global = \"Acme",
        "{ globl = \"Acme",
        27,
        "the place `state` has no `globl`; it may have global, queue, cookie",
    ),
    (
        "{ global = \"Acme",
        "{ cookie = \"a\", global = \"Acme",
        27,
        "the place `state` says one of global",
    ),
    (
        "state = { global = \"Acme.state()\"",
        "state = { global = \"Acme.state()\", form = \"raw\"",
        27,
        "only what is stored has a `form`",
    ),
    ("state = {", "is = {", 27, "`is` cannot be the name of a place"),
    (
        "form = \"raw\", pairs",
        "form = \"yaml\", pairs",
        29,
        "there is no form `yaml`; it is one of raw, text, json, base64, tc, gpp, packed",
    ),
    (
        "pairs = \"&=\" }\nlocal",
        "pairs = \"&\" }\nlocal",
        29,
        "`pairs` is 2 of the signs that separate",
    ),
    ("pairs = \"&=\" }\nlocal", "list = \"&\" }\nlocal", 32, "`cookie` is no text of pairs"),
    (
        "firstOf = [\"cookie\", \"local\"]",
        "firstOf = [\"cookie\", \"lokal\"]",
        31,
        "there is no place `lokal`; the places are state, told, cookie, local",
    ),
    (
        "firstOf = [\"cookie\", \"local\"]",
        "firstOf = [\"cookie\"]",
        31,
        "`firstOf` is a list of places",
    ),
    ("part = \"cookie?groups\"", "part = \"cokie?groups\"", 32, "there is no place `cokie`"),
    (
        "window = [\"acme-ready\"",
        "windows = [\"acme-ready\"",
        37,
        "`[[listen]]` has no `windows`; it may have window, document, after, call",
    ),
    (
        "\"change\", \"<callback>\", {",
        "\"change\", \"<callbak>\", {",
        41,
        "there is no `<callbak>`; there is <callback>",
    ),
    ("heard = \"acme\"\nkeep", "heard = \"acne\"\nkeep", 1, "nothing is kept as `acme`"),
    ("heard = \"acme\"\nkeep = [\"level\", \"id\"]\n", "", 1, "nothing is kept as `acme`"),
    (
        "from = \"running\"\nif = [\"state is there\"",
        "from = \"runing\"\nif = [\"state is there\"",
        48,
        "`from` is running",
    ),
    (
        "from = \"running\"\nif = [\"state is there\"",
        "if = [\"state is there\"",
        47,
        "a rule has no `from`",
    ),
    (
        "if = [\"state is there\", \"state.answered is not a boolean\"]\n",
        "",
        47,
        "a rule has no `if`",
    ),
    (
        "if = [\"state is there\"",
        "if = [\"stat is there\"",
        49,
        "there is no place `stat`; the places are state, told",
    ),
    (
        "if = [\"state is there\"",
        "if = [\"state\"",
        49,
        "`state` says nothing of `state`; it may say: is there",
    ),
    (
        "if = [\"state is there\"",
        "if = [\"state is ther\"",
        49,
        "`is ther` is nothing that can be said; there is: is there",
    ),
    ("if = [\"state is there\"", "if = [\"no state is there\"", 49, "`no` is for a path with `*`"),
    ("if = [\"state is there\"", "if = [\"state..x is there\"", 49, "`..x` is no path"),
    (
        "if = [\"state is there\"",
        "if = [\".x is there\"",
        49,
        "`.x` is of an entry, and here is none",
    ),
    ("is not a boolean", "is not a bool", 49, "`is not a bool` is nothing that can be said"),
    (
        "then = \"unreadable\"",
        "then = \"unreadible\"",
        50,
        "`then` cannot be `unreadible`; it may be not-ready, asking, unreadable, expired",
    ),
    ("then = \"unreadable\"\n", "", 47, "a rule without a meaning"),
    (
        "then = \"unreadable\"",
        "meaning = \"unreadable\"",
        50,
        "a rule has no `meaning`; it may have from, if, then, answers, others",
    ),
    (
        "then = \"unreadable\"",
        "then = \"unreadable\"\nothers = \"unset\"",
        47,
        "a rule has either `then`",
    ),
    (
        "is true\", \"any told.*",
        "is ture\", \"any told.*",
        54,
        "`is ture` is nothing that can be said",
    ),
    ("is true\", \"any told.*", "is true\", \"told.*", 54, "begin with `any` or with `no`"),
    ("any told.* is there", "any told.* is not there", 54, "say `no … is …`"),
    ("either?when", "told?when", 54, "`told` is no text of pairs"),
    ("by = \"visitor\"", "by = \"user\"", 56, "`by` cannot be `user`; it may be visitor, default"),
    (
        "each = \"state.services\"",
        "each = \"state.services\", of = \"state\"",
        56,
        "either `each` (of many entries) or `of`",
    ),
    (
        "name = [\".name\", \".purposes\"]",
        "name = [\".name\", \"purposes\"]",
        56,
        "`purposes` is no `name`; it may be: key",
    ),
    ("name = [\".name\", \".purposes\"], ", "", 56, "an answer says the `name` of each entry"),
    (
        "value = \"state.allowed[.id]\"",
        "value = \"state.allowed\"",
        56,
        "`state.allowed` is no `value`; it may be: itself",
    ),
    (
        "value = \"state.allowed[.id]\"",
        "value = \"groups[.id]\"",
        56,
        "only a map and a list with commas",
    ),
    ("value = \"state.allowed[.id]\"", "value = \"state.allowed[.id\"", 56, "ends without `]`"),
    ("value = \"state.allowed[.id]\", ", "", 56, "an answer says its `value`"),
    (
        "only = \".required is not true\"",
        "only = \".required is not ture\"",
        56,
        "`is not ture` is nothing that can be said",
    ),
    (
        "only = \".required is not true\"",
        "when = \".required is not true\"",
        56,
        "an answer has no `when`; it may have by, each",
    ),
    ("yes = \"1\", no", "no", 57, "an answer says its `value`"),
    ("yes = \"1\"", "yes = \"a b\"", 57, "`a b` cannot be said here"),
    ("fallback = true", "fallback = \"yes\"", 57, "`fallback` is true or false"),
    ("others = \"unset\"", "others = \"none\"", 59, "`others` cannot be `none`; it may be granted"),
    ("is 'asked'", "is asked", 63, "`is asked` is nothing that can be said"),
    ("is 'asked' or", "is asked or", 63, "is nothing that can be said"),
];

#[test]
fn a_mistake_is_told_with_its_line_and_with_what_there_is() {
    let mut silent = Vec::new();
    for (old, new, line, what) in MISTAKES {
        let said = wrong(&acme_with(old, new));
        if !said.iter().any(|one| one.starts_with(&format!("{line}: ")) && one.contains(what)) {
            silent.push(format!("`{old}` as `{new}`: not `{line}: {what}` but {said:#?}"));
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

/// What a table in JSON is in TOML, in one line.
fn toml(json: &serde_json::Value) -> String {
    use serde_json::Value;
    match json {
        Value::Object(map) => {
            let pairs: Vec<String> =
                map.iter().map(|(key, value)| format!("{key} = {}", toml(value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}

/// The same table is held against the compiler of a site's own rules.
#[test]
fn every_word_of_a_rule_and_every_mistake_in_one() {
    let table: serde_json::Value = serde_json::from_str(include_str!("words.json")).unwrap();
    let (head, _) = ACME.split_once("[places]").unwrap();
    let head = head
        .replace("implied = \"none\"", "implied = \"by the region\"")
        .replace("explicit = [", "implied = { run = \"1.2\" }\nexplicit = [");
    let mut text = format!(
        "{head}\n[[listen]]\ncall = \"Acme.on\"\nargs = [\"<callback>\"]\nheard = \"acme\"\nkeep = [\"id\"]\n[places]\n"
    );
    for place in table["places"].as_array().unwrap() {
        text.push_str(&format!("{} = {}\n", place[0].as_str().unwrap(), toml(&place[1])));
    }
    let mut wrong = Vec::new();
    let cases = table["cases"].as_array().unwrap();
    for case in cases {
        // Every place is asked for: that none is left is the matter of another test.
        let names: Vec<String> = table["places"]
            .as_array()
            .unwrap()
            .iter()
            .map(|place| format!("\"{} is there\"", place[0].as_str().unwrap()))
            .filter(|condition| !condition.contains("permit"))
            .collect();
        let text = format!(
            "{text}[[rule]]\nfrom = \"stored\"\nif = [{}]\nanswers = {{ by = \"nobody\", of = \"state\", category = \"x\", value = \"permit['2']\" }}\n",
            names.join(", ")
        );
        let mut rule = String::from("\n[[rule]]\n");
        for (key, value) in case["rule"].as_object().unwrap() {
            rule.push_str(&format!("{key} = {}\n", toml(value)));
        }
        let made = file(&(text + &rule));
        match (&made, case["compact"].as_str(), case["says"].as_str()) {
            (Ok(made), Some(compact), None) => {
                let last = made.rules.trim_end().split('\n').next_back().unwrap().to_owned();
                // The last line's own end is no part of it.
                if last.trim_end() != compact.trim_end() {
                    wrong.push(format!("{}: `{last}`, not `{compact}`", case["rule"]));
                }
            }
            (Err(problems), None, Some(says)) if problems.iter().any(|one| one.contains(says)) => {}
            _ => wrong.push(format!("{case}: {:?}", made.map(|made| made.rules))),
        }
    }
    assert!(cases.len() > 120, "{}", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_rule_that_can_never_hold_is_told_with_the_rule_before_it() {
    let rules = |rules: &[(&str, &str)]| {
        let (head, _) = ACME.split_once("[[listen]]").unwrap();
        let mut text = head
            .replace("told = { heard = \"acme\" }\n", "")
            .replace("looks = \"never\"", "looks = \"always\"")
            .replace("tc = { cookie", "tc = { local-beginning");
        // Every place is asked for by a rule that says nothing else.
        text.push_str("[[rule]]\nfrom = \"stored\"\nif = [\"tc.a is there\", \"allowed is there\", \"groups is there\", \"either is there\", \"local is there\"]\nthen = \"expired\"\n");
        for (conditions, meaning) in rules {
            text.push_str(&format!(
                "[[rule]]\nfrom = \"running\"\nif = [{conditions}]\n{meaning}\n"
            ));
        }
        wrong(&text)
    };
    let then = "then = \"unset\"";
    let some =
        "answers = [{ by = \"visitor\", each = \"state\", name = \"key\", value = \"itself\" }]";
    for never in [
        [("\"state is there\"", then), ("\"state is there\"", some)],
        [("\"state is there\"", then), ("\"state.a is true\", \"cookie is there\"", some)],
        [("\"state is there\"", then), ("\"any state.a.* is 'x'\"", then)],
        [("\"state.a is not true\"", then), ("\"state.a is false\"", then)],
        [("\"state is not there\"", then), ("\"state is not there\", \"cookie is 'x'\"", then)],
        [("\"state is there or cookie is there\"", then), ("\"cookie is 'x'\"", then)],
        [("\"state is a text\"", some), ("\"state is a text\"", some)],
        [("\"state is a boolean\"", then), ("\"state is true\"", some)],
    ] {
        let said = rules(&never);
        assert_eq!(said.len(), 1, "{never:?}: {said:?}");
        assert!(
            said[0]
                .contains("this rule can never hold: wherever it would, the rule in line 39 holds"),
            "{said:?}"
        );
    }
    for contradiction in [
        "\"state is true\", \"state is false\"",
        "\"state is there\", \"state is not there\"",
        "\"state is not there\", \"state.a is 'x'\"",
        "\"state is a map\", \"state is 'x'\"",
        "\"state is 'x'\", \"state is 'y'\"",
        "\"state is true\", \"state is not a boolean\"",
    ] {
        let said = rules(&[(contradiction, then)]);
        let found = said.iter().any(|one| one.contains("this rule can never hold: it asks for"));
        assert!(found, "{contradiction}: {said:?}");
    }
    for fine in [
        [("\"state is true\"", then), ("\"state is there\"", then)],
        [("\"state is there\"", some), ("\"state is there\"", then)],
        [("\"state.a is there\"", then), ("\"state.ab is there\"", then)],
        [("\"any state.* is true\"", then), ("\"any state.* is false\"", then)],
        [("\"state begins with 'x'\"", then), ("\"state is 'y'\"", then)],
        [("\"state is above 0\"", then), ("\"state is 0\"", then)],
    ] {
        assert_eq!(rules(&fine), Vec::<String>::new(), "{fine:?}");
    }
}

/// What opens without the visitor has to be shown, whatever the sentence about it begins with.
#[test]
fn a_default_that_opens_is_shown_and_not_only_claimed() {
    let opening = ACME.replace("by = \"default-closed\"", "by = \"default-open\"");
    let told = |implied: &str, evidence: &str| {
        let text = opening
            .replace("implied = \"none\"", &format!("implied = \"{implied}\""))
            .replace("explicit = [", &format!("{evidence}\nexplicit = ["));
        wrong(&text).join("; ")
    };
    let claim = "none is stored, and the category is on";
    assert!(told(claim, "").contains("does not say how `implied` is known"));
    assert!(told("not applicable here", "").contains("does not say how `implied` is known"));
    for nothing in ["none", "none: nobody is asked", "cannot be told; it ends by itself"] {
        let said = told(nothing, "implied = { run = \"1.2\" }");
        assert!(said.contains("says that there is none, and a rule allows by default"), "{said}");
    }
    for weak in [
        "documented = \"https://acme.example/docs\"",
        "reported = \"other programs' adapters\"",
        "reported = \"a guide at https://acme.example/how-to\"",
    ] {
        let said = told(claim, &format!("implied = {{ {weak} }}"));
        assert!(said.contains("documentation alone does not open"), "{weak}: {said}");
    }
    for strong in [
        "run = \"1.2\"",
        "captured = \"2026-11-28\"",
        "reported = \"the vendor's module: acme/module:src/consent.js\"",
        "reported = \"its types: @acme/types@1.2.3\"",
    ] {
        assert_eq!(told(claim, &format!("implied = {{ {strong} }}")), "", "{strong}");
    }
    // A default that closes, a rule whose answer is always no, and one that says that there is none.
    for shut in [
        ACME.to_owned(),
        opening.replace("yes = \"1\", no = \"0\"", "value = false"),
        ACME.replace("implied = \"none\"", "implied = \"none: nothing allows\""),
    ] {
        assert_eq!(wrong(&shut), Vec::<String>::new());
    }
    let rule =
        "\n[[rule]]\nfrom = \"stored\"\nif = [\"told is there\"]\nthen = \"implied-granted\"\n";
    assert!(wrong(&(ACME.to_owned() + rule)).join("; ").contains("a rule allows by default"));
}

#[test]
fn high_confidence_was_run_or_captured() {
    let high = ACME.replace("low (made up)", "high (made up)");
    assert_eq!(wrong(&high), Vec::<String>::new());
    let read =
        high.replace("explicit = [{ run = \"1.2\", captured = \"2026-11-28\" }, ", "explicit = [");
    assert!(wrong(&read).join("; ").contains("high only where `explicit` was run or captured"));
    assert_eq!(wrong(&read.replace("high (", "medium (")), Vec::<String>::new());
}

#[test]
fn evidence_says_where() {
    let said = |detected: &str| {
        wrong(&ACME.replace("{ documented = \"https://acme.example/docs\" }", detected)).join("; ")
    };
    for root in ["https://acme.example/", "https://acme.example"] {
        let said = said(&format!("{{ documented = \"{root}\" }}"));
        assert!(said.contains("the page that says it, not a whole site"), "{said}");
    }
    assert!(said("{ reported = \"other programs' adapters\" }").contains("by which program"));
    assert_eq!(said("{ reported = \"other programs' adapters: acme/reader:src/cmp.ts\" }"), "");
}

/// That something was run is said where a fixture shows what the run gave, and not elsewhere.
#[test]
fn what_is_said_to_be_run_has_a_fixture_of_a_run() {
    let mut wrong = Vec::new();
    for adapter in real() {
        let ran: Vec<_> = crate::fixtures::load(&adapter.id)
            .into_iter()
            .filter(|fixture| fixture.how.as_deref() == Some("run"))
            .collect();
        let answers = |wanted: &[&str]| {
            ran.iter().filter_map(|fixture| fixture.expect.as_ref()).any(|expect| {
                expect.answers.values().flatten().any(|answer| wanted.contains(&answer.as_str()))
            })
        };
        for (fact, ways) in &adapter.evidence {
            let shown = match fact.as_str() {
                "explicit" => answers(&["granted", "denied"]),
                "implied" => answers(&["implied-granted", "implied-denied"]),
                "stored" => ran.iter().any(|fixture| {
                    fixture
                        .snapshot
                        .keys()
                        .any(|key| key.starts_with("cookie:") || key.starts_with("local:"))
                }),
                _ => !ran.is_empty(),
            };
            if ways.iter().any(|way| way.kind == "run") && !shown {
                wrong.push(format!("{}: `{fact}` is said to be run", adapter.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_toml_and_two_of_one_order_are_told() {
    assert!(wrong("id = \n")[0].starts_with("1: "), "{:?}", wrong("id = \n"));
    let two = ["acme", "acme2"].map(|id| {
        let text = ACME.replace("\"acme\"\norder", &format!("\"{id}\"\norder"));
        (format!("src/cmp/adapters/{id}.toml"), text)
    });
    let problems = build::all(&two).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "src/cmp/adapters/acme2.toml:2: `order` 5 is that of src/cmp/adapters/acme.toml as well: each has its own"
    );
}

/// Every adapter's file, compiled.
fn real() -> Vec<Adapter> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cmp/adapters");
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.ends_with(".toml"), "{name}");
        files.push((format!("src/cmp/adapters/{name}"), fs::read_to_string(&path).unwrap()));
    }
    build::all(&files).unwrap()
}

#[test]
fn every_file_is_an_adapter_and_its_text_is_what_a_page_carries() {
    let made = real();
    assert_eq!(
        made.iter().map(|adapter| adapter.id.as_str()).collect::<Vec<_>>(),
        ALL.iter().map(|adapter| adapter.id).collect::<Vec<_>>()
    );
    // A part of the adapters is carried as the texts of each, with a byte 1 between.
    let some: BTreeSet<&str> = ["klaro", "didomi"].into();
    let text: Vec<String> = made
        .iter()
        .filter(|adapter| some.contains(adapter.id.as_str()))
        .map(build::emit::text)
        .collect();
    let read = mixpanel_consent_bridge::cmp::parse(text.join("\u{1}").leak());
    let shown: Vec<String> = read.iter().map(|adapter| format!("{adapter:?}")).collect();
    let all = ALL.iter().filter(|adapter| some.contains(adapter.id));
    assert_eq!(shown, all.map(|adapter| format!("{:?}", *adapter)).collect::<Vec<_>>());
}
