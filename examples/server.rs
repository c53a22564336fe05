//! A server in Rust: what the visitor of a request has answered, by the pure core alone.
//!
//! ```sh
//! echo 'OptanonAlertBoxClosed=2026-11-23T10:00:00.000Z; OptanonConsent=interactionCount=1&groups=C0001%3A1%2CC0002%3A1' |
//!   cargo run --example server -- --cmp onetrust --category C0002
//! ```
//!
//! Reads a header `Cookie` a line from the standard input and prints what it allows, as JSON.
//! Options: `--cmp <id>`, `--category <name>`, `--token <token>`, `--record-key <key>` (each may be
//! repeated where several make sense), `--implied ask`, `--denied cookieless`, `--gpc` (the request
//! carries `Sec-GPC: 1`), `--dnt` (`DNT: 1`).

use std::io::BufRead;
use std::process::ExitCode;

use mixpanel_consent_bridge::core::{Denied, Feature, Implied, Policy};
use mixpanel_consent_bridge::request::{Options, Reader, Request};
use serde_json::{Value, json};

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Vec<String>) -> Result<(), String> {
    let (mut cmp, mut category, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    let (mut token, mut gpc, mut dnt) = (None, false, false);
    let mut policy = Policy::default();
    let mut words = arguments.iter().map(String::as_str);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value behind it"));
        match word {
            "--cmp" => cmp.push(value()?),
            "--category" => category.push(value()?),
            "--token" => token = Some(value()?),
            "--record-key" => keys.push(value()?.as_bytes()),
            "--implied" if value()? == "ask" => policy.implied = Implied::Ask,
            "--denied" if value()? == "cookieless" => policy.denied = Denied::Cookieless,
            "--gpc" => gpc = true,
            "--dnt" => dnt = true,
            _ => return Err(format!("{word} is not an option, or its value is none of its words")),
        }
    }
    // Made once, for all requests.
    let reader = Reader::new(&Options {
        cmp: &cmp,
        category: [&category; 4],
        policy,
        token,
        record_keys: &keys,
        ..Options::default()
    })
    .map_err(|unknown| format!("there is no adapter of the id {}", unknown.0))?;
    for line in std::io::stdin().lock().split(b'\n') {
        let line = line.map_err(|error| format!("the standard input ended early: {error}"))?;
        // A header is bytes; browsers send UTF-8.
        let cookies = String::from_utf8_lossy(&line);
        let verdict = reader.read(&Request { cookies: &cookies, gpc, dnt });
        let decision = verdict.ruling.decision;
        let each = |of: &dyn Fn(Feature) -> &'static str| {
            Value::from_iter(Feature::ALL.map(|feature| (feature.name(), of(feature))))
        };
        println!(
            "{}",
            json!({
                "consent": decision.consent.name(),
                "mode": decision.mode.name(),
                "cmp": verdict.source.map(|source| source.id()),
                "code": decision.code.name(),
                "reason": decision.code.reason(),
                "features": each(&|feature| verdict.ruling.answers.get(feature).name()),
                "modes": each(&|feature| decision.mode_of(feature).name()),
            })
        );
    }
    Ok(())
}
