//! Directives of several lines, from `{{#NAME …}}` to `{{/NAME}}`: where one ends, and what can be wrong with it.

use crate::directives::choices;

/// Their names.
const NAMES: [&str; 5] = ["compare", "need", "predict", "question", "task"];

/// What is wrong with a block.
#[derive(Debug)]
pub(crate) enum Wrong {
    /// Its first line: the arguments, or the block as a whole.
    Directive(String),
    /// Lines between the first and the last, counted from 0.
    Lines(Vec<choices::Wrong>),
}

impl From<String> for Wrong {
    fn from(message: String) -> Self {
        Self::Directive(message)
    }
}

impl From<Vec<choices::Wrong>> for Wrong {
    fn from(lines: Vec<choices::Wrong>) -> Self {
        Self::Lines(lines)
    }
}

impl Wrong {
    /// One line of the block.
    pub(super) fn line(line: usize, message: impl Into<String>) -> Self {
        Self::Lines(vec![(line, message.into())])
    }
}

/// The name of the block that this directive begins, if it begins one.
pub(crate) fn begun_by(directive: &str) -> Option<&str> {
    let name = directive.split(' ').next()?;
    NAMES.contains(&name).then_some(name)
}

/// The line that ends a block of this name.
pub(crate) fn end(name: &str) -> String {
    format!("{{{{/{name}}}}}")
}

/// How many lines are between the first line of a block and its last, if these lines come after the first;
/// nothing if another directive comes before its end. What is in code is no directive.
pub(crate) fn length(name: &str, lines: &[&str], is_code: impl Fn(usize) -> bool) -> Option<usize> {
    let mut lines = lines.iter().enumerate().filter(|(index, _)| !is_code(*index));
    let (length, last) = lines.find(|(_, line)| line.contains("{{#") || line.contains("{{/"))?;
    (last.trim() == end(name)).then_some(length)
}
