//! `.workshop/progress.json`: which steps the learner has solved, and how many hints were shown.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{
    course::{Course, Step},
    files,
    learner::{lock::Lock, remembered},
    trouble::Trouble,
};

const VERSION: u32 = 1;

/// What is remembered between two runs.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Progress {
    version: u32,
    solved: Vec<String>,
    #[serde(default)]
    hints: BTreeMap<String, usize>,
}

impl Progress {
    /// Reads it; a learner who has just begun has none.
    pub fn load(course: &Course) -> Result<Self, Trouble> {
        let path = path(course);
        let cure = format!(
            "Nothing of your code is in it. Move {} away, then `cargo xtask verify --all` finds out again what is solved.",
            path.display()
        );
        remembered::load(&path, VERSION, "your progress", &cure)
    }

    /// Whether the step has ever been solved.
    pub fn is_solved(&self, step: &Step) -> bool {
        self.solved.contains(&step.slug)
    }

    /// The first step that has not been solved; the last one if all have.
    pub fn current<'c>(&self, course: &'c Course) -> &'c Step {
        let open = course.steps.iter().find(|step| !self.is_solved(step));
        open.unwrap_or(&course.steps[course.steps.len() - 1])
    }

    /// Remembers that the step is solved.
    pub fn solve(course: &Course, step: &Step) -> Result<(), Trouble> {
        if Self::load(course)?.is_solved(step) {
            return Ok(());
        }
        let lock = Lock::hold(course)?;
        Self::change(course, &lock, |progress| {
            if !progress.is_solved(step) {
                progress.solved.push(step.slug.clone());
            }
        })
    }

    /// The number of hints shown for this check of the step before, counting this call.
    pub fn next_hint(course: &Course, step: &Step, check: &str) -> Result<usize, Trouble> {
        let lock = Lock::hold(course)?;
        Self::change(course, &lock, |progress| {
            let shown = progress.hints.entry(format!("{}/{check}", step.slug)).or_default();
            *shown += 1;
            *shown
        })
    }

    /// Forgets the step: it is to be done again.
    pub fn forget(course: &Course, step: &Step, lock: &Lock) -> Result<(), Trouble> {
        Self::change(course, lock, |progress| {
            progress.solved.retain(|slug| *slug != step.slug);
            let prefix = format!("{}/", step.slug);
            progress.hints.retain(|check, _| !check.starts_with(&prefix));
        })
    }

    /// Nobody else writes between what is read here and what is written.
    fn change<T>(
        course: &Course,
        _lock: &Lock,
        change: impl FnOnce(&mut Self) -> T,
    ) -> Result<T, Trouble> {
        let mut progress = Self::load(course)?;
        let answer = change(&mut progress);
        progress.version = VERSION;
        files::write_json(&path(course), &progress)?;
        Ok(answer)
    }
}

fn path(course: &Course) -> PathBuf {
    course.lasting().join("progress.json")
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::learner::testing::Scratch;

    #[test]
    fn what_many_terminals_remember_at_once_is_all_remembered() {
        let scratch = Scratch::new("progress");
        let course = &scratch.course;
        thread::scope(|scope| {
            for step in &course.steps {
                scope.spawn(|| {
                    Progress::solve(course, step).unwrap_or_else(|trouble| panic!("{trouble}"));
                    Progress::next_hint(course, step, "a")
                        .unwrap_or_else(|trouble| panic!("{trouble}"));
                });
            }
        });
        let known = Progress::load(course).expect("it is there");
        assert!(course.steps.iter().all(|step| known.is_solved(step)), "{:?}", known.solved);
        assert_eq!(known.hints.len(), course.steps.len());
    }
}
