//! What the board knows of the course: how long its steps take, and the names in it.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
};

use serde::de::DeserializeOwned;

use crate::event::Verdict;

/// The variable in which xtask says how many minutes the course plans for each step: `{"1": [8, 12]}`.
const PLANNED: &str = "WORKSHOP_PLANNED";

/// The variable in which it says which checks the course has: `["lists_the_items"]`.
const CHECKS: &str = "WORKSHOP_CHECKS";

/// The variable in which it says which mistakes the course can name: `["second-word-only"]`.
const MISTAKES: &str = "WORKSHOP_MISTAKES";

/// In place of the name of a check that the course does not have.
pub const ANOTHER_CHECK: &str = "another_check";

/// The kinds of difference that a check finds.
const FINDINGS: [&str; 12] = [
    "let_in",
    "kept_out",
    "no_answer",
    "not_started",
    "server_error",
    "status",
    "header",
    "body",
    "document",
    "printed",
    "slow",
    "other",
];

/// The course. The default knows no names: every name is taken for one of the course.
#[derive(Debug, Clone, Default)]
pub struct Course {
    /// The minutes that it plans for each step: until the core passes, and until all of it does.
    pub planned: BTreeMap<u8, [u16; 2]>,
    /// The names of its checks.
    pub checks: BTreeSet<String>,
    /// The names of the mistakes that it knows.
    pub mistakes: BTreeSet<String>,
}

impl Course {
    /// What xtask says in its variables; nothing where somebody else starts the board.
    pub fn told() -> serde_json::Result<Self> {
        Ok(Self { planned: told(PLANNED)?, checks: told(CHECKS)?, mistakes: told(MISTAKES)? })
    }

    /// Takes from a verdict what a learner has made up. A name would be on the instructor's page, in a spreadsheet, and on the
    /// wall as soon as two friends send it, too.
    pub fn keep_its_names(&self, verdict: &mut Verdict) {
        if verdict.failing.as_ref().is_some_and(|check| is_foreign(check, &self.checks)) {
            verdict.failing = Some(ANOTHER_CHECK.to_owned());
        }
        verdict.mistake.take_if(|mistake| is_foreign(mistake, &self.mistakes));
        verdict.finding.take_if(|finding| !FINDINGS.contains(&finding.as_str()));
    }
}

fn is_foreign(name: &str, known: &BTreeSet<String>) -> bool {
    !known.is_empty() && !known.contains(name)
}

fn told<T: DeserializeOwned + Default>(variable: &str) -> serde_json::Result<T> {
    let said = env::var(variable).ok().map(|said| serde_json::from_str(&said));
    Ok(said.transpose()?.unwrap_or_default())
}
