//! A shop of one article in Leptos, whose visitors are asked by vanilla-cookieconsent. What they buy
//! is told to Mixpanel, as far as they allow it.
//!
//! The page (index.html) loads the consent manager as any page does; nothing here knows it but the
//! line that names it. README.md says how to build and serve it.

use futures_util::StreamExt;
use leptos::mount::mount_to_body;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mixpanel_consent_bridge::web::{
    Bridge, Error, Feature, Options, Sdk, Subscription, connect, events, last_answer,
};
use serde::Serialize;

/// What `mixpanel.init()` gets.
#[derive(Serialize)]
struct Config {
    /// A path of the shop's own, which its server hands on to Mixpanel.
    api_host: String,
    track_pageview: bool,
}

/// What goes with an event.
#[derive(Serialize)]
struct Bought {
    article: &'static str,
    price: u32,
}

/// The project's token stands in the page, so that one build serves every environment.
fn token() -> String {
    let meta = document().query_selector("meta[name=mixpanel-token]").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}

fn start() -> Result<Bridge, Error> {
    let origin = window().location().origin().unwrap_or_default();
    let config = Config { api_host: format!("{origin}/mp"), track_pageview: true };
    let options = Options::new(token())
        .cmp(["vanilla-cookieconsent"])
        // Fetched after a yes, and not before.
        .sdk(Sdk::module("/mixpanel.module.js"))
        .debug(true)
        .config(&config)?;
    connect(&options)
}

/// The shop, with a bridge.
#[component]
fn Shop(bridge: Bridge) -> impl IntoView {
    let (state, set_state) = signal(bridge.state());
    // It listens for as long as this component lives, or until the button drops it.
    let listening = StoredValue::new_local(Some(bridge.subscribe(move |now| set_state.set(now))));
    let stop = move |_| listening.set_value(None::<Subscription>);

    let (answered, set_answered) = signal(String::new());
    let waiting = bridge.clone();
    spawn_local(async move {
        let first = waiting.ready().await;
        set_answered.set(first.consent.name().to_owned());
    });

    let (told, set_told) = signal(0);
    spawn_local(async move {
        let mut events = events();
        while events.next().await.is_some() {
            set_told.update(|told| *told += 1);
        }
    });

    let (problem, set_problem) = signal(String::new());
    let explained = bridge.clone();
    let (why, set_why) = signal(String::new());
    let explain = move |_| {
        let explained = explained.clone();
        spawn_local(async move { set_why.set(explained.explain().await) });
    };
    let buy = move |_| {
        if let Err(error) = bridge.track("Bought", &Bought { article: "Teapot", price: 18 }) {
            set_problem.set(error.to_string());
        }
    };

    view! {
        <p>"Mixpanel: " <output id="state">{move || {
            let state = state.get();
            format!("{} {}", state.consent.name(), state.mode.name())
        }}</output></p>
        <p>"First answer: " <output id="answered">{answered}</output></p>
        <p>"Things that the bridge did: " <output id="told">{told}</output></p>
        <button id="buy" on:click=buy>"Buy the teapot"</button>
        <button id="why" on:click=explain>"Why?"</button>
        <button id="stop" on:click=stop>"Stop watching"</button>
        <p id="problem">{problem}</p>
        <pre id="explained">{why}</pre>
    }
}

/// The page: what was answered before, and the shop or what is wrong with it.
#[component]
fn Page() -> impl IntoView {
    // Before any script of the consent manager's, from what was kept.
    let earlier = match last_answer(&token()) {
        Some(record) => record.answers.get(Feature::Tracking).name(),
        None => "none",
    };
    view! {
        <h1>"Teapots"</h1>
        <p>"Answer of an earlier page: " <output id="earlier">{earlier}</output></p>
        {match start() {
            Ok(bridge) => view! { <Shop bridge /> }.into_any(),
            // The shop goes on without Mixpanel.
            Err(error) => view! { <p id="problem">{error.to_string()}</p> }.into_any(),
        }}
    }
}

fn main() {
    console_error_panic_hook::set_once();
    mount_to_body(|| view! { <Page /> });
}
