//! A bridge, and what it is asked.

use js_sys::{Array, Function, Reflect};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::{Closure, JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::host::{self, Js};
use super::{Answer, ConsentEvent, Error, Options, PerFeature, State};

/// What the site keeps of an explicit answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What it was in the visitor's history.
    pub event: ConsentEvent,
    /// When, in milliseconds since 1970.
    #[serde(rename = "at")]
    pub at_ms: u64,
    /// The source.
    pub cmp: String,
    /// What was answered.
    pub consent: PerFeature<Answer>,
}

/// Makes Mixpanel follow the site's consent manager. Returns at once.
///
/// # Errors
///
/// A programmer's mistake: no token, an unknown consent manager, a value that an option may not have.
/// Mixpanel stays shut then.
pub fn connect(options: &Options) -> Result<Bridge, Error> {
    let bridge = host::connect(&options.to_js()?).map_err(|thrown| Error::of(&thrown))?;
    let mistake = bridge.error();
    if mistake.is_object() {
        return Err(Error::of(&mistake));
    }
    Ok(Bridge(bridge))
}

/// One bridge. Copies are the same bridge; dropping them all leaves it as it is, because a page that
/// loses its last handle must still hear of a withdrawal.
#[derive(Clone)]
pub struct Bridge(Js);

impl Bridge {
    /// The present state.
    pub fn state(&self) -> State {
        from_js(self.0.state()).unwrap_or_else(unreadable)
    }

    /// The first state in which somebody, or a default, has answered.
    pub async fn ready(&self) -> State {
        match JsFuture::from(self.0.ready()).await {
            Ok(state) => from_js(state).unwrap_or_else(unreadable),
            // The page's promise is never rejected.
            Err(_) => self.state(),
        }
    }

    /// Calls `listener` at once and on each change, until what it gives is dropped.
    pub fn subscribe(&self, mut listener: impl FnMut(State) + 'static) -> Subscription {
        let listener = Closure::<dyn FnMut(JsValue)>::new(move |state| {
            listener(from_js(state).unwrap_or_else(unreadable));
        });
        Subscription { stop: Some(self.0.subscribe(&listener)), listener: Some(listener) }
    }

    /// The visitor said yes, in the site's own dialog.
    ///
    /// # Errors
    ///
    /// [`Error::CmpDecides`] with a consent manager.
    pub fn grant(&self) -> Result<(), Error> {
        self.0.grant().map_err(|thrown| Error::of(&thrown))
    }

    /// The visitor said no, in the site's own dialog.
    ///
    /// # Errors
    ///
    /// [`Error::CmpDecides`] with a consent manager.
    pub fn deny(&self) -> Result<(), Error> {
        self.0.deny().map_err(|thrown| Error::of(&thrown))
    }

    /// Forgets the record and asks again.
    ///
    /// # Errors
    ///
    /// [`Error::CmpDecides`] with a consent manager.
    pub fn reset(&self) -> Result<(), Error> {
        self.0.reset().map_err(|thrown| Error::of(&thrown))
    }

    /// Tracks an event, as far as consent allows: it may wait, or be dropped.
    ///
    /// # Errors
    ///
    /// [`Error::ValueInvalid`] if the properties cannot be serialised.
    pub fn track(&self, event: &str, properties: &impl Serialize) -> Result<(), Error> {
        let properties = to_js("properties", properties)?;
        self.call(&["track"], &[event.into(), properties])
    }

    /// Registers properties that go with every later event.
    ///
    /// # Errors
    ///
    /// [`Error::ValueInvalid`] if they cannot be serialised.
    pub fn register(&self, properties: &impl Serialize) -> Result<(), Error> {
        self.call(&["register"], &[to_js("properties", properties)?])
    }

    /// Says who the person is.
    ///
    /// # Errors
    ///
    /// What the page's own Mixpanel throws.
    pub fn identify(&self, distinct_id: &str) -> Result<(), Error> {
        self.call(&["identify"], &[distinct_id.into()])
    }

    /// Sets properties of the person's profile.
    ///
    /// # Errors
    ///
    /// [`Error::ValueInvalid`] if they cannot be serialised.
    pub fn people_set(&self, properties: &impl Serialize) -> Result<(), Error> {
        self.call(&["people", "set"], &[to_js("properties", properties)?])
    }

    /// The gated SDK, for what has no method here: the same shape as Mixpanel's own.
    pub fn mixpanel(&self) -> JsValue {
        self.0.mixpanel()
    }

    /// Why Mixpanel is on or off now, to print.
    pub async fn explain(&self) -> String {
        let told = self.0.explain();
        let told = JsFuture::from(js_sys::Promise::resolve(&told)).await.unwrap_or(told);
        told.unchecked_ref::<js_sys::Object>().to_string().into()
    }

    /// The kept records, newest first.
    pub fn receipts(&self) -> Vec<Receipt> {
        self.0.receipts().iter().filter_map(from_js).collect()
    }

    /// Removes every listener, and shuts: nothing is sent until `connect` is called again. What was
    /// stored stays.
    pub fn disconnect(&self) {
        self.0.disconnect();
    }

    /// Calls a method of the gated SDK.
    fn call(&self, path: &[&str], arguments: &[JsValue]) -> Result<(), Error> {
        let mut owner = JsValue::UNDEFINED;
        let mut value = self.mixpanel();
        for name in path {
            owner = value;
            value = Reflect::get(&owner, &(*name).into()).map_err(|thrown| Error::of(&thrown))?;
        }
        let Some(method) = value.dyn_ref::<Function>() else { return Ok(()) };
        let arguments: Array = arguments.iter().collect();
        method.apply(&owner, &arguments).map_err(|thrown| Error::of(&thrown))?;
        Ok(())
    }
}

/// Listens until it is dropped.
#[must_use = "dropping it stops listening"]
pub struct Subscription {
    stop: Option<Function>,
    listener: Option<Closure<dyn FnMut(JsValue)>>,
}

impl Subscription {
    /// Listens for as long as the page lives.
    pub fn forget(mut self) {
        self.stop = None;
        if let Some(listener) = self.listener.take() {
            listener.forget();
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(stop) = &self.stop {
            // It takes the listener out of a set, and cannot fail.
            let _ = stop.call0(&JsValue::UNDEFINED);
        }
    }
}

/// As JSON would have it: maps are objects, and nothing is `null` where it may be left out.
pub(super) fn to_js(what: &str, value: &impl Serialize) -> Result<JsValue, Error> {
    value.serialize(&Serializer::json_compatible()).map_err(|error| Error::value(what, error))
}

pub(super) fn from_js<T: DeserializeOwned>(value: JsValue) -> Option<T> {
    serde_wasm_bindgen::from_value(value).ok()
}

/// The page's files and this one are of one version; should they not be, nothing is allowed.
fn unreadable() -> State {
    State {
        consent: Answer::Unset,
        mode: super::Mode::Off,
        cmp: None,
        code: super::Code::CoreUnavailable,
        reason: "The page's part of the bridge said something that its Rust part cannot read."
            .to_owned(),
        held: 0,
        at_ms: 0,
    }
}
