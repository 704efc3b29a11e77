//! A copy of what the book is made from, to be broken.

use std::{
    fs,
    path::{Path, PathBuf},
};

use xtask::{course::Course, files};

/// What the book is made from.
const PARTS: [&str; 4] = ["book", "steps", "solutions", "xtask/peers/fastapi"];

pub(crate) struct Checkout {
    folder: tempfile::TempDir,
}

impl Checkout {
    pub(crate) fn copy() -> Self {
        let here = std::env::current_dir().expect("a current folder");
        let course = Course::find(&here).unwrap_or_else(|trouble| panic!("{trouble}"));
        let folder = tempfile::tempdir().expect("a temporary folder");
        for part in PARTS {
            for file in files::below(&course.root.join(part)).expect("a readable folder") {
                let name = file.strip_prefix(&course.root).expect("it is below the root");
                if name.starts_with("book/html") {
                    continue;
                }
                let copy = folder.path().join(name);
                fs::create_dir_all(copy.parent().expect("a folder")).expect("a folder");
                fs::copy(&file, &copy).expect("a copy");
            }
        }
        Self { folder }
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The copy as a course.
    #[allow(dead_code, reason = "not every test that breaks a copy asks for its steps")]
    #[track_caller]
    pub(crate) fn course(&self) -> Course {
        Course::open(self.root()).unwrap_or_else(|trouble| panic!("{trouble}"))
    }

    pub(crate) fn append(&self, name: &str, text: &str) {
        let path = self.path(name);
        let before = fs::read_to_string(&path).unwrap_or_default();
        fs::write(path, before + text).expect("a file that can be written");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}
