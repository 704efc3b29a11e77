//! What an update has changed, and the way back.
//!
//! `.workshop/updates/0001/` keeps all that an update replaces: `note.json` says what was changed, `files/` has what was
//! there, and `undone/` what an undo has taken away. Beside it is the runner as it was, since the newer one may not compile.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    course::Course,
    files,
    learner::{backup, lock::Lock},
    trouble::Trouble,
};

const NOTE: &str = "note.json";

/// The crates of others, in the archive for a room without a network.
pub(super) const CRATES: &str = "vendor";

/// What an update has changed; paths are relative to the checkout.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Note {
    /// The copies of the learner's code, by slug.
    pub(super) steps: BTreeMap<String, PathBuf>,
    /// What was replaced or removed: there is a copy of each.
    pub(super) kept: Vec<PathBuf>,
    /// What was not there before.
    pub(super) created: Vec<PathBuf>,
    /// Whether all of it was changed.
    #[serde(default)]
    pub(super) finished: bool,
}

/// The runner that made the last update: it takes it back even where the newer one does not compile.
pub fn runner(here: &Course) -> PathBuf {
    updates(here).join(format!("xtask{}", env::consts::EXE_SUFFIX))
}

/// Whether the last update was ended before it had changed everything.
pub fn was_cut_short(here: &Course) -> Result<bool, Trouble> {
    Ok(match last(&updates(here))? {
        Some((_, folder)) => !Note::read(&folder)?.finished,
        None => false,
    })
}

impl Note {
    fn read(folder: &Path) -> Result<Self, Trouble> {
        let path = folder.join(NOTE);
        serde_json::from_str(&files::read(&path)?)
            .map_err(|error| Trouble::Environment(format!("{}: {error}", path.display())))
    }

    /// From here on [`undo`] knows it.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Trouble> {
        files::write_json(&folder.join(NOTE), self)
    }
}

/// Takes the last update back, and names the folder with what it has taken away.
pub fn undo(here: &Course, lock: &Lock) -> Result<PathBuf, Trouble> {
    let Some((number, folder)) = last(&updates(here))? else {
        return Err(Trouble::Usage("there is no update to take back".to_owned()));
    };
    let note = Note::read(&folder)?;
    let undone = folder.join("undone");
    for path in note.kept.iter().chain(&note.created) {
        let (found, copy) = (here.root.join(path), undone.join(path));
        // An undo that was ended half-way has kept it, and may have put the older one in its place. Thousands of files of
        // others are in their archive.
        if found.exists() && !copy.exists() && !path.starts_with(CRATES) {
            files::copy(&found, &copy)?;
        }
    }
    for (slug, copy) in &note.steps {
        if let Some(step) = here.steps.iter().find(|step| step.slug == *slug) {
            backup::bring_back(here, step, &here.root.join(copy), lock)?;
        }
    }
    // What has come goes first, and its solutions before its steps: at no moment are there two steps of one number.
    note.created.iter().try_for_each(|path| remove(&here.root, path))?;
    for path in &note.kept {
        files::copy(&folder.join("files").join(path), &here.root.join(path))?;
    }
    let done = folder.with_file_name(format!("{number:04}-undone"));
    fs::rename(&folder, &done).map_err(|error| Trouble::io("rename", &folder, &error))?;
    Ok(done)
}

fn updates(here: &Course) -> PathBuf {
    here.lasting().join("updates")
}

/// A new numbered folder.
pub(super) fn folder(here: &Course) -> Result<PathBuf, Trouble> {
    let all = updates(here);
    let mut number = last(&all)?.map_or(1, |(number, _)| number + 1);
    while all.join(format!("{number:04}-undone")).exists() {
        number += 1;
    }
    let folder = all.join(format!("{number:04}"));
    files::create_folder(&folder)?;
    Ok(folder)
}

/// The newest update that was not taken back.
fn last(all: &Path) -> Result<Option<(u32, PathBuf)>, Trouble> {
    if !all.exists() {
        return Ok(None);
    }
    let numbered = files::in_folder(all)?.into_iter().filter_map(|path| {
        let number = path.file_name()?.to_str()?.parse().ok()?;
        // One that ended before it had changed anything has no note.
        path.join(NOTE).exists().then_some((number, path))
    });
    Ok(numbered.max())
}

/// Removes the file, if it is there, and the folders that are empty without it: an empty `solutions/11-x` would be half a step.
pub(super) fn remove(root: &Path, path: &Path) -> Result<(), Trouble> {
    let file = root.join(path);
    if file.exists() {
        fs::remove_file(&file).map_err(|error| Trouble::io("remove", &file, &error))?;
    }
    for folder in file.ancestors().skip(1).take_while(|folder| *folder != root) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}
