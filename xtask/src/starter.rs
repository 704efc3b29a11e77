//! The starter of a step, made from its solution: what is no solution, with gaps or with holes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    course::{Step, Whose},
    files, holes,
    marks::{self, View},
    trouble::Trouble,
};

/// One file below `src/`, as a reader is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Relative to the package's folder: `src/main.rs`.
    pub path: PathBuf,
    /// Without any marker line.
    pub text: String,
}

/// The solution's files as `view` shows them.
pub fn sources(step: &Step, view: View) -> Result<Vec<Source>, Trouble> {
    let folder = step.folder(Whose::Reference);
    let mut sources = Vec::new();
    for path in files::below(&folder.join("src"))? {
        let text = marks::strip(&files::read(&path)?, view)
            .map_err(|bad| Trouble::Environment(format!("{}, {bad}", path.display())))?;
        let path = path.strip_prefix(&folder).unwrap_or(&path).to_owned();
        sources.push(Source { path, text });
    }
    if sources.is_empty() {
        let message = format!("{} has no src/: bring it back with git", folder.display());
        return Err(Trouble::Environment(message));
    }
    if view == View::Starter {
        holes::open(&folder, &mut sources)?;
    }
    Ok(sources)
}

/// Whether the learner's `src/` is what we shipped.
pub fn is_untouched(step: &Step) -> Result<bool, Trouble> {
    differs(step, &sources(step, View::Starter)?).map(|different| different.is_none())
}

/// The first file of the learner's `src/` that is not as in `sources`.
pub fn differs(step: &Step, sources: &[Source]) -> Result<Option<PathBuf>, Trouble> {
    let folder = step.folder(Whose::Learner);
    for path in files::below(&folder.join("src"))? {
        let name = path.strip_prefix(&folder).unwrap_or(&path);
        if !sources.iter().any(|source| source.path == name) {
            return Ok(Some(name.to_owned()));
        }
    }
    for source in sources {
        if !has_text(&folder.join(&source.path), &source.text) {
            return Ok(Some(source.path.clone()));
        }
    }
    Ok(None)
}

/// Writes the files into the learner's folder.
pub fn write(step: &Step, sources: &[Source]) -> Result<(), Trouble> {
    let folder = step.folder(Whose::Learner);
    sources
        .iter()
        .try_for_each(|source| files::write(&folder.join(&source.path), source.text.as_bytes()))
}

/// Git may have written line ends as Windows likes them.
fn has_text(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|found| found.replace("\r\n", "\n") == text)
}
