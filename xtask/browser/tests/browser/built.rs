//! The book, built once for all tests and opened as files.

use std::{fs, path::PathBuf, sync::OnceLock};

use workshop_book::render;
use workshop_browser::{Failure, course};

static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();

/// The folder with the whole book: `target/workshop/looked-at`.
pub(crate) struct BuiltBook {
    folder: PathBuf,
}

impl BuiltBook {
    /// Builds the checkout's book, or waits for the test that does.
    pub(crate) fn build() -> Result<Self, Failure> {
        let built = BUILT.get_or_init(|| build().map_err(|failure| failure.to_string()));
        Ok(Self { folder: built.clone()? })
    }

    /// The address of a page: `glossary.html`.
    pub(crate) fn page(&self, name: &str) -> String {
        format!("file://{}", self.folder.join(name).display())
    }

    /// The names of all pages, `print.html` too, in order.
    pub(crate) fn pages(&self) -> Result<Vec<String>, Failure> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
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

fn build() -> Result<PathBuf, Failure> {
    let course = course()?;
    let folder = course.temporary().join("looked-at");
    render::build(&course.root, &folder)?;
    Ok(folder)
}
