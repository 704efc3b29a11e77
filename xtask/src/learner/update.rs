//! A newer workshop in place of this one, with the learner's code merged into its starters.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    course::{Course, Step, Whose, made_of, marks::View, source, starter},
    files,
    learner::{
        backup, beside, exercise,
        lock::Lock,
        merged::{Contents, Merged, merge},
        undo::{self, CRATES, Note},
    },
    trouble::Trouble,
};

/// Folders that hold nothing of the learner's: what the newer workshop lacks there is removed.
const OURS: [&str; 3] = ["book", "solutions", "xtask"];

/// Folders below these that are made, or a learner's, and belong to no workshop.
const MADE: [&str; 5] = ["__pycache__", "html", "target", ".git", ".workshop"];

/// The archive for a room without a network lacks this, so it takes it from nobody.
const BOARD: &str = "xtask/class";

/// Cargo writes it, also for what a learner's step depends on.
const LOCK: &str = "Cargo.lock";

/// What an update is going to change.
#[derive(Default)]
pub struct Plan {
    /// The steps whose code changes, as it is to be.
    pub steps: Vec<(Step, Merged)>,
    /// Files beside `src/` that stay the learner's, though both sides have changed them.
    pub kept: Vec<PathBuf>,
    /// Files that the newer workshop has, and this one has not, or not so.
    write: Vec<PathBuf>,
    /// What those become that a learner has changed too.
    merged: BTreeMap<PathBuf, String>,
    remove: Vec<PathBuf>,
}

impl Plan {
    /// Compares this workshop with a newer one, and merges.
    pub fn new(here: &Course, newer: &Course) -> Result<Self, Trouble> {
        let mut plan = Self::default();
        for (step, new) in pairs(here, newer) {
            let ours = contents(step)?;
            // It was made of a solution and mistakes, and no starter is its like.
            if exercise::is_drawn(&ours) {
                continue;
            }
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
        for (step, new) in pairs(here, newer) {
            plan.keep_what_is_beside(here, step, new)?;
        }
        let lock = |course: &Course| files::read(&course.root.join(LOCK));
        if plan.write.iter().any(|path| path == Path::new(LOCK))
            && here.root.join(LOCK).exists()
            && beside::locks_all_of(&lock(here)?, &lock(newer)?)
        {
            plan.write.retain(|path| path != Path::new(LOCK));
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
        if !newer.root.join(BOARD).is_dir() {
            plan.remove.retain(|path| !path.starts_with(BOARD));
        }
        Ok(plan)
    }

    /// The users and the dependencies of a step may be the learner's own.
    fn keep_what_is_beside(
        &mut self,
        here: &Course,
        step: &Step,
        new: &Step,
    ) -> Result<(), Trouble> {
        for name in ["users.json", "Cargo.toml"] {
            let path = Path::new("steps").join(&step.slug).join(name);
            let old = step.folder(Whose::Reference).join(name);
            if !self.write.contains(&path) || !here.root.join(&path).exists() || !old.exists() {
                continue;
            }
            let old = files::read(&old)?;
            let new = files::read(&new.folder(Whose::Learner).join(name))?;
            // What is no text cannot be merged.
            let ours = fs::read_to_string(here.root.join(&path)).ok();
            let merge = if name == "users.json" { beside::users } else { beside::manifest };
            match ours.as_ref().and_then(|ours| merge(&old, ours, &new)) {
                Some(merged) if Some(&merged) == ours.as_ref() => {
                    self.write.retain(|other| *other != path);
                }
                Some(merged) => drop(self.merged.insert(path, merged)),
                None => {
                    self.write.retain(|other| *other != path);
                    self.kept.push(path);
                }
            }
        }
        Ok(())
    }

    /// Whether nothing is to change.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.paths().next().is_none()
    }

    /// How many files of the workshop change: neither the learner's code nor crates of others are counted.
    pub fn files(&self) -> usize {
        self.paths().filter(|path| !path.starts_with(CRATES)).count()
    }

    /// Whether the runner itself changes.
    pub fn changes_xtask(&self) -> bool {
        let is_of_runner = |path: &PathBuf| {
            path.starts_with("xtask") || [LOCK, "Cargo.toml"].map(Path::new).contains(&&**path)
        };
        self.paths().any(is_of_runner)
    }

    /// What is written or removed.
    fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.write.iter().chain(&self.remove)
    }

    /// Keeps a copy of all that changes, then changes it.
    pub fn apply(&self, here: &Course, newer: &Course, lock: &Lock) -> Result<(), Trouble> {
        let folder = undo::folder(here)?;
        if let Ok(this) = env::current_exe() {
            files::copy(&this, &undo::runner(here))?;
        }
        let mut note = Note::default();
        // Cargo changes it with the manifests, whether or not the newer workshop has another one.
        let lock_file = PathBuf::from(LOCK);
        let lock_file = Some(&lock_file).filter(|path| !self.write.contains(path));
        for path in self.paths().chain(lock_file) {
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
        note.write(&folder)?;
        for (step, merged) in &self.steps {
            source::replace_bytes(step, &merged.contents)?;
        }
        // What goes, goes first: at no moment are there two steps of one number, or `--undo` could not be called.
        self.remove.iter().try_for_each(|path| undo::remove(&here.root, path))?;
        for path in &self.write {
            match self.merged.get(path) {
                Some(merged) => files::write(&here.root.join(path), merged.as_bytes())?,
                None => files::copy(&newer.root.join(path), &here.root.join(path))?,
            }
        }
        note.finished = true;
        note.write(&folder)
    }
}

/// The steps that both have.
fn pairs<'c>(here: &'c Course, newer: &'c Course) -> impl Iterator<Item = (&'c Step, &'c Step)> {
    here.steps.iter().filter_map(|step| {
        let new = newer.steps.iter().find(|new| new.slug == step.slug)?;
        Some((step, new))
    })
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

/// The files below the folder, relative to it, without what is made there. Cargo counts the files of a crate of others,
/// whatever their folders are called.
fn below(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let is_made = |path: &Path| {
        !path.starts_with(CRATES) && path.iter().any(|part| MADE.iter().any(|made| part == *made))
    };
    let paths = files::below(folder)?.into_iter();
    let paths = paths.filter_map(|path| Some(path.strip_prefix(folder).ok()?.to_owned()));
    Ok(paths.filter(|path| !is_made(path)).collect())
}

fn same(one: &Path, other: &Path) -> Result<bool, Trouble> {
    let bytes = |path: &Path| fs::read(path).map_err(|error| Trouble::io("read", path, &error));
    Ok(one.exists() && bytes(one)? == bytes(other)?)
}
