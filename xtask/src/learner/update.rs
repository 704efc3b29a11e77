//! A newer workshop in place of this one, with the learner's code merged into its starters; and back again.
//!
//! `.workshop/updates/0001/` keeps all that an update replaces: `note.json` says what was changed, `files/` has what was
//! there, and `undone/` what an undo has taken away.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    course::{Course, Step, Whose, made_of, marks::View, source, starter},
    files,
    learner::{
        backup,
        lock::Lock,
        merged::{Contents, Merged, merge},
    },
    trouble::Trouble,
};

/// Folders that hold nothing of the learner's: what the newer workshop lacks there is removed.
const OURS: [&str; 3] = ["book", "solutions", "xtask"];

/// Folders below these that are made, and belong to no workshop.
const MADE: [&str; 4] = ["__pycache__", "html", "target", ".git"];

/// What an update is going to change.
pub struct Plan {
    /// The steps whose code changes, as it is to be.
    pub steps: Vec<(Step, Merged)>,
    /// Files that the newer workshop has, and this one has not, or not so.
    write: Vec<PathBuf>,
    remove: Vec<PathBuf>,
}

/// What an update has changed; paths are relative to the checkout.
#[derive(Serialize, Deserialize)]
struct Note {
    /// The copies of the learner's code, by slug.
    steps: BTreeMap<String, PathBuf>,
    /// What was replaced or removed: there is a copy of each.
    kept: Vec<PathBuf>,
    /// What was not there before.
    created: Vec<PathBuf>,
}

impl Plan {
    /// Compares this workshop with a newer one, and merges.
    pub fn new(here: &Course, newer: &Course) -> Result<Self, Trouble> {
        let mut plan = Self { steps: Vec::new(), write: Vec::new(), remove: Vec::new() };
        for step in &here.steps {
            let Some(new) = newer.steps.iter().find(|new| new.slug == step.slug) else { continue };
            let ours = contents(step)?;
            let old = starter::sources(step, View::Starter)?;
            let merged = merge(&old, &ours, &starter::sources(new, View::Starter)?);
            if merged.contents != ours {
                plan.steps.push((step.clone(), merged));
            }
        }
        let is_learners = |path: &Path| here.steps.iter().any(|step| path.starts_with(code(step)));
        for path in below(&newer.root)? {
            if !is_learners(&path) && !same(&here.root.join(&path), &newer.root.join(&path))? {
                plan.write.push(path);
            }
        }
        let checks =
            here.steps.iter().map(|step| Path::new("steps").join(&step.slug).join("tests"));
        for folder in OURS.map(PathBuf::from).into_iter().chain(checks) {
            // A part that is missing as a whole is not there to be compared.
            if newer.root.join(&folder).is_dir() {
                let paths =
                    below(&here.root.join(&folder))?.into_iter().map(|path| folder.join(path));
                plan.remove.extend(paths.filter(|path| !newer.root.join(path).exists()));
            }
        }
        Ok(plan)
    }

    /// How many files of the workshop change, the learner's code not counted.
    pub fn files(&self) -> usize {
        self.write.len() + self.remove.len()
    }

    /// Whether the runner itself changes.
    pub fn changes_xtask(&self) -> bool {
        let mut paths = self.write.iter().chain(&self.remove);
        paths.any(|path| path.starts_with("xtask") || path == Path::new("Cargo.lock"))
    }

    /// Keeps a copy of all that changes, then changes it.
    pub fn apply(&self, here: &Course, newer: &Course, lock: &Lock) -> Result<(), Trouble> {
        let folder = folder(here)?;
        let mut note = Note { steps: BTreeMap::new(), kept: Vec::new(), created: Vec::new() };
        for path in self.write.iter().chain(&self.remove) {
            let found = here.root.join(path);
            if found.exists() {
                files::copy(&found, &folder.join("files").join(path))?;
                note.kept.push(path.clone());
            } else {
                note.created.push(path.clone());
            }
        }
        for (step, _) in &self.steps {
            let backup = backup::save(here, step, lock)?;
            let backup = backup.strip_prefix(&here.root).unwrap_or(&backup).to_owned();
            note.steps.insert(step.slug.clone(), backup);
        }
        // From here on `--undo` knows what to do, wherever this ends.
        files::write_json(&folder.join("note.json"), &note)?;
        for (step, merged) in &self.steps {
            source::replace_bytes(step, &merged.contents)?;
        }
        for path in &self.write {
            files::copy(&newer.root.join(path), &here.root.join(path))?;
        }
        self.remove.iter().try_for_each(|path| remove(&here.root, path))
    }
}

/// Takes the last update back, and names the folder with what it has taken away.
pub fn undo(here: &Course, lock: &Lock) -> Result<PathBuf, Trouble> {
    let Some((number, folder)) = last(&updates(here))? else {
        return Err(Trouble::Usage("there is no update to take back".to_owned()));
    };
    let path = folder.join("note.json");
    let note: Note = serde_json::from_str(&files::read(&path)?)
        .map_err(|error| Trouble::Environment(format!("{}: {error}", path.display())))?;
    let undone = folder.join("undone");
    for path in note.kept.iter().chain(&note.created) {
        let found = here.root.join(path);
        if found.exists() {
            files::copy(&found, &undone.join(path))?;
        }
    }
    for (slug, copy) in &note.steps {
        if let Some(step) = here.steps.iter().find(|step| step.slug == *slug) {
            backup::bring_back(here, step, &here.root.join(copy), lock)?;
        }
    }
    for path in &note.kept {
        files::copy(&folder.join("files").join(path), &here.root.join(path))?;
    }
    note.created.iter().try_for_each(|path| remove(&here.root, path))?;
    let done = folder.with_file_name(format!("{number:04}-undone"));
    fs::rename(&folder, &done).map_err(|error| Trouble::io("rename", &folder, &error))?;
    Ok(done)
}

fn updates(here: &Course) -> PathBuf {
    here.lasting().join("updates")
}

/// A new numbered folder.
fn folder(here: &Course) -> Result<PathBuf, Trouble> {
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
        path.join("note.json").exists().then_some((number, path))
    });
    Ok(numbered.max())
}

/// Where the learner's code of the step is, relative to the checkout.
fn code(step: &Step) -> PathBuf {
    ["steps", &step.slug, "src"].iter().collect()
}

fn contents(step: &Step) -> Result<Contents, Trouble> {
    let folder = step.folder(Whose::Learner);
    let mut contents = Vec::new();
    for path in made_of::code(step, Whose::Learner)? {
        let bytes = fs::read(&path).map_err(|error| Trouble::io("read", &path, &error))?;
        contents.push((path.strip_prefix(&folder).unwrap_or(&path).to_owned(), bytes));
    }
    Ok(contents)
}

/// The files below the folder, relative to it, without what is made there.
fn below(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let is_made = |path: &Path| path.iter().any(|part| MADE.iter().any(|made| part == *made));
    let paths = files::below(folder)?.into_iter();
    let paths = paths.filter_map(|path| Some(path.strip_prefix(folder).ok()?.to_owned()));
    Ok(paths.filter(|path| !is_made(path)).collect())
}

fn same(one: &Path, other: &Path) -> Result<bool, Trouble> {
    let bytes = |path: &Path| fs::read(path).map_err(|error| Trouble::io("read", path, &error));
    Ok(one.exists() && bytes(one)? == bytes(other)?)
}

/// Removes the file, if it is there, and the folders that are empty without it: an empty `solutions/11-x` would be half a step.
fn remove(root: &Path, path: &Path) -> Result<(), Trouble> {
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
