//! The decision alone: what two sources say, by a site's rules, and what is then to be done to an SDK.
//!
//! ```sh
//! cargo run --example decide --no-default-features
//! ```

use mixpanel_consent_bridge::core::{
    Answer, BrowserSignals, Event, Implied, PerFeature, Policy, Rank, Session, Signal,
};

fn main() {
    let policy = Policy { implied: Implied::Ask, ..Policy::default() };
    // Nothing was kept of an earlier visit.
    let mut session = Session::new(policy, "", false, false);
    for (what, answer) in [
        ("a regional default allows", Answer::ImpliedGranted),
        ("the visitor says yes", Answer::Granted),
        ("the visitor takes it back", Answer::Denied),
    ] {
        let says = |source, rank| Signal {
            source,
            rank,
            live: true,
            answers: PerFeature::all(answer),
            trouble: None,
        };
        let effects = session.on(Event::Read {
            signals: &[says(0, Rank::Vendor), says(1, Rank::Bus)],
            browser: BrowserSignals::default(),
            now_ms: 1_764_000_000_000,
        });
        let commands: Vec<&str> = effects.commands.iter().map(|command| command.name()).collect();
        let decision = session.decision();
        println!(
            "{what}: {} ({}); {}",
            decision.mode.name(),
            decision.code.name(),
            commands.join(", ")
        );
    }
}
