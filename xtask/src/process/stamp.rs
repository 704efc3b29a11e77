//! Files, known by what is in them or by how they look from outside.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

/// A file by its length and its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Stamp {
    length: u64,
    time: SystemTime,
}

impl Stamp {
    pub(super) fn of(path: &Path) -> Option<Self> {
        let data = fs::metadata(path).ok()?;
        Some(Self { length: data.len(), time: data.modified().ok()? })
    }

    pub(super) fn time(&self) -> SystemTime {
        self.time
    }
}

/// Feeds names and contents of these files into the hash.
pub fn hash_files(root: &Path, paths: &[PathBuf], hasher: &mut impl Hasher) {
    for path in paths {
        // What is missing is missed by those who need it.
        let Ok(contents) = fs::read(path) else { continue };
        path.strip_prefix(root).unwrap_or(path).hash(hasher);
        contents.hash(hasher);
    }
}

/// The same as one hash.
pub(super) fn hash_of(root: &Path, files: &[PathBuf]) -> String {
    let mut hasher = DefaultHasher::new();
    hash_files(root, files, &mut hasher);
    format!("{:016x}", hasher.finish())
}
