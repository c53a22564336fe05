//! The program of docs/start/rust.md, without a framework: what the page shows is what stands here.

use mixpanel_consent_bridge::web::{Error, Options, Sdk, connect};

fn log(text: &str) {
    web_sys::console::log_1(&text.into());
}

fn start() -> Result<(), Error> {
    // Mixpanel's module, from a place of your own: it is fetched after a yes and not before.
    let options = Options::new("YOUR_PROJECT_TOKEN").sdk(Sdk::module("/mixpanel.module.js"));
    let bridge = connect(&options)?;
    bridge.track("Page Loaded", &())?;
    let listening = bridge.subscribe(|state| log(&state.reason));
    // Dropping it stops listening; a page that listens for as long as it lives keeps it.
    listening.forget();
    Ok(())
}

fn main() {
    if let Err(error) = start() {
        log(&error.to_string());
    }
}
