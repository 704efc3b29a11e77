//! What a step is made of: the files that are compiled and those that its server reads. A save of one of them is a
//! save; everything else beside them is left alone. And what judges it.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use crate::{
    course::{Step, Whose},
    files,
    trouble::Trouble,
};

/// The files that are compiled, or say how, beside those below `src/`.
const BESIDE_SRC: [&str; 2] = ["Cargo.toml", "build.rs"];

/// The file that the server reads.
const READ: &str = "users.json";

/// The files below `src/`, sorted, without what editors leave there.
pub fn code(step: &Step, whose: Whose) -> Result<Vec<PathBuf>, Trouble> {
    without_leftovers(&step.folder(whose).join("src"))
}

/// The files of the package that are compiled. What else is compiled into its server, only rustc knows: see
/// `process::built`.
pub fn compiled(step: &Step, whose: Whose) -> Result<Vec<PathBuf>, Trouble> {
    package(&step.folder(whose))
}

/// The files of the package in this folder that are compiled.
pub fn package(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let mut files = without_leftovers(&folder.join("src"))?;
    let beside = BESIDE_SRC.map(|name| folder.join(name));
    files.extend(beside.into_iter().filter(|path| path.is_file()));
    Ok(files)
}

/// The file that its server reads, if it has one.
pub fn read(step: &Step, whose: Whose) -> Option<PathBuf> {
    let path = step.folder(whose).join(READ);
    path.is_file().then_some(path)
}

/// The files of the step's checks, without their snapshots.
pub fn files_of_checks(step: &Step) -> Result<Vec<PathBuf>, Trouble> {
    let mut files = without_leftovers(&step.folder(Whose::Learner).join("tests"))?;
    let snapshots = step.snapshots();
    files.retain(|path| path.parent() != Some(&snapshots));
    Ok(files)
}

/// The files below this folder, sorted, without what editors leave there.
pub fn without_leftovers(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let mut files = files::below(folder)?;
    files.retain(|path| {
        let below = path.strip_prefix(folder).unwrap_or(path);
        !below.iter().any(is_leftover)
    });
    Ok(files)
}

/// Whether an editor or the system gives this name to what it leaves beside a file: swap files, locks, backups.
pub fn is_leftover(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let ends = [
        "~",
        ".bak",
        ".orig",
        ".swo",
        ".swp",
        ".tmp",
        // JetBrains' editors.
        "___jb_old___",
        "___jb_tmp___",
    ];
    name.starts_with('.')
        || ends.iter().any(|end| name.ends_with(end))
        || name.starts_with('#') && name.ends_with('#')
        // With a file of this name vim finds out whether it may write here.
        || name == "4913"
        || files::is_unfinished(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_leave_is_no_code() {
        for name in [
            ".DS_Store",
            ".main.rs.swp",
            ".#main.rs",
            "#main.rs#",
            "main.rs~",
            "main.rs.bak",
            "main.rs.orig",
            "main.swo",
            "main.rs___jb_tmp___",
            "4913",
            "main.rs.4711.new",
        ] {
            assert!(is_leftover(OsStr::new(name)), "{name}");
        }
        for name in ["main.rs", "users.json", "4914", "notes.txt", "old.new", "#main.rs"] {
            assert!(!is_leftover(OsStr::new(name)), "{name}");
        }
    }
}
