//! The last whole build of a server that has ended: the next one serves it at once, and builds again behind it if
//! anything has changed.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use xtask::{course::Course, files, process::stamp::hash_files, trouble::Trouble};

/// What of the repository is in a book.
pub(crate) const SHOWN: [&str; 4] = ["book", "steps", "solutions", "xtask/peers/fastapi"];

/// The folder below which every server keeps its builds in a folder of its own.
pub(crate) fn folder(course: &Course) -> PathBuf {
    course.temporary().join("book")
}

/// A build in a folder, and what it was made of.
#[derive(Serialize, Deserialize)]
pub(crate) struct LastBuild {
    folder: PathBuf,
    made_of: String,
}

impl LastBuild {
    /// Moves it to `folder`, and says whether it is still what would be built now. Nothing if there is none, or if the
    /// server that made it still needs it.
    pub(crate) fn take(course: &Course, folder: &Path, served: &[String]) -> Option<bool> {
        let last: Self = serde_json::from_str(&fs::read_to_string(note(course)).ok()?).ok()?;
        let name = last.folder.parent()?.file_name()?.to_string_lossy().into_owned();
        if served.contains(&name) {
            return None;
        }
        files::create_folder(folder.parent()?).ok()?;
        fs::rename(&last.folder, folder).ok()?;
        let is_new = last.made_of == made_of(course);
        // Otherwise the next server builds again.
        Self { folder: folder.to_owned(), ..last }.keep(course).ok();
        Some(is_new)
    }

    /// The build in this folder, made of that.
    pub(crate) fn new(folder: PathBuf, made_of: String) -> Self {
        Self { folder, made_of }
    }

    /// Remembers it for the next server.
    pub(crate) fn keep(&self, course: &Course) -> Result<(), Trouble> {
        files::write_json(&note(course), self)
    }
}

/// A hash of all that is in a book now, and of the program that makes it.
pub(crate) fn made_of(course: &Course) -> String {
    let mut hasher = DefaultHasher::new();
    for part in SHOWN {
        let mut paths = files::below(&course.root.join(part)).unwrap_or_default();
        paths.retain(|path| is_shown(&course.root, path));
        hash_files(&course.root, &paths, &mut hasher);
    }
    let program = env::current_exe().and_then(fs::metadata);
    program.and_then(|data| Ok((data.len(), data.modified()?))).ok().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn note(course: &Course) -> PathBuf {
    folder(course).join("last.json")
}

/// The book shows the checks, not the learner's code: a save of that must not turn the page.
pub(crate) fn is_shown(root: &Path, path: &Path) -> bool {
    let path = path.strip_prefix(root).unwrap_or(path);
    let mut names = path.iter().map(|name| name.to_string_lossy());
    let three = [(); 3].map(|()| names.next().unwrap_or_default());
    let three = three.each_ref().map(AsRef::as_ref);
    !matches!(three, ["steps", _, "src"] | ["book", "html", _])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_learner_s_save_does_not_turn_the_page() {
        // A checkout may lie anywhere.
        let root = Path::new("/home/steps/x/src");
        let shown = |path: &str| is_shown(root, &root.join(path));
        assert!(!shown("steps/01-open-route/src/main.rs") && !shown("book/html/index.html"));
        assert!(shown("steps/01-open-route/hints.md") && shown("book/src/welcome.md"));
        assert!(shown("solutions/01-open-route/src/main.rs"));
        assert!(is_shown(root, Path::new("")), "an error of the watcher may hide a save");
    }
}
