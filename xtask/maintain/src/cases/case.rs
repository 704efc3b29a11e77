//! A program by a stranger, as the table of its folder describes it, and what the tool tells it.

use std::collections::BTreeMap;

/// A line of the table.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The patch's name without its ending.
    pub(crate) id: String,
    /// The number of its step.
    pub(crate) step: u8,
    /// `compiles`, `nocompile`, `correct`, `equiv`.
    pub(crate) kind: String,
    /// What each column of the table has.
    pub(super) columns: BTreeMap<String, String>,
}

/// What a case was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// The exit code of `verify`.
    pub(crate) exit: u8,
    /// The checks that fail, in the order of `hints.md`.
    pub(crate) failing: Vec<String>,
    /// The name of the mistake that the tutor names first.
    pub(crate) mistake: Option<String>,
}

impl Case {
    /// What the table has in this column.
    pub(crate) fn column(&self, name: &str) -> Option<&str> {
        self.columns.get(name).map(String::as_str)
    }

    /// The names of the bank that would be right to tell: `one-space-only`, or `03-bearer-token/one-space-only`.
    pub(crate) fn right(&self) -> impl Iterator<Item = &str> {
        let names = self.column("right").unwrap_or_default().split(',').map(str::trim);
        names.filter(|name| !name.is_empty() && *name != "none")
    }

    /// Whether the contract allows the program.
    pub(crate) fn is_correct(&self) -> bool {
        self.column("outcome") == Some("solved")
    }

    /// Whether the mistake that is named is one that would be right.
    pub(super) fn is_named_right(&self, told: &Told) -> bool {
        told.mistake
            .as_ref()
            .is_some_and(|name| self.right().any(|right| right.rsplit('/').next() == Some(name)))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::cases) fn case(outcome: &str, right: &str) -> Case {
        let columns = [("outcome", outcome), ("right", right)];
        let columns = columns.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Case { id: "X1".to_owned(), step: 3, kind: "compiles".to_owned(), columns }
    }

    pub(in crate::cases) fn told(exit: u8, mistake: Option<&str>) -> Told {
        Told { exit, failing: Vec::new(), mistake: mistake.map(str::to_owned) }
    }
}
