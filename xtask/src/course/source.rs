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

/// What the first line of an exercise of the break-in begins with.
pub const EXERCISE: &str = "// Break-in ";

/// Whether this code is an exercise that was drawn: its holes are to be found.
pub fn is_exercise(code: &[Source]) -> bool {
    code.iter().any(|source| source.path.ends_with("main.rs") && source.text.starts_with(EXERCISE))
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

/// Makes the learner's `src/` consist of these files and no other; what editors have left there stays.
pub fn replace(step: &Step, sources: &[Source]) -> Result<(), Trouble> {
    let bytes = |source: &Source| (source.path.clone(), source.text.clone().into_bytes());
    replace_bytes(step, &sources.iter().map(bytes).collect::<Vec<_>>())
}

/// The same with files that need not be text: their paths relative to the package's folder, and what is in them.
pub fn replace_bytes(step: &Step, contents: &[(PathBuf, Vec<u8>)]) -> Result<(), Trouble> {
    let learner = step.folder(Whose::Learner);
    for (path, bytes) in contents {
        files::write(&learner.join(path), bytes)?;
    }
    files::remove_unfinished(&learner.join("src"))?;
    for path in made_of::code(step, Whose::Learner)? {
        let name = path.strip_prefix(&learner).unwrap_or(&path);
        if !contents.iter().any(|(path, _)| path == name) {
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
    path.is_file()
        && fs::read_to_string(path).is_ok_and(|found| found.replace("\r\n", "\n") == text)
}
