//! The book, built for one test and opened as a file.

use std::fs;

use workshop_book::render;
use workshop_browser::{Failure, course};

/// A folder with the whole book, gone when dropped.
pub(crate) struct Book {
    folder: tempfile::TempDir,
}

impl Book {
    /// Builds the checkout's book.
    pub(crate) fn build() -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        render::build(&course()?.root, folder.path())?;
        Ok(Self { folder })
    }

    /// The address of a page: `glossary.html`.
    pub(crate) fn page(&self, name: &str) -> String {
        format!("file://{}", self.folder.path().join(name).display())
    }

    /// The names of all pages, `print.html` and `404.html` too, in order.
    #[allow(dead_code, reason = "not every test that builds the book asks for all pages")]
    pub(crate) fn pages(&self) -> Result<Vec<String>, Failure> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.folder.path())? {
            let path = entry?.path();
            if let Some(name) =
                path.file_name().filter(|_| path.extension() == Some("html".as_ref()))
            {
                names.push(name.to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(names)
    }
}
