//! A task of a step's page, and what the code and the checks say about it.

use serde::{Deserialize, Serialize};

use crate::{
    course::{
        Step,
        gaps::{self, Gaps},
        source::Source,
    },
    verdict::{CheckResult, Outcome, Verdict},
};

/// A task of the step's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// From 1.
    pub number: u8,
    /// Its title: `Say what is missing`.
    pub title: String,
    /// False if its checks fail as they do in the starter, or its gaps in the code are as in the starter: it is still to
    /// do, and its failures are expected.
    pub begun: bool,
    /// Where its first line `// TODO NUMBER` is: `steps/03-bearer-token/src/main.rs:55`.
    pub todo: Option<String>,
}

impl Task {
    /// The step's tasks, before anything has been looked at.
    pub(super) fn all_of(step: &Step) -> Vec<Self> {
        let task = |(number, title): (u8, &String)| Self {
            number,
            title: title.clone(),
            begun: false,
            todo: None,
        };
        (1..).zip(&step.tasks).map(task).collect()
    }

    /// Its checks: those that it turns green.
    pub fn checks<'v>(&self, verdict: &'v Verdict) -> impl Iterator<Item = &'v CheckResult> {
        let number = self.number;
        verdict.checks.iter().filter(move |check| check.task == Some(number))
    }

    /// Whether one of its checks fails.
    pub fn is_open(&self, verdict: &Verdict) -> bool {
        self.checks(verdict).any(|check| !check.passed)
    }

    /// `task-1-ask-for-the-token`: where the step's page tells of it.
    pub fn anchor(&self) -> String {
        Step::task_anchor(self.number, &self.title)
    }
}

/// Notes which of the tasks are begun, and where the `TODO`s of each are in the code that was judged.
pub fn look_at(verdict: &mut Verdict, gaps: &Gaps, code: &[Source], starter: Option<&Verdict>) {
    let (mut tasks, step) = (std::mem::take(&mut verdict.tasks), verdict.step.clone());
    for task in &mut tasks {
        task.begun = is_begun(task, verdict, gaps, code, starter);
        task.todo = gaps::first_todo(task.number, code).map(|(path, line)| {
            let parts = path.iter().map(|part| part.to_string_lossy().into_owned());
            let parts: Vec<String> =
                ["steps".to_owned(), step.clone()].into_iter().chain(parts).collect();
            format!("{}:{line}", parts.join("/"))
        });
    }
    verdict.tasks = tasks;
}

fn is_begun(
    task: &Task,
    verdict: &Verdict,
    gaps: &Gaps,
    code: &[Source],
    starter: Option<&Verdict>,
) -> bool {
    if verdict.outcome == Outcome::NotStarted {
        return false;
    }
    let failing = || task.checks(verdict).filter(|check| !check.passed);
    let as_in_the_starter = || failing().all(|check| check.is_unbegun(starter));
    failing().next().is_none()
        || failing().any(|check| check.regression)
        || !as_in_the_starter() && !gaps.are_as_shipped(task.number, code)
}
