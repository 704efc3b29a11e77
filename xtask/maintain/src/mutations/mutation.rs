//! One mutant, and where in a file it may be made.

use std::ops::Range;

/// A change to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mutation {
    /// What kind of change it is.
    pub(crate) kind: Kind,
    /// Where it is: the line, from 1.
    pub(crate) line: usize,
    /// What is changed, in words.
    pub(crate) words: String,
    /// The file with the change.
    pub(crate) text: String,
}

/// What kind of change a mutant is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// cargo-mutants', in an expression or a function.
    #[default]
    Code,
    /// A request that must be refused is accepted.
    Request,
    /// A condition is another for one user.
    Branch,
}

impl Kind {
    /// All of them, in words.
    pub(crate) const ALL: [(Self, &str); 3] =
        [(Self::Code, "code"), (Self::Request, "requests accepted"), (Self::Branch, "branches")];
}

/// The functions of a file, each from the beginning of its line to its closing brace.
pub(super) fn functions(source: &str) -> Vec<Range<usize>> {
    let mut functions = Vec::new();
    let mut begin = 0;
    for text in source.split_inclusive('\n') {
        let line = text.trim_start();
        let is_head = ["fn ", "async fn ", "const fn "].iter().any(|head| line.starts_with(head));
        if is_head {
            let indent = &text[..text.len() - line.len()];
            let end = source[begin..].find(&format!("\n{indent}}}\n"));
            functions.extend(end.map(|end| begin..begin + end + 1));
        }
        begin += text.len();
    }
    functions
}

/// The number of the line that holds this place.
pub(super) fn line(source: &str, place: usize) -> usize {
    source[..place].matches('\n').count() + 1
}
