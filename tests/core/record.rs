//! The consent record as text: what is read back, and what is no record.

use mixpanel_consent_bridge::core::{ConsentEvent, Record};

use crate::table::{answers, letters, rows};

fn record(letters: &str, event: ConsentEvent, at_ms: u64, source: &str) -> Record {
    Record { answers: answers(letters), event, at_ms, source: source.into() }
}

#[test]
fn what_is_written_is_read() {
    for (line, made) in [
        (
            "1.gggg.g.1764000000000.onetrust",
            record("gggg", ConsentEvent::Given, 1_764_000_000_000, "onetrust"),
        ),
        ("1.dddd.r.0.manual", record("dddd", ConsentEvent::Refused, 0, "manual")),
        ("1.dgou.w.10.iab-tcf", record("dgou", ConsentEvent::Withdrawn, 10, "iab-tcf")),
        ("1.uccu.e.9.", record("uccu", ConsentEvent::Expired, 9, "")),
        ("1.gggg.g.18446744073709551615.x", record("gggg", ConsentEvent::Given, u64::MAX, "x")),
    ] {
        assert_eq!(made.line(), line);
        assert_eq!(Record::parse(line), Some(made));
    }
}

#[test]
fn what_is_no_record() {
    for [why, line] in rows(
        "
        why                     | line
        nothing                 |
        another version         | 2.gggg.g.1764000000000.onetrust
        another version         | 10.gggg.g.1764000000000.onetrust
        no version              | .gggg.g.1764000000000.onetrust
        an unknown letter       | 1.gggx.g.1764000000000.onetrust
        capitals                | 1.GGGG.g.1764000000000.onetrust
        three answers           | 1.ggg.g.1764000000000.onetrust
        five answers            | 1.ggggg.g.1764000000000.onetrust
        no answers              | 1..g.1764000000000.onetrust
        a letter of two bytes   | 1.ggé.g.1764000000000.onetrust
        an unknown event         | 1.gggg.x.1764000000000.onetrust
        two turns               | 1.gggg.gg.1764000000000.onetrust
        no event                 | 1.gggg..1764000000000.onetrust
        no time                 | 1.gggg.g..onetrust
        a time before 1970      | 1.gggg.g.-1.onetrust
        a sign                  | 1.gggg.g.+1.onetrust
        a fraction              | 1.gggg.g.1e3.onetrust
        a time beyond all       | 1.gggg.g.18446744073709551616.onetrust
        no source               | 1.gggg.g.1764000000000
        more than there is      | 1.gggg.g.1764000000000.onetrust.more
        markup in the source    | 1.gggg.g.1764000000000.<b>
        a space in the source   | 1.gggg.g.1764000000000.one trust
        a line in the source    | 1.gggg.g.1764000000000.one%0Atrust
        a long source           | 1.gggg.g.1764000000000.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        truncated               | 1.gggg.g.17640000000
        a word                  | granted
        JSON                    | {\"consent\":\"granted\"}
        ",
    ) {
        assert_eq!(Record::parse(line), None, "{why}");
    }
    // The table trims; these are the same line with something browser it.
    for line in [
        " 1.gggg.g.1.x",
        "1.gggg.g.1.x ",
        "1.gggg.g.1.x\r",
        "\u{feff}1.gggg.g.1.x",
        "1.gggg.g.1\0.x",
    ] {
        assert_eq!(Record::parse(line), None, "{line:?}");
    }
}

#[test]
fn a_forged_source_does_not_get_out_of_its_field() {
    let forged = record("dddd", ConsentEvent::Refused, 1, "x\n1.gggg.g.2.y; path=/<script>.é");
    let line = forged.line();
    assert_eq!(Record::parse_all(&line).len(), 1);
    assert_eq!(letters(Record::parse(&line).unwrap().answers), "dddd");
    assert!(line.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-'), "{line}");
    let long = record("dddd", ConsentEvent::Refused, 1, &"a".repeat(100));
    assert!(Record::parse(&long.line()).is_some());
}

#[test]
fn several_lines_newest_first() {
    let lines = "1.dddd.w.3.x\n1.gggg.g.2.x\nnoise\n\n1.dddd.r.1.x";
    let turns: Vec<&str> = Record::parse_all(lines).iter().map(|r| r.event.name()).collect();
    assert_eq!(turns, ["withdrawn", "given", "refused"]);
}

#[test]
fn no_more_lines_than_are_kept_are_read() {
    let many = "1.gggg.g.1.x\n".repeat(Record::KEPT * 3);
    assert_eq!(Record::parse_all(&many).len(), Record::KEPT);
}

#[test]
fn a_signed_record_is_read_without_its_key_and_one_that_only_looks_so_is_none() {
    use mixpanel_consent_bridge::request::sign::{sign, signed};
    let line = "1.gggd.g.1764000000000.usercentrics";
    let whole = sign("c", line, b"a secret of the site").unwrap();
    assert_eq!(Record::parse(&whole), Record::parse(line));
    assert_eq!(Record::parse(&whole).unwrap().line(), line);
    assert!(
        signed("c", &whole, b"a secret of the site")
            && !signed("c", &whole, b"another of the site")
    );
    assert!(!signed("another cookie", &whole, b"a secret of the site"));
    for wrong in [
        &whole[..whole.len() - 1],
        &[&whole, "A"].concat(),
        &[&whole, ".A"].concat(),
        &[line, "."].concat(),
    ] {
        assert_eq!(Record::parse(wrong), None, "{wrong}");
        assert!(!signed("c", wrong, b"a secret of the site"));
    }
    assert!(
        !signed("c", line, b"a secret of the site") && !signed("c", "", b"a secret of the site")
    );
}
