//! What a verdict depends on, as one hash: the same inputs need no second run.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
};

use crate::{
    course::{Course, Step, Whose},
    files,
    trouble::Trouble,
};

/// What checks are made of, beside the checks themselves.
const LIBRARIES: [&str; 3] = ["protocol", "harness", "forgery"];

/// The hash of the step's own folder, the checks of all steps (they borrow from each other), the libraries
/// that they are made of, and the workspace's dependencies.
pub fn hash(course: &Course, step: &Step, whose: Whose) -> Result<String, Trouble> {
    let mut paths: Vec<PathBuf> = Vec::new();
    paths.extend(files::below(&step.folder(whose))?);
    paths.push(step.folder(Whose::Learner).join("hints.md"));
    for other in &course.steps {
        paths.extend(files::below(&other.folder(Whose::Learner).join("tests"))?);
    }
    for library in LIBRARIES {
        paths.extend(files::below(&course.root.join("xtask").join(library))?);
    }
    paths.push(course.root.join("Cargo.toml"));
    paths.push(course.root.join("Cargo.lock"));
    let mut hasher = DefaultHasher::new();
    for path in paths {
        // An editor's own files come and go; what is missing is missed by who needs it.
        let Ok(contents) = fs::read(&path) else { continue };
        path.strip_prefix(&course.root).unwrap_or(&path).hash(&mut hasher);
        contents.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}
