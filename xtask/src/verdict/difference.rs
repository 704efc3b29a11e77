//! What differs between two texts, line by line.

use diffy::{DiffOptions, Line};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Debug, PartialEq, Eq)]
pub struct DiffLine {
    /// What it is.
    pub kind: Kind,
    /// Without its end.
    pub text: String,
}

/// The lines that differ, with `context` equal lines around them.
pub fn lines(old: &str, new: &str, context: usize) -> Vec<DiffLine> {
    let patch = DiffOptions::new().set_context_len(context).create_patch(old, new);
    let mut lines = Vec::new();
    for (index, hunk) in patch.hunks().iter().enumerate() {
        if index > 0 {
            lines.push(DiffLine { kind: Kind::Gap, text: "…".to_owned() });
        }
        lines.extend(hunk.lines().iter().map(|line| {
            let (kind, text) = match line {
                Line::Context(text) => (Kind::Same, text),
                Line::Delete(text) => (Kind::Old, text),
                Line::Insert(text) => (Kind::New, text),
            };
            DiffLine { kind, text: text.trim_end_matches('\n').to_owned() }
        }));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str, context: usize) -> String {
        let sign = |kind| match kind {
            Kind::Same => ' ',
            Kind::Old => '-',
            Kind::New => '+',
            Kind::Gap => '~',
        };
        let lines = lines(old, new, context).into_iter();
        let lines: Vec<String> =
            lines.map(|line| format!("{}{}\n", sign(line.kind), line.text)).collect();
        lines.concat()
    }

    #[test]
    fn what_differs_is_shown_with_lines_around_it() {
        assert_eq!(shown("a\nb\nc", "a\nx\nc", 1), " a\n-b\n+x\n c\n");
        assert_eq!(shown("a\nb\nc", "a\nx\nc", 0), "-b\n+x\n");
        assert_eq!(shown("a\n", "a\n", 3), "");
    }

    #[test]
    fn equal_lines_in_between_are_a_gap() {
        let old = "a\n1\n2\n3\n4\nb\n";
        assert_eq!(
            shown(old, &old.replace('a', "x").replace('b', "y"), 1),
            "-a\n+x\n 1\n~…\n 4\n-b\n+y\n"
        );
    }
}
