//! Carries out the core's commands on one instance of the Mixpanel SDK.
//!
//! Each command is one step of a recipe found by experiment on mixpanel-browser 2.41 to
//! 2.83, module and minified builds; the order of the steps is the core's. The public
//! documentation differs in places (docs.mixpanel.com, "Protecting User Data"); what the
//! SDK does counts here.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Math, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::page::{self, call, get, object, set};
use super::storage::Names;
use crate::core::{Command, Feature, Flow, Input, Opening, PerFeature};

/// How long the SDK's own asynchronous writers need after a lock: its queues write behind a
/// promise, and its recorder collects events for 250 ms before it stores them.
const SETTLE_MS: i32 = 300;
/// Its slowest writer waits two seconds for a lock between tabs.
const LATE_MS: [i32; 2] = [500, 3000];

/// One instance of the SDK.
pub struct Driver {
    host: JsValue,
    /// What the SDK's keys on the device are called.
    pub names: Names,
    instance: RefCell<Option<JsValue>>,
    init: RefCell<JsValue>,
    swept: RefCell<Option<Promise>>,
    /// A page view that a locked start has missed.
    pageview_due: Cell<bool>,
    loaded_due: Cell<bool>,
}

impl Driver {
    /// A driver for the instance that the gate's `host` describes.
    pub fn new(host: &JsValue, names: Names) -> Driver {
        Driver {
            host: host.clone(),
            names,
            instance: RefCell::new(None),
            init: RefCell::new(JsValue::UNDEFINED),
            swept: RefCell::new(None),
            pageview_due: Cell::new(false),
            loaded_due: Cell::new(false),
        }
    }

    fn option(&self, key: &str) -> JsValue {
        get(&get(&self.host, "config"), key)
    }

    /// Does one command. `report` takes what happens in answer, now or later; an error is
    /// one that the SDK or the site's own code threw.
    pub fn run(
        &self,
        command: Command,
        report: impl Fn(Input) + Clone + 'static,
    ) -> Result<(), JsValue> {
        let sdk = self.instance.borrow().clone();
        let on_sdk = |method: &str, args: &[&JsValue]| match &sdk {
            Some(sdk) => call(sdk, method, args).map(|_| ()),
            None => Ok(()),
        };
        match command {
            Command::Gate(flow) => {
                call(&self.host, "gate", &[&letters(flow).into()])?;
            }
            Command::Load => self.load(report)?,
            Command::Init(opening) => self.init(opening, report)?,
            Command::Unlock(opening) if sdk.is_none() => self.init(opening, report)?,
            Command::Unlock(opening) => self.unlock(opening)?,
            Command::Lock => {
                self.pageview_due.set(true);
                if let Some(sdk) = &sdk {
                    call(&self.host, "lock", &[sdk])?;
                }
            }
            Command::OptOut => {
                // With the default, the profile would be deleted, and only at the next yes.
                on_sdk("opt_out_tracking", &[&object(&[("delete_user", JsValue::FALSE)])])?;
            }
            Command::StopReplay => on_sdk("stop_session_recording", &[])?,
            Command::Reset => on_sdk("reset", &[])?,
            Command::StopSenders => on_sdk("stop_batch_senders", &[])?,
            Command::ClearFlag => self.names.clear_flag(),
            Command::StartSenders => on_sdk("start_batch_senders", &[])?,
            Command::Pageview => {
                if self.pageview_due.replace(false) {
                    call(&self.host, "pageview", &[&JsValue::TRUE])?;
                }
            }
            Command::LoadFlags => {
                if let Some(sdk) = &sdk
                    && self.option("flags").is_truthy()
                {
                    call(&get(sdk, "flags"), "load_flags", &[])?;
                }
            }
            Command::StartReplay => {
                let percent = get(&get(&self.host, "site"), "record_sessions_percent");
                if Math::random() * 100.0 < percent.as_f64().unwrap_or(0.0) {
                    on_sdk("start_session_recording", &[])?;
                }
            }
            Command::Sweep(sweep) => {
                *self.swept.borrow_mut() = Some(self.names.sweep(sweep, sdk.is_none()));
            }
            Command::Settle => page::after(SETTLE_MS, move || report(Input::Settled)),
            Command::Late => {
                for ms in LATE_MS {
                    let report = report.clone();
                    page::after(ms, move || report(Input::Late));
                }
            }
        }
        Ok(())
    }

    /// What the gate found: an instance that runs already, or how to start one.
    pub fn arrived(&self, found: &JsValue) -> Input {
        let live = get(found, "live");
        if live.is_object() || live.is_function() {
            self.adopt(live);
            return Input::Found;
        }
        let init = get(found, "init");
        if init.is_function() {
            *self.init.borrow_mut() = init;
            return Input::Loaded;
        }
        Input::LoadFailed
    }

    fn adopt(&self, instance: JsValue) {
        set(&self.host, "target", &instance);
        *self.instance.borrow_mut() = Some(instance);
    }

    fn load(&self, report: impl Fn(Input) + 'static) -> Result<(), JsValue> {
        // What an earlier visit left must be gone before the SDK can send it.
        let swept = self.swept.borrow_mut().take().map_or(JsValue::UNDEFINED, JsValue::from);
        call(&self.host, "load", &[&swept])?;
        let _ = report;
        Ok(())
    }

    fn init(&self, opening: Opening, report: impl Fn(Input)) -> Result<(), JsValue> {
        self.names.clear_flag();
        let site = get(&self.host, "config");
        let config = Object::new();
        Object::assign(&config, site.unchecked_ref());
        let put = |key: &str, value: &JsValue| set(&config, key, value);
        // The decision is made elsewhere; the SDK's own switches only stand in its way. An
        // explicit yes wins over Do Not Track, and where it does not, there is no start.
        put("opt_out_tracking_by_default", &JsValue::FALSE);
        put("opt_out_persistence_by_default", &JsValue::FALSE);
        put("ignore_dnt", &JsValue::TRUE);
        if matches!(opening, Opening::Locked | Opening::Cookieless) {
            put("remote_settings_mode", &"disabled".into());
            // The site's `loaded` may identify; it is called when the SDK opens.
            let _ = Reflect::delete_property(&config, &"loaded".into());
            self.loaded_due.set(true);
        }
        let flags_off = |put: &dyn Fn(&str, &JsValue)| put("flags", &JsValue::FALSE);
        match opening {
            Opening::Locked => {
                let lock = get(&self.host, "LOCK");
                Object::assign(&config, lock.unchecked_ref());
                put("batch_autostart", &JsValue::FALSE);
            }
            Opening::Cookieless => {
                put("disable_persistence", &JsValue::TRUE);
                put("batch_requests", &JsValue::FALSE);
                put("record_sessions_percent", &0.into());
                flags_off(&put);
            }
            Opening::On(features) => {
                if !features.get(Feature::Replay) {
                    put("record_sessions_percent", &0.into());
                    put("record_heatmap_data", &JsValue::FALSE);
                }
                if !features.get(Feature::Flags) {
                    flags_off(&put);
                }
            }
        }
        call(&self.host, "remember", &[&site])?;
        let init = self.init.borrow().clone();
        let Some(init) = init.dyn_ref::<Function>() else { return Ok(()) };
        let instance = init.call1(&JsValue::UNDEFINED, &config)?;
        if !instance.is_object() && !instance.is_function() {
            return Ok(());
        }
        self.adopt(instance.clone());
        if opening == Opening::Locked {
            self.pageview_due.set(true);
            if !self.lock_holds(&instance) {
                report(Input::LockRefused);
            }
        } else {
            call(&self.host, "pageview", &[&JsValue::FALSE])?;
        }
        Ok(())
    }

    /// The lock is undocumented, so it is asked: a call without an event's name sends
    /// nothing in any version, and under the lock its callback is called at once.
    fn lock_holds(&self, instance: &JsValue) -> bool {
        let answered = std::rc::Rc::new(Cell::new(false));
        let seen = answered.clone();
        let callback = page::callback(move |_| seen.set(true));
        let none = JsValue::UNDEFINED;
        let _ = call(instance, "track", &[&none, &none, &none, callback.as_ref()]);
        answered.get()
    }

    fn unlock(&self, opening: Opening) -> Result<(), JsValue> {
        let Some(sdk) = self.instance.borrow().clone() else { return Ok(()) };
        let site = get(&self.host, "site");
        let mut entries = vec![("window", JsValue::NULL), ("ignore_dnt", JsValue::TRUE)];
        match opening {
            Opening::Locked => return Ok(()),
            Opening::Cookieless => {
                entries.push(("disable_persistence", JsValue::TRUE));
                entries.push(("flags", JsValue::FALSE));
                entries.push(("record_sessions_percent", 0.into()));
            }
            Opening::On(features) => {
                let closed = |open: bool, key: &'static str, off: JsValue| {
                    (key, if open { get(&site, key) } else { off })
                };
                entries.push(("disable_persistence", get(&site, "disable_persistence")));
                entries.push(closed(features.get(Feature::Flags), "flags", JsValue::FALSE));
                let replay = features.get(Feature::Replay);
                entries.push(closed(replay, "record_sessions_percent", 0.into()));
            }
        }
        call(&sdk, "set_config", &[&object(&entries)])?;
        if matches!(opening, Opening::On(_))
            && self.loaded_due.replace(false)
            && let Some(loaded) = self.option("loaded").dyn_ref::<Function>()
        {
            loaded.call1(&JsValue::UNDEFINED, &sdk)?;
        }
        Ok(())
    }
}

fn letters(flow: PerFeature<Flow>) -> String {
    let letter = |flow| match flow {
        Flow::Drop => 'd',
        Flow::Hold => 'h',
        Flow::Pass => 'p',
    };
    Feature::ALL.iter().map(|feature| letter(flow.get(*feature))).collect()
}
