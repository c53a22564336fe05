//! The other tabs of the origin: a channel where there is one, storage events besides.

use wasm_bindgen::JsValue;
use web_sys::BroadcastChannel;

use super::listen::{self, Listener};
use super::page::{self, Callback};

/// A channel to the other tabs.
pub struct Tabs {
    channel: Option<BroadcastChannel>,
    _listener: Option<Listener>,
}

impl Tabs {
    /// Opens the channel of this name; in a browser or a frame without one, nothing is told.
    pub fn open(name: &str, heard: &Callback) -> Tabs {
        let there = super::page::get(&page::global(), "BroadcastChannel").is_function();
        let channel = there.then(|| BroadcastChannel::new(name).ok()).flatten();
        let listener = channel.as_ref().map(|channel| listen::event(channel, "message", heard));
        Tabs { channel, _listener: listener }
    }

    /// Tells the others.
    pub fn tell(&self, text: &str) {
        if let Some(channel) = &self.channel {
            let _ = channel.post_message(&JsValue::from(text));
        }
    }

    /// Closes the channel: an open one may keep a page out of the back/forward cache.
    pub fn close(&self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}
