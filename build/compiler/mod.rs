//! From an adapter in words to an adapter as `src/cmp` carries it.
//!
//! `adapter` reads a file, with `places` and `rule` for its parts and `words` for their words;
//! `reach` finds rules that can never hold; `emit` writes what was made. Every problem names the file, the line, and what
//! there is instead; all problems of all files are told at once.

pub mod adapter;
pub mod emit;
mod places;
mod reach;
mod rule;
mod table;
mod words;

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use adapter::Adapter;

/// Something that a person has to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// A file that is being compiled, and what is wrong with it so far.
pub struct Source<'a> {
    pub file: &'a str,
    pub text: &'a str,
    problems: RefCell<Vec<Problem>>,
}

impl<'a> Source<'a> {
    pub fn new(file: &'a str, text: &'a str) -> Source<'a> {
        Source { file, text, problems: RefCell::default() }
    }

    /// The line of a place in the text, the first being 1.
    pub fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.as_bytes().iter().take(span.start);
        1 + before.filter(|byte| **byte == b'\n').count()
    }

    pub fn wrong(&self, span: &Range<usize>, what: impl Into<String>) {
        let problem =
            Problem { file: self.file.to_owned(), line: self.line(span), what: what.into() };
        self.problems.borrow_mut().push(problem);
    }

    /// Whether nothing is wrong so far.
    pub fn fine(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    pub fn problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| problem.line);
        problems
    }
}

/// Compiles every file, in the order in which the adapters are asked.
pub fn all(files: &[(String, String)]) -> Result<Vec<Adapter>, Vec<Problem>> {
    let mut adapters = Vec::new();
    let mut problems = Vec::new();
    for (file, text) in files {
        match adapter::compile(file, text) {
            Ok(adapter) => adapters.push(adapter),
            Err(more) => problems.extend(more),
        }
    }
    adapters.sort_by_key(|adapter: &Adapter| adapter.order);
    let mut orders: HashMap<u32, &Adapter> = HashMap::new();
    for adapter in &adapters {
        if let Some(other) = orders.insert(adapter.order, adapter) {
            problems.push(Problem {
                file: adapter.file.clone(),
                line: adapter.order_line,
                what: format!(
                    "`order` {} is that of {} as well: each has its own",
                    adapter.order, other.file
                ),
            });
        }
    }
    problems.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    if problems.is_empty() { Ok(adapters) } else { Err(problems) }
}
