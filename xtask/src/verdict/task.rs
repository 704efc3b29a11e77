//! A task of a step's page.

use serde::{Deserialize, Serialize};

use crate::course::Step;

/// A task of the step's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// From 1.
    pub number: u8,
    /// Its title: `Say what is missing`.
    pub title: String,
    /// False if its checks fail as they do in the starter and no new check of a later task passes, or if its gaps in the
    /// code are as in the starter: it is still to do.
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

    /// `task-1-ask-for-the-token`: where the step's page tells of it.
    pub fn anchor(&self) -> String {
        Step::task_anchor(self.number, &self.title)
    }
}
