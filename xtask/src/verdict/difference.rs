//! What differs between two texts, line by line: the terminal and the book's page show the same.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// In both texts.
    Same,
    /// In the first text only.
    Old,
    /// In the second text only.
    New,
    /// Stands for equal lines that are left out.
    Gap,
}

/// A line, and what it is.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct DiffLine {
    /// What it is.
    pub kind: Kind,
    /// Without its end.
    pub text: String,
}

/// The lines that differ, with `context` equal lines around them.
pub fn lines(old: &str, new: &str, context: usize) -> Vec<DiffLine> {
    let diff = TextDiff::from_lines(old, new);
    let mut lines = Vec::new();
    for (index, group) in diff.grouped_ops(context).iter().enumerate() {
        if index > 0 {
            lines.push(DiffLine { kind: Kind::Gap, text: "…".to_owned() });
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let kind = match change.tag() {
                ChangeTag::Equal => Kind::Same,
                ChangeTag::Delete => Kind::Old,
                ChangeTag::Insert => Kind::New,
            };
            lines.push(DiffLine { kind, text: change.value().trim_end_matches('\n').to_owned() });
        }
    }
    lines
}
