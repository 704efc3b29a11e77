//! What the server of a step was made of when it was last compiled. Cargo relies on the times of files; a file that is
//! older than the last build, because it was moved there, is to cargo as if it had always been there.

use std::{
    fs,
    hash::{DefaultHasher, Hasher},
    path::PathBuf,
    time::SystemTime,
};

use crate::{
    course::{Course, Step, Whose, made_of},
    process::{
        compiled::{Record, arguments},
        stamp::hash_files,
    },
    trouble::Trouble,
};

/// The files that a server is made of, as they are at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// A hash of their names and contents.
    pub hash: String,
    /// The same of those that are compiled.
    pub(super) compiled: String,
    /// When each was written: what was changed and changed back is seen by it.
    times: Vec<Option<SystemTime>>,
}

impl Sources {
    /// Reads them.
    pub fn now(course: &Course, step: &Step, whose: Whose) -> Result<Self, Trouble> {
        let mut paths = made_of::compiled(step, whose)?;
        let package = step.package(whose);
        paths.extend(Record::load(course, &arguments(&package)).also);
        let mut hasher = DefaultHasher::new();
        hash_files(&course.root, &paths, &mut hasher);
        let compiled = format!("{:016x}", hasher.finish());
        let read = made_of::read(step, whose);
        hash_files(&course.root, read.as_slice(), &mut hasher);
        paths.extend(read);
        let time = |path: &PathBuf| fs::metadata(path).and_then(|data| data.modified()).ok();
        let times = paths.iter().map(time).collect();
        Ok(Self { hash: format!("{:016x}", hasher.finish()), compiled, times })
    }
}

/// The file that is locked while the package is built.
pub(super) fn lock(course: &Course, step: &Step, whose: Whose) -> PathBuf {
    course.temporary().join("built").join(format!("{}.lock", step.package(whose)))
}
