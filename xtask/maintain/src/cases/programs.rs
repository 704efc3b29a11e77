//! The programs that patches of strangers make of the solutions that they were made for.
//!
//! The solutions may have changed since, so each that cases were made for is kept: `solutions/NN-slug/cases/*.rs`.

use std::path::{Path, PathBuf};

use xtask::{
    course::{Step, Whose, patch, source::Source},
    files,
    trouble::Trouble,
};

/// The solutions that cases of the step were made for, the oldest first.
pub(super) fn bases(step: &Step) -> Result<Vec<Vec<Source>>, Trouble> {
    let folder = step.folder(Whose::Reference).join("cases");
    let mut paths = files::in_folder(&folder)?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let read = |path: &PathBuf| {
        let text = files::read(path)?;
        Ok(vec![Source { path: PathBuf::from("src").join("main.rs"), text }])
    };
    paths.iter().map(read).collect()
}

/// The program of a patch on one of the step's bases.
pub(crate) fn patched(step: &Step, path: &Path) -> Result<Vec<Source>, Trouble> {
    made(step, &bases(step)?, path).map(|(_, program)| program)
}

/// The first of the bases that the patch fits, by its place, and what the patch makes of it.
pub(super) fn made(
    step: &Step,
    bases: &[Vec<Source>],
    path: &Path,
) -> Result<(usize, Vec<Source>), Trouble> {
    let text = files::read(path)?;
    let mut why = "there is no base".to_owned();
    for (index, base) in bases.iter().enumerate() {
        let mut sources = base.clone();
        match apply(&text, step, &mut sources) {
            Ok(()) => return Ok((index, sources)),
            Err(reason) => why = reason,
        }
    }
    Err(Trouble::Environment(format!("{} cannot be applied: {why}", path.display())))
}

/// A case's patch names the learner's file, `a/steps/NN-slug/src/main.rs`.
fn apply(patch: &str, step: &Step, sources: &mut [Source]) -> Result<(), String> {
    let patch = patch
        .replace(&format!("--- a/steps/{}/", step.slug), "--- a/")
        .replace(&format!("+++ b/steps/{}/", step.slug), "+++ b/");
    patch::apply(&patch, sources)
}
