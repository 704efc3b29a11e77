//! What a verdict depends on, as one hash: the same inputs need no second run.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
};

use crate::{
    course::{Course, Step, Whose, made_of},
    process::{built::Sources, stamp::hash_files},
    trouble::Trouble,
};

/// What checks are made of, beside the checks themselves.
const LIBRARIES: [&str; 3] = ["protocol", "harness", "forgery"];

/// The hash of all that a verdict on the step would depend on now.
pub fn hash(course: &Course, step: &Step, whose: Whose) -> Result<String, Trouble> {
    Ok(Rest::now(course, step)?.with(&Sources::now(course, step, whose)?))
}

/// A hash of what a verdict depends on beside the step's own sources: the checks of all steps (they borrow from each
/// other), the step's own snapshots, the libraries that checks are made of, and the workspace's dependencies.
pub(super) struct Rest(u64);

impl Rest {
    /// Reads it: few files, since everybody who saves waits for this.
    pub(super) fn now(course: &Course, step: &Step) -> Result<Self, Trouble> {
        let mut paths: Vec<PathBuf> = Vec::new();
        paths.push(step.folder(Whose::Learner).join("hints.md"));
        for other in &course.steps {
            paths.extend(made_of::files_of_checks(other)?);
        }
        paths.extend(made_of::without_leftovers(&step.snapshots())?);
        for library in LIBRARIES {
            paths.extend(made_of::without_leftovers(&course.root.join("xtask").join(library))?);
        }
        paths.push(course.root.join("Cargo.toml"));
        paths.push(course.root.join("Cargo.lock"));
        let mut hasher = DefaultHasher::new();
        hash_files(&course.root, &paths, &mut hasher);
        Ok(Self(hasher.finish()))
    }

    /// The hash of this and of these sources.
    pub(super) fn with(&self, sources: &Sources) -> String {
        let mut hasher = DefaultHasher::new();
        sources.hash.hash(&mut hasher);
        self.0.hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}
