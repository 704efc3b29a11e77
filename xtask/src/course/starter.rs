//! The starter of a step, made from its solution: what is no solution, with gaps or with holes.

use crate::{
    course::{
        Step, Whose, made_of,
        marks::{self, View},
        patch,
        source::{self, Source},
    },
    files,
    trouble::Trouble,
};

/// The solution's files as `view` shows them.
pub fn sources(step: &Step, view: View) -> Result<Vec<Source>, Trouble> {
    let folder = step.folder(Whose::Reference);
    let mut sources = Vec::new();
    for path in made_of::code(step, Whose::Reference)? {
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
        patch::open_holes(&folder, &mut sources)?;
    }
    Ok(sources)
}

/// Whether the learner's `src/` is what we shipped.
pub fn is_untouched(step: &Step) -> Result<bool, Trouble> {
    let starter = sources(step, View::Starter)?;
    source::first_difference(step, &starter).map(|different| different.is_none())
}
