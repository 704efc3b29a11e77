//! The source files of a step: a solution's, a starter's, or the learner's own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    course::{Step, Whose, made_of},
    files,
    trouble::Trouble,
};

/// One file below `src/`, as a reader is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Relative to the package's folder: `src/main.rs`.
    pub path: PathBuf,
    /// What is in it; of a solution, without any marker line.
    pub text: String,
}

/// The files below `src/` as they are now; what is no text is left out.
pub fn written(step: &Step, whose: Whose) -> Result<Vec<Source>, Trouble> {
    let folder = step.folder(whose);
    let mut sources = Vec::new();
    for path in made_of::code(step, whose)? {
        if path.extension().is_some_and(|extension| extension == "rs")
            && let Ok(text) = fs::read_to_string(&path)
        {
            let path = path.strip_prefix(&folder).unwrap_or(&path).to_owned();
            sources.push(Source { path, text });
        }
    }
    Ok(sources)
}

/// Makes the learner's `src/` consist of these files and no other.
pub fn replace(step: &Step, sources: &[Source]) -> Result<(), Trouble> {
    let learner = step.folder(Whose::Learner);
    for source in sources {
        files::write(&learner.join(&source.path), source.text.as_bytes())?;
    }
    for path in made_of::code(step, Whose::Learner)? {
        let name = path.strip_prefix(&learner).unwrap_or(&path);
        if !sources.iter().any(|source| source.path == name) {
            fs::remove_file(&path).map_err(|error| Trouble::io("remove", &path, &error))?;
        }
    }
    Ok(())
}

/// The first file of the learner's `src/` that is not as in `sources`.
pub fn first_difference(step: &Step, sources: &[Source]) -> Result<Option<PathBuf>, Trouble> {
    let folder = step.folder(Whose::Learner);
    for path in made_of::code(step, Whose::Learner)? {
        let name = path.strip_prefix(&folder).unwrap_or(&path);
        if !sources.iter().any(|source| source.path == name) {
            return Ok(Some(name.to_owned()));
        }
    }
    let differs = |source: &&Source| !has_text(&folder.join(&source.path), &source.text);
    Ok(sources.iter().find(differs).map(|source| source.path.clone()))
}

/// Git may have written line ends as Windows likes them.
fn has_text(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|found| found.replace("\r\n", "\n") == text)
}
