//! What the probes of one adapter found at one instant.

use super::{Probe, Value};

/// What was found, by the probe that looked. A probe that found nothing has no entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot(Vec<(Probe, Value)>);

impl Snapshot {
    /// Keeps what a probe found.
    pub fn put(&mut self, probe: Probe, value: Value) {
        self.0.push((probe, value));
    }

    /// Everything, in the order of the probes.
    pub fn iter(&self) -> impl Iterator<Item = &(Probe, Value)> {
        self.0.iter()
    }

    /// Whether any probe found anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What this probe found.
    pub fn get(&self, probe: &Probe) -> Option<&Value> {
        self.find(|known| known == probe)
    }

    fn find(&self, wanted: impl Fn(&Probe) -> bool) -> Option<&Value> {
        self.0.iter().find(|(probe, _)| wanted(probe)).map(|(_, value)| value)
    }

    /// What [`Probe::Global`] found at this path.
    pub fn global(&self, path: &str) -> Option<&Value> {
        self.find(|p| matches!(p, Probe::Global(at) if *at == path))
    }

    /// What [`Probe::Entries`] found in this array.
    pub fn entries(&self, path: &str) -> Option<&Value> {
        self.find(|p| matches!(p, Probe::Entries(at, _) if *at == path))
    }

    /// What [`Probe::Cookie`] or [`Probe::CookiePrefix`] found under this name.
    pub fn cookie(&self, name: &str) -> Option<&Value> {
        self.find(|p| matches!(p, Probe::Cookie(at, _) | Probe::CookiePrefix(at, _) if *at == name))
    }

    /// What [`Probe::Local`] found under this key.
    pub fn local(&self, key: &str) -> Option<&Value> {
        self.find(|p| matches!(p, Probe::Local(at, _) if *at == key))
    }

    /// What [`Probe::Heard`] was told under this name.
    pub fn heard(&self, name: &str) -> Option<&Value> {
        self.find(|p| matches!(p, Probe::Heard(at) if *at == name))
    }
}
