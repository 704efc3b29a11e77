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
    hash_with(course, step, &Sources::now(course, step, whose)?)
}

/// The hash of these sources, the checks of all steps (they borrow from each other), the libraries that they are made
/// of, and the workspace's dependencies.
pub(super) fn hash_with(
    course: &Course,
    step: &Step,
    sources: &Sources,
) -> Result<String, Trouble> {
    let mut paths: Vec<PathBuf> = Vec::new();
    paths.push(step.folder(Whose::Learner).join("hints.md"));
    for other in &course.steps {
        let tests = other.folder(Whose::Learner).join("tests");
        paths.extend(made_of::without_leftovers(&tests)?);
    }
    for library in LIBRARIES {
        paths.extend(made_of::without_leftovers(&course.root.join("xtask").join(library))?);
    }
    paths.push(course.root.join("Cargo.toml"));
    paths.push(course.root.join("Cargo.lock"));
    let mut hasher = DefaultHasher::new();
    sources.hash.hash(&mut hasher);
    hash_files(&course.root, &paths, &mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}
