//! Copies of the learner's code in `.workshop/backups/`: nothing is overwritten without one. They are copies of bytes:
//! what is no text comes back as it was.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    course::{
        Course, Step, Whose, made_of,
        source::{self, Source},
    },
    files,
    learner::lock::Lock,
    trouble::Trouble,
};

/// Copies the step's `src/` to a new numbered folder and names it. Half a copy gets no number, so that
/// `--undo` never brings one back.
pub fn save(course: &Course, step: &Step, _lock: &Lock) -> Result<PathBuf, Trouble> {
    let all = folder(course, step);
    let number = newest(&all)?.map_or(1, |(number, _)| number + 1);
    let backup = all.join(format!("{number:04}"));
    let unfinished = all.join("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)
            .map_err(|error| Trouble::io("remove", &unfinished, &error))?;
    }
    files::create_folder(&unfinished)?;
    let learner = step.folder(Whose::Learner);
    for path in made_of::code(step, Whose::Learner)? {
        let copy = unfinished.join(path.strip_prefix(&learner).unwrap_or(&path));
        files::create_folder(copy.parent().unwrap_or(&unfinished))?;
        fs::copy(&path, &copy).map_err(|error| Trouble::io("copy your code to", &copy, &error))?;
    }
    fs::rename(&unfinished, &backup).map_err(|error| Trouble::io("write", &backup, &error))?;
    Ok(backup)
}

/// The newest backup of the step.
pub fn last(course: &Course, step: &Step) -> Result<PathBuf, Trouble> {
    let all = folder(course, step);
    let none = || {
        Trouble::Usage(format!(
            "there is no backup of step {} yet: `reset` and `solution --apply` make one in {}",
            step.number,
            all.display()
        ))
    };
    newest(&all)?.map(|(_, backup)| backup).ok_or_else(none)
}

/// Replaces the step's `src/` by these files, after a backup, and names the backup.
pub fn replace(
    course: &Course,
    step: &Step,
    sources: &[Source],
    lock: &Lock,
) -> Result<PathBuf, Trouble> {
    let backup = save(course, step, lock)?;
    source::replace(step, sources)?;
    Ok(backup)
}

/// Replaces the step's `src/` by what is in this backup, after a backup of its own, and names that.
pub fn bring_back(
    course: &Course,
    step: &Step,
    from: &Path,
    lock: &Lock,
) -> Result<PathBuf, Trouble> {
    let mut contents = Vec::new();
    for path in files::below(from)? {
        let bytes = fs::read(&path).map_err(|error| Trouble::io("read", &path, &error))?;
        contents.push((path.strip_prefix(from).unwrap_or(&path).to_owned(), bytes));
    }
    let backup = save(course, step, lock)?;
    source::replace_bytes(step, &contents)?;
    Ok(backup)
}

fn folder(course: &Course, step: &Step) -> PathBuf {
    course.lasting().join("backups").join(&step.slug)
}

fn newest(all: &Path) -> Result<Option<(u32, PathBuf)>, Trouble> {
    if !all.exists() {
        return Ok(None);
    }
    let entries = fs::read_dir(all).map_err(|error| Trouble::io("read", all, &error))?;
    let numbered = entries.filter_map(|entry| {
        let path = entry.ok()?.path();
        let number = path.file_name()?.to_str()?.parse().ok()?;
        Some((number, path))
    });
    Ok(numbered.max())
}
