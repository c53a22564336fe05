//! What one consent manager says, in its own categories.

use crate::core::{Answer, Trouble};

/// What one consent manager says at one instant, in its own categories.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Said by the running consent manager, not only found in what it stored earlier.
    pub live: bool,
    /// An answer for each category (service, purpose) that it names.
    pub named: Vec<(String, Answer)>,
    /// The answer for a category that it does not name. `None`: it names all that it has,
    /// so another name is the site's mistake.
    pub rest: Option<Answer>,
    /// What kept it from a plain answer; the answer is [`Answer::Unset`] then.
    pub trouble: Option<Trouble>,
}

impl Reading {
    /// One answer for everything.
    pub fn all(live: bool, answer: Answer) -> Reading {
        Reading { live, named: Vec::new(), rest: Some(answer), trouble: None }
    }

    /// Nobody has answered, and why.
    pub fn unset(live: bool, trouble: Option<Trouble>) -> Reading {
        Reading { live, named: Vec::new(), rest: Some(Answer::Unset), trouble }
    }

    /// An answer for each name, and no other names exist.
    pub fn named(live: bool, named: Vec<(String, Answer)>) -> Reading {
        Reading { live, named, rest: None, trouble: None }
    }

    /// The same, and what holds for any other name.
    pub fn with_rest(mut self, rest: Answer) -> Reading {
        self.rest = Some(rest);
        self
    }

    /// The answer for one category; `None` if there is no such category. Sites write one name
    /// in capitals and not, so names compare without case; of two that differ in nothing else
    /// the stricter counts.
    pub fn answer(&self, category: &str) -> Option<Answer> {
        let same = self.named.iter().filter(|(name, _)| name.eq_ignore_ascii_case(category));
        same.map(|(_, answer)| *answer).min().or(self.rest)
    }

    /// Whether it names this category itself.
    pub fn knows(&self, category: &str) -> bool {
        self.named.iter().any(|(name, _)| name.eq_ignore_ascii_case(category))
    }
}
