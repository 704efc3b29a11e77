//! Verdicts that are kept: the last one, for every reader, and what the next judgement compares with.

use std::path::{Path, PathBuf};

use crate::{
    course::{Course, Step, Whose},
    files,
    trouble::Trouble,
    verdict::{Outcome, VERSION, Verdict, path},
};

impl Verdict {
    /// The last verdict on the step, if there is one that this version can read.
    pub fn load(course: &Course, step: &Step, whose: Whose) -> Option<Self> {
        Self::read(&path(course, step, whose))
    }

    /// The last verdict for which checks ran: code that did not compile since then says nothing about them.
    pub fn load_checked(course: &Course, step: &Step, whose: Whose) -> Option<Self> {
        Self::read(&memory(course, step, whose, "checked"))
    }

    /// The verdict on the untouched starter, if it was judged once.
    pub fn load_starter(course: &Course, step: &Step) -> Option<Self> {
        Self::read(&memory(course, step, Whose::Learner, "starter"))
    }

    fn read(path: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(path).ok()?;
        serde_json::from_str::<Self>(&text).ok().filter(|verdict| verdict.version == VERSION)
    }

    /// Replaces the last verdict on the step.
    pub fn save(&self, course: &Course, step: &Step, whose: Whose) -> Result<(), Trouble> {
        if matches!(self.outcome, Outcome::Solved | Outcome::Failed | Outcome::NotStarted) {
            files::write_json(&memory(course, step, whose, "checked"), self)?;
        }
        if self.outcome == Outcome::NotStarted {
            files::write_json(&memory(course, step, whose, "starter"), self)?;
        }
        files::write_json(&path(course, step, whose), self)
    }

    /// Forgets how all code was judged: the checks are others now.
    pub fn forget_all(course: &Course) -> Result<(), Trouble> {
        let memory = course.temporary().join("memory");
        match std::fs::remove_dir_all(&memory) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Trouble::io("delete", &memory, &error))
            }
            _ => Ok(()),
        }
    }

    /// Forgets how the learner's code was judged: it begins again. What the starter shows is kept.
    pub fn forget(course: &Course, step: &Step) -> Result<(), Trouble> {
        for file in
            [memory(course, step, Whose::Learner, "checked"), path(course, step, Whose::Learner)]
        {
            if let Err(error) = std::fs::remove_file(&file)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                return Err(Trouble::io("delete", &file, &error));
            }
        }
        Ok(())
    }
}

/// What the next judgement compares with; no other reader needs it.
fn memory(course: &Course, step: &Step, whose: Whose, what: &str) -> PathBuf {
    course.temporary().join("memory").join(format!("{}-{what}.json", step.package(whose)))
}
