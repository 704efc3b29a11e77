//! A clone for wine to work in: its folder has spaces and a letter that is not ASCII, and nobody's work is changed.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use xtask::{course::Course, files, process::call, trouble::Trouble};

/// The folder's name.
const NAME: &str = "a café with spaces";

/// Makes it equal to the files that git knows or would take; what is equal keeps its time, so that cargo does not compile
/// it again.
pub(crate) fn make(course: &Course, beside: &Path) -> Result<PathBuf, Trouble> {
    let root = beside.join(NAME);
    let known = known(course)?;
    let mut old = Vec::new();
    for part in if root.is_dir() { files::in_folder(&root)? } else { Vec::new() } {
        if part.is_dir() { old.extend(files::below(&part)?) } else { old.push(part) }
    }
    for path in old {
        if path.strip_prefix(&root).is_ok_and(|path| !known.contains(path)) {
            fs::remove_file(&path).map_err(|error| Trouble::io("remove", &path, &error))?;
        }
    }
    for path in &known {
        let (from, to) = (course.root.join(path), root.join(path));
        let read = |path: &Path| fs::read(path).ok();
        let Some(contents) = read(&from) else { continue };
        if read(&to).as_ref() != Some(&contents) {
            files::write(&to, &contents)?;
        }
    }
    Ok(root)
}

fn known(course: &Course) -> Result<BTreeSet<PathBuf>, Trouble> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(&course.root)
        .stderr(Stdio::inherit());
    let said = call::output(&mut git)?;
    if !said.status.success() {
        return Err(Trouble::Environment("git does not list the workshop's files".to_owned()));
    }
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    Ok(text.split('\0').filter(|path| !path.is_empty()).map(PathBuf::from).collect())
}
