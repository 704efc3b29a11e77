//! A copy of what the book is made from, to be broken.

use std::{
    fs,
    path::{Path, PathBuf},
};

use xtask::{course::Course, files};

pub(crate) struct Clone {
    folder: tempfile::TempDir,
}

impl Clone {
    pub(crate) fn new() -> Self {
        let here = std::env::current_dir().expect("a current folder");
        let course = Course::find(&here).unwrap_or_else(|trouble| panic!("{trouble}"));
        let folder = tempfile::tempdir().expect("a temporary folder");
        for part in ["book", "steps", "solutions", "xtask/fastapi"] {
            for file in files::below(&course.root.join(part)).expect("a readable folder") {
                let name = file.strip_prefix(&course.root).expect("it lies below the root");
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

    pub(crate) fn append(&self, name: &str, text: &str) {
        let path = self.path(name);
        let before = fs::read_to_string(&path).unwrap_or_default();
        fs::write(path, before + text).expect("a file that can be written");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}
