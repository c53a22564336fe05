//! Carries out the core's commands on one instance of the Mixpanel SDK.
//!
//! Each command is one step of a recipe found by experiment on mixpanel-browser 2.41 to
//! 2.83, module and minified builds; the order of the steps is the core's. The public
//! documentation differs in places (docs.mixpanel.com, "Protecting User Data"); what the
//! SDK does counts here.

use js_sys::{Math, Object, Reflect};
use wasm_bindgen::JsValue;

use super::host::Host;
use crate::core::{Command, Feature, Flow, Input, Opening, PerFeature, Sweep};

/// How long the SDK's own asynchronous writers need after a lock: its queues write behind a
/// promise, and its recorder collects events for 250 ms before it stores them.
const SETTLE_MS: u32 = 300;
/// Its slowest writer waits two seconds for a lock between tabs.
const LATE_MS: [u32; 2] = [500, 3000];

/// What the host's `after` answers with.
pub fn input(code: u8) -> Input {
    match code {
        SETTLED => Input::Settled,
        LATE => Input::Late,
        LEAVING => Input::Leaving,
        LOADED => Input::Loaded,
        FOUND => Input::Found,
        _ => Input::LoadFailed,
    }
}
const SETTLED: u8 = 0;
const LATE: u8 = 1;
const LEAVING: u8 = 2;
const LOADED: u8 = 3;
const FOUND: u8 = 4;

/// Does one command; answers with what happened at once, if anything did.
pub fn run(host: &Host, command: Command) -> Option<Input> {
    match command {
        // The bridge tells the gate itself.
        Command::Gate(_) => {}
        Command::Load => host.load(),
        Command::Init(opening) => return init(host, opening),
        // Its init was left out, because the page's own code had ended in a no meanwhile.
        Command::Unlock(opening) if !host.alive() => return init(host, opening),
        Command::Unlock(opening) => {
            if matches!(opening, Opening::On(_)) {
                host.share();
            }
            host.sdk("set_config", &config(opening, &host.site()));
            if matches!(opening, Opening::On(_)) {
                host.loaded();
            }
        }
        Command::Lock => host.lock(),
        Command::OptOut => {
            // With the default, the profile would be deleted, and only at the next yes.
            let options = Object::new();
            set(&options, "delete_user", &JsValue::FALSE);
            host.sdk("opt_out_tracking", &options);
        }
        Command::StopReplay => sdk(host, "stop_session_recording"),
        Command::Reset => sdk(host, "reset"),
        Command::StopSenders => sdk(host, "stop_batch_senders"),
        Command::ClearFlag => host.clear_flag(),
        Command::StartSenders => sdk(host, "start_batch_senders"),
        Command::Pageview => host.pageview(true),
        // Public since 2.78; before, the module builds have it by its own name.
        Command::LoadFlags => sdk(host, "flags.load_flags.fetchFlags"),
        Command::StartReplay => {
            let percent = Reflect::get(&host.site(), &"record_sessions_percent".into());
            let percent = percent.ok().and_then(|percent| percent.as_f64());
            if Math::random() * 100.0 < percent.unwrap_or(0.0) {
                sdk(host, "start_session_recording");
            }
        }
        Command::Sweep(sweep) => host.sweep(match sweep {
            Sweep::Tab => 0,
            Sweep::Leftovers => 1,
            Sweep::Everything => 2,
        }),
        Command::Settle => host.after(SETTLE_MS, SETTLED),
        Command::Late => LATE_MS.iter().for_each(|ms| host.after(*ms, LATE)),
    }
    None
}

fn sdk(host: &Host, method: &str) {
    host.sdk(method, &JsValue::UNDEFINED);
}

fn set(config: &Object, key: &str, value: &JsValue) {
    let _ = Reflect::set(config, &key.into(), value);
}

fn init(host: &Host, opening: Opening) -> Option<Input> {
    host.clear_flag();
    let config = config(opening, &JsValue::UNDEFINED);
    let early = !matches!(opening, Opening::On(_));
    if !host.init(&config, early) {
        return Some(Input::LoadFailed);
    }
    match opening {
        // Undocumented, so it is asked.
        Opening::Locked => (!host.holds()).then_some(Input::LockRefused),
        _ => {
            host.pageview(false);
            None
        }
    }
}

/// What goes over the site's own configuration. `site`: what the site had, for an instance
/// that was locked; a fresh one has it by itself.
fn config(opening: Opening, site: &JsValue) -> Object {
    let config = Object::new();
    let off = |key: &str| set(&config, key, &JsValue::FALSE);
    let site_or = |open: bool, key: &str, closed: &JsValue| {
        if !open {
            set(&config, key, closed);
        } else if !site.is_undefined() {
            let value = Reflect::get(site, &key.into()).unwrap_or(JsValue::FALSE);
            set(&config, key, &value);
        }
    };
    // The decision is made elsewhere; the SDK's own switches only stand in its way. An
    // explicit yes wins over Do Not Track, and where it does not, there is no start.
    off("opt_out_tracking_by_default");
    off("opt_out_persistence_by_default");
    set(&config, "window", &JsValue::NULL);
    set(&config, "ignore_dnt", &JsValue::TRUE);
    let (replay, flags) = match opening {
        Opening::On(features) => (features.get(Feature::Replay), features.get(Feature::Flags)),
        _ => (false, false),
    };
    let on = matches!(opening, Opening::On(_));
    site_or(on, "disable_persistence", &JsValue::TRUE);
    site_or(flags, "flags", &JsValue::FALSE);
    // A locked start keeps the percentage: the lock refuses the recorder, and what follows
    // a recording by itself is prepared at the start alone.
    site_or(replay || opening == Opening::Locked, "record_sessions_percent", &0.into());
    if !on {
        set(&config, "remote_settings_mode", &"disabled".into());
    }
    match opening {
        Opening::Locked => off("batch_autostart"),
        // Events one by one: a queue would be stored.
        Opening::Cookieless if site.is_undefined() => off("batch_requests"),
        _ => {}
    }
    config
}

/// A letter for each feature: drop, hold, pass.
pub fn letters(flow: PerFeature<Flow>) -> String {
    let mut letters = String::new();
    for feature in Feature::ALL {
        letters.push(match flow.get(feature) {
            Flow::Drop => 'd',
            Flow::Hold => 'h',
            Flow::Pass => 'p',
        });
    }
    letters
}
