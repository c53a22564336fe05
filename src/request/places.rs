//! Where adapters look in a request: the cookies of their pages, in a form that is quickly asked.

use crate::cmp::Adapter;

/// A place of an adapter's page that is a cookie.
#[derive(Clone, Debug)]
pub struct Place {
    /// The adapter, by its number in the list that these places were made from.
    pub adapter: usize,
    /// Its number on the page.
    pub place: usize,
    /// How the value is decoded.
    pub form: String,
}

/// The cookies that some adapters look at.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// By the length of a name; the longest of those that are asked for is the last.
    named: Vec<Vec<(String, Place)>>,
    /// By the beginning of a name.
    beginning: Vec<(String, Place)>,
    /// Adapters that look into `localStorage` as well.
    elsewhere: Vec<usize>,
}

impl Places {
    /// The places of these adapters' pages.
    pub fn new(adapters: impl Iterator<Item = &'static Adapter>) -> Places {
        let mut places = Places::default();
        for (adapter, page) in adapters.map(|adapter| adapter.page).enumerate() {
            // The page is our own text; a test reads every one.
            let probes = serde_json::from_str::<serde_json::Value>(&format!("[{page}]"))
                .ok()
                .and_then(|page| page.get(0).cloned());
            let probes = probes.as_ref().and_then(|probes| probes.as_array());
            for (place, probe) in probes.into_iter().flatten().enumerate() {
                let word = |at: usize| probe.get(at).and_then(|word| word.as_str());
                let (Some(verb), Some(name)) = (word(0), word(1)) else { continue };
                let form = word(2).unwrap_or_default().to_owned();
                let found = (name.to_owned(), Place { adapter, place, form });
                match verb {
                    "c" => {
                        let length = found.0.len();
                        if places.named.len() <= length {
                            places.named.resize(length + 1, Vec::new());
                        }
                        places
                            .named
                            .get_mut(length)
                            .into_iter()
                            .for_each(|of| of.push(found.clone()));
                    }
                    "p" => places.beginning.push(found),
                    "l" | "a" => places.elsewhere.push(adapter),
                    _ => {}
                }
            }
        }
        places
    }

    /// The places that look at a cookie of this name.
    pub fn of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Place> {
        let named = self.named.get(name.len()).map(Vec::as_slice).unwrap_or_default();
        let named = named.iter().filter(move |(known, _)| known == name);
        let begins =
            self.beginning.iter().filter(move |(known, _)| name.starts_with(known.as_str()));
        named.chain(begins).map(|(_, place)| place)
    }

    /// Whether this place of an adapter's page is a cookie.
    pub fn has(&self, adapter: usize, place: usize) -> bool {
        let mut all = self.named.iter().flatten().chain(&self.beginning);
        all.any(|(_, one)| (one.adapter, one.place) == (adapter, place))
    }

    /// Whether what this adapter's product stores is in cookies and nowhere else.
    pub fn alone(&self, adapter: usize) -> bool {
        let stored = self.named.iter().flatten().chain(&self.beginning);
        !self.elsewhere.contains(&adapter)
            && stored.map(|(_, place)| place.adapter).any(|of| of == adapter)
    }
}
