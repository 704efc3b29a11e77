//! `.workshop/progress.json`: which steps the learner has solved, and how many hints were shown.

use std::{collections::BTreeMap, fs, io, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{
    course::{Course, Step},
    files,
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

#[derive(Deserialize)]
struct Format {
    version: u32,
}

impl Progress {
    /// Reads it; a learner who has just begun has none.
    pub fn load(course: &Course) -> Result<Self, Trouble> {
        let path = path(course);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Trouble::io("read", &path, &error)),
        };
        let cure = format!(
            "Nothing of your code is in it. Move {} away, then `cargo xtask verify --all` finds out again what is solved.",
            path.display()
        );
        let unreadable = |error: serde_json::Error| {
            Trouble::Environment(format!("your progress cannot be read: {error}.\n{cure}"))
        };
        // A newer format may have other fields: its number is read first.
        let Format { version } = serde_json::from_str(&text).map_err(unreadable)?;
        if version > VERSION {
            return Err(Trouble::Environment(format!(
                "your progress was written by a newer workshop (format {version}, this one reads {VERSION}).\n\
                 Bring the workshop up to date with `git pull` or a newer archive. Or: {cure}"
            )));
        }
        serde_json::from_str(&text).map_err(unreadable)
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
    pub fn solve(&mut self, course: &Course, step: &Step) -> Result<(), Trouble> {
        if self.is_solved(step) {
            return Ok(());
        }
        self.solved.push(step.slug.clone());
        self.save(course)
    }

    /// The number of hints shown for this check of the step before, counting this call.
    pub fn next_hint(
        &mut self,
        course: &Course,
        step: &Step,
        check: &str,
    ) -> Result<usize, Trouble> {
        let shown = self.hints.entry(format!("{}/{check}", step.slug)).or_default();
        *shown += 1;
        let count = *shown;
        self.save(course)?;
        Ok(count)
    }

    /// Forgets the step: it is to be done again.
    pub fn forget(&mut self, course: &Course, step: &Step) -> Result<(), Trouble> {
        self.solved.retain(|slug| *slug != step.slug);
        let prefix = format!("{}/", step.slug);
        self.hints.retain(|check, _| !check.starts_with(&prefix));
        self.save(course)
    }

    fn save(&mut self, course: &Course) -> Result<(), Trouble> {
        self.version = VERSION;
        files::write_json(&path(course), self)
    }
}

fn path(course: &Course) -> PathBuf {
    course.lasting().join("progress.json")
}
