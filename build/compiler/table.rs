//! A table of TOML that is being read: each value knows its line, and a key that nobody asked for
//! is a mistake.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Source;

pub fn names<T>(table: &[(&str, T)]) -> String {
    table.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

pub fn pick<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

pub type Value<'i> = Spanned<DeValue<'i>>;

/// A table that is being read: what was asked for is known, anything else in it is a mistake.
pub struct Table<'a, 'i> {
    pub source: &'a Source<'a>,
    pub table: &'a DeTable<'i>,
    pub span: Range<usize>,
}

impl<'a, 'i> Table<'a, 'i> {
    pub fn of(source: &'a Source, value: &'a Value<'i>, what: &str) -> Option<Table<'a, 'i>> {
        match value.get_ref() {
            DeValue::Table(table) => Some(Table { source, table, span: value.span() }),
            _ => {
                source.wrong(&value.span(), format!("{what} is a table"));
                None
            }
        }
    }

    pub fn only(&self, what: &str, known: &[&str]) {
        for key in self.table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                let key_is = key.get_ref();
                self.source.wrong(
                    &key.span(),
                    format!("{what} has no `{key_is}`; it may have {}", known.join(", ")),
                );
            }
        }
    }

    pub fn get(&self, key: &str) -> Option<&'a Value<'i>> {
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    pub fn wrong(&self, what: impl Into<String>) {
        self.source.wrong(&self.span, what);
    }

    /// What is wrong with a key's value, at its line.
    pub fn wrong_at(&self, key: &str, what: impl Into<String>) {
        let span = self.get(key).map_or(self.span.clone(), Spanned::span);
        self.source.wrong(&span, what);
    }

    pub fn text(&self, key: &str) -> Option<&'a str> {
        let value = self.get(key)?;
        let text = value.get_ref().as_str().filter(|text| !text.is_empty());
        if text.is_none() {
            self.source.wrong(&value.span(), format!("`{key}` is a text"));
        } else if text.is_some_and(|text| text.contains(char::is_control)) {
            self.source
                .wrong(&value.span(), format!("`{key}` is one line, without control characters"));
        }
        text
    }

    pub fn needed(&self, what: &str, key: &str) -> Option<&'a str> {
        if self.get(key).is_none() {
            self.wrong(format!("{what} has no `{key}`"));
        }
        self.text(key)
    }

    /// A sentence for people, which a new file has not yet.
    pub fn sentence(&self, what: &str, key: &str) -> &'a str {
        let text = self.needed(what, key).unwrap_or_default();
        if text == "?" || text.contains("(?)") {
            self.wrong_at(key, format!("`{key}` says nothing yet"));
        }
        text
    }

    pub fn flag(&self, key: &str) -> Option<bool> {
        let value = self.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.source.wrong(&value.span(), format!("`{key}` is true or false"));
        }
        flag
    }

    /// A value, or each element of a list.
    pub fn each(&self, key: &str) -> Vec<&'a Value<'i>> {
        match self.get(key) {
            None => Vec::new(),
            Some(value) => match value.get_ref() {
                DeValue::Array(items) => items.iter().collect(),
                _ => vec![value],
            },
        }
    }

    /// Texts, one or a list of them.
    pub fn texts(&self, key: &str) -> Vec<(&'a str, Range<usize>)> {
        let mut texts = Vec::new();
        for value in self.each(key) {
            match value.get_ref().as_str().filter(|text| !text.is_empty()) {
                Some(text) => texts.push((text, value.span())),
                None => self
                    .source
                    .wrong(&value.span(), format!("`{key}` is a text, or a list of texts")),
            }
        }
        texts
    }

    pub fn tables(&self, key: &str) -> Vec<Table<'a, 'i>> {
        self.each(key)
            .into_iter()
            .filter_map(|value| Table::of(self.source, value, &format!("`{key}`")))
            .collect()
    }

    /// What was made, or the problem said at the table.
    pub fn said<T>(&self, made: Result<T, String>) -> Option<T> {
        self.said_at(&self.span, made)
    }

    pub fn said_at<T>(&self, span: &Range<usize>, made: Result<T, String>) -> Option<T> {
        made.map_err(|why| self.source.wrong(span, why)).ok()
    }
}
