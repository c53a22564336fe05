//! The shop of examples/leptos without a framework: what it calls of the crate is the same, and so are
//! the elements that the tests look at.

use std::cell::{Cell, RefCell};
use std::pin::pin;

use futures_core::Stream;
use mixpanel_consent_bridge::web::{
    Bridge, Error, Feature, Options, Sdk, State, connect, events, last_answer,
};
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::Document;

#[derive(Serialize)]
struct Config {
    api_host: String,
    track_pageview: bool,
}

#[derive(Serialize)]
struct Bought {
    article: &'static str,
    price: u32,
}

const PAGE: &str = r#"<output id="earlier"></output> <output id="state"></output> <output id="answered"></output> <output id="told"></output>
<button id="buy">Buy the teapot</button> <button id="why">Why?</button> <button id="stop">Stop watching</button>
<p id="problem"></p> <pre id="explained"></pre>"#;

fn document() -> Document {
    web_sys::window().and_then(|window| window.document()).expect("a page")
}

fn show(id: &str, text: &str) {
    document().get_element_by_id(id).expect(id).set_text_content(Some(text));
}

fn on_click(id: &str, work: impl FnMut() + 'static) {
    let work = Closure::<dyn FnMut()>::new(work);
    let button = document().get_element_by_id(id).expect(id);
    button
        .add_event_listener_with_callback("click", work.as_ref().unchecked_ref())
        .expect("a listener");
    work.forget();
}

fn token() -> String {
    let meta = document().query_selector("meta[name=mixpanel-token]").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}

fn start() -> Result<Bridge, Error> {
    let origin =
        document().location().and_then(|location| location.origin().ok()).unwrap_or_default();
    let config = Config { api_host: format!("{origin}/mp"), track_pageview: true };
    let options = Options::new(token())
        .cmp(["vanilla-cookieconsent"])
        .sdk(Sdk::module("/mixpanel.module.js"))
        .debug(true)
        .config(&config)?;
    connect(&options)
}

fn tell(state: &State) {
    show("state", &format!("{} {}", state.consent.name(), state.mode.name()));
}

fn shop(bridge: Bridge) {
    tell(&bridge.state());
    let listening = RefCell::new(Some(bridge.subscribe(|state| tell(&state))));
    on_click("stop", move || drop(listening.take()));

    let waiting = bridge.clone();
    spawn_local(async move { show("answered", waiting.ready().await.consent.name()) });
    spawn_local(async {
        let told = Cell::new(0);
        let mut events = pin!(events());
        while std::future::poll_fn(|context| events.as_mut().poll_next(context)).await.is_some() {
            told.set(told.get() + 1);
            show("told", &told.get().to_string());
        }
    });
    let explained = bridge.clone();
    on_click("why", move || {
        let explained = explained.clone();
        spawn_local(async move { show("explained", &explained.explain().await) });
    });
    on_click("buy", move || {
        if let Err(error) = bridge.track("Bought", &Bought { article: "Teapot", price: 18 }) {
            show("problem", &error.to_string());
        }
    });
}

fn main() {
    document().body().expect("a body").insert_adjacent_html("beforeend", PAGE).expect("the page");
    // Before any script of the consent manager's, from what was kept.
    show(
        "earlier",
        last_answer(&token()).map_or("none", |record| record.answers.get(Feature::Tracking).name()),
    );
    match start() {
        Ok(bridge) => shop(bridge),
        Err(error) => show("problem", &error.to_string()),
    }
}
