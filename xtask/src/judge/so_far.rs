//! What the checks have said while some of them still run: the quick ones need not wait for the slow ones.

use protocol::line::Line;

use crate::course::hints::Check;

/// Which checks pass and fail while some have not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoFar {
    /// The names of those that pass, in the order of `hints.md`.
    pub passed: Vec<String>,
    /// The names of those that fail, likewise.
    pub failed: Vec<String>,
    /// How many have not ended.
    pub running: usize,
}

impl SoFar {
    /// Of these checks those lines are from.
    pub(super) fn of(checks: &[Check], lines: &[Line]) -> Self {
        let (mut passed, mut failed) = (Vec::new(), Vec::new());
        for check in checks {
            if let Some(line) = lines.iter().find(|line| line.name == check.name) {
                let list = if line.failure.is_none() { &mut passed } else { &mut failed };
                list.push(check.name.clone());
            }
        }
        let running = checks.len() - passed.len() - failed.len();
        Self { passed, failed, running }
    }

    /// In one line: `18 checks pass, 1 fails (refuses another scheme), 3 still running`.
    pub fn in_words(&self) -> String {
        let count = |number: usize, one: &str, many: &str| match number {
            1 => format!("1 {one}"),
            _ => format!("{number} {many}"),
        };
        let mut parts = vec![count(self.passed.len(), "check passes", "checks pass")];
        if let Some(first) = self.failed.first() {
            let more = if self.failed.len() > 1 { ", …" } else { "" };
            let first = first.replace('_', " ");
            parts.push(format!("{} ({first}{more})", count(self.failed.len(), "fails", "fail")));
        }
        parts.push(format!("{} still running", self.running));
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_in_one_line() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let words = |passed: &[&str], failed: &[&str], running| {
            SoFar { passed: names(passed), failed: names(failed), running }.in_words()
        };
        assert_eq!(words(&["a"], &[], 2), "1 check passes, 2 still running");
        assert_eq!(words(&[], &["b_c"], 1), "0 checks pass, 1 fails (b c), 1 still running");
        assert_eq!(
            words(&["a", "d"], &["b", "c"], 1),
            "2 checks pass, 2 fail (b, …), 1 still running"
        );
    }
}
