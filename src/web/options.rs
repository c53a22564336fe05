//! The options of `connect()` as Rust types. What each means in full is at
//! <https://mixpanel-consent-bridge.github.io/mixpanel-consent-bridge/options>.

use js_sys::{Array, Function, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use super::bridge::{Receipt, from_js, to_js};
use super::{Denied, Error, Feature, Implied, Pending, Privacy, Start, host};

/// Where the SDK comes from.
#[derive(Clone, Debug, Default)]
pub enum Sdk {
    /// `window.mixpanel`, whoever brings it.
    #[default]
    Global,
    /// Called when the SDK may run, and not before; gives the SDK, or a promise of it.
    Loader(Function),
    /// An SDK that is there.
    Object(JsValue),
}

impl Sdk {
    /// Mixpanel's module at this address (`mixpanel.module.js` of the npm package `mixpanel-browser`),
    /// fetched when the SDK may run, and not before.
    pub fn module(url: &str) -> Sdk {
        Sdk::Loader(host::library(url))
    }
}

/// Where the consent record is kept after an explicit answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordPlace {
    /// In local storage.
    Local,
    /// In a cookie, which a server can read.
    Cookie,
    /// Nowhere.
    None,
}

/// The consent manager's names for analytics: all of several must allow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Category(Vec<(Feature, Vec<String>)>);

impl Category {
    /// The names for everything that Mixpanel does.
    pub fn all<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Category {
        Category::default().of(Feature::Tracking, names)
    }

    /// The names for one feature, which then opens and closes by itself. A feature without names
    /// has those of [`Feature::Tracking`].
    pub fn of<N: Into<String>>(
        mut self,
        feature: Feature,
        names: impl IntoIterator<Item = N>,
    ) -> Category {
        self.0.push((feature, names.into_iter().map(Into::into).collect()));
        self
    }
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Plain {
    token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Start>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending: Option<Pending>,
    #[serde(skip_serializing_if = "Option::is_none")]
    denied: Option<Denied>,
    #[serde(skip_serializing_if = "Option::is_none")]
    implied: Option<Implied>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gpc: Option<Privacy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dnt: Option<Privacy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordPlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    opt_in_event: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hold_limit: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cmp_timeout: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    debug: Option<bool>,
}

/// The options of [`connect`](super::connect). Each says what holds where it is not set.
///
/// ```no_run
/// # #[cfg(all(target_arch = "wasm32", feature = "web"))]
/// # fn options() {
/// use mixpanel_consent_bridge::web::{Category, Feature, Options, Pending};
///
/// let options = Options::new("YOUR_PROJECT_TOKEN")
///     .cmp(["onetrust"])
///     .category(Category::all(["C0002"]).of(Feature::Replay, ["C0002", "C0003"]))
///     .pending(Pending::Drop);
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Options {
    plain: Plain,
    sdk: Sdk,
    cmp: Vec<JsValue>,
    category: Category,
    config: JsValue,
    on_receipt: JsValue,
}

macro_rules! set {
    ($($(#[$doc:meta])* $option:ident: $kind:ty,)+) => {$(
        $(#[$doc])*
        pub fn $option(mut self, $option: $kind) -> Options {
            self.plain.$option = Some($option);
            self
        }
    )+};
}

impl Options {
    /// The options of a Mixpanel project.
    pub fn new(token: impl Into<String>) -> Options {
        Options { plain: Plain { token: token.into(), ..Plain::default() }, ..Options::default() }
    }

    set! {
        /// When `init()` is called. By default after a yes ([`Start::Deferred`]).
        start: Start,
        /// What happens to calls while nobody has answered. By default they are held ([`Pending::Hold`]).
        pending: Pending,
        /// What happens after a no. By default nothing is sent ([`Denied::Off`]).
        denied: Denied,
        /// What counts if the consent manager allows analytics without asking, as in a region without a
        /// consent law. By default it counts as a yes ([`Implied::Accept`]).
        implied: Implied,
        /// What Global Privacy Control closes. By default what only a default opened
        /// ([`Privacy::Respect`]).
        gpc: Privacy,
        /// What Do Not Track closes. By default what only a default opened ([`Privacy::Respect`]).
        dnt: Privacy,
        /// Where the consent record is kept. By default in local storage ([`RecordPlace::Local`]).
        record: RecordPlace,
        /// Whether `$opt_in` is sent once per real yes. By default it is not.
        opt_in_event: bool,
        /// How many calls are held, the newest. By default 1,000.
        hold_limit: u32,
        /// Whether everything that happens is told to [`events`](super::events), and the inspector shown
        /// on the page. By default it is not.
        debug: bool,
    }

    /// The instance's name: several bridges may serve several instances.
    pub fn name(mut self, name: impl Into<String>) -> Options {
        self.plain.name = Some(name.into());
        self
    }

    /// After how many milliseconds a missing consent manager is reported. By default 10,000.
    pub fn cmp_timeout_ms(mut self, ms: u32) -> Options {
        self.plain.cmp_timeout = Some(ms);
        self
    }

    /// Where each receipt is posted, as JSON. By default nowhere.
    pub fn receipt_endpoint(mut self, url: impl Into<String>) -> Options {
        self.plain.receipt_endpoint = Some(url.into());
        self
    }

    /// Where the SDK comes from. By default the page's global.
    pub fn sdk(mut self, sdk: Sdk) -> Options {
        self.sdk = sdk;
        self
    }

    /// Which consent managers are read, by their ids; `manual` is the site's own dialog. By default
    /// `auto`: whichever is on the page.
    pub fn cmp<'i>(mut self, ids: impl IntoIterator<Item = &'i str>) -> Options {
        self.cmp.extend(ids.into_iter().map(JsValue::from_str));
        self
    }

    /// A consent manager of the site's own, made of data alone: an id, an event, a place, and what
    /// there is a yes and what a no (as the type `SimpleAdapter` of the npm package).
    ///
    /// # Errors
    ///
    /// [`Error::ValueInvalid`] if it cannot be serialised.
    pub fn own_cmp(mut self, adapter: &impl Serialize) -> Result<Options, Error> {
        self.cmp.push(to_js("adapter", adapter)?);
        Ok(self)
    }

    /// The consent manager's names for analytics.
    pub fn category(mut self, category: Category) -> Options {
        self.category = category;
        self
    }

    /// What `mixpanel.init()` is configured with.
    ///
    /// # Errors
    ///
    /// [`Error::ValueInvalid`] if it cannot be serialised.
    pub fn config(mut self, config: &impl Serialize) -> Result<Options, Error> {
        self.config = to_js("config", config)?;
        Ok(self)
    }

    /// Called with each change that was recorded, for as long as the page lives.
    pub fn on_receipt(mut self, mut told: impl FnMut(Receipt) + 'static) -> Options {
        let closure = Closure::<dyn FnMut(JsValue)>::new(move |receipt: JsValue| {
            if let Some(receipt) = from_js(receipt) {
                told(receipt);
            }
        });
        self.on_receipt = closure.into_js_value();
        self
    }

    pub(super) fn to_js(&self) -> Result<JsValue, Error> {
        let options = to_js("options", &self.plain)?;
        let put = |key: &str, value: &JsValue| {
            // An object of our own takes every property.
            let _ = Reflect::set(&options, &key.into(), value);
        };
        match &self.sdk {
            Sdk::Global => {}
            Sdk::Loader(load) => put("mixpanel", load),
            Sdk::Object(sdk) => put("mixpanel", sdk),
        }
        if !self.cmp.is_empty() {
            put("cmp", &self.cmp.iter().collect::<Array>());
        }
        if !self.category.0.is_empty() {
            let category = Object::new();
            for (feature, names) in &self.category.0 {
                let names: Array = names.iter().map(JsValue::from).collect();
                let _ = Reflect::set(&category, &feature.name().into(), &names);
            }
            put("category", &category);
        }
        if !self.config.is_undefined() {
            put("config", &self.config);
        }
        if !self.on_receipt.is_undefined() {
            put("onReceipt", &self.on_receipt);
        }
        Ok(options)
    }
}
