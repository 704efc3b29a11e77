//! What cargo has built, and of what: as long as none of it has changed, it need not be called. All doubt means that it
//! is.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

use crate::{
    course::{Course, made_of},
    files,
    process::{
        cargo_messages::Artifact,
        dep_info::DepInfo,
        stamp::{Stamp, hash_of},
        surroundings::Surroundings,
    },
    trouble::Trouble,
};

/// The arguments that build a package's server and its checks, for every caller: cargo chooses features by the packages that
/// are selected.
pub fn arguments(package: &str) -> [&str; 6] {
    ["test", "-p", package, "--test", "verify", "--no-run"]
}

/// What is remembered of the last good call of cargo with the same arguments.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Record {
    /// A hash of what decided beside the sources; nothing if that is in doubt.
    surroundings: Option<String>,
    /// Variables that the code or a build script asks for.
    variables: Vec<String>,
    /// The folders of our own packages that were compiled.
    folders: BTreeSet<PathBuf>,
    /// A hash of what is in them: a file that is new may change what is built.
    packages: String,
    /// What was built.
    parts: Vec<Part>,
    /// The hash of the step's sources that its server was made of; empty if that is in doubt.
    pub(super) sources: String,
    /// Files that rustc has read for the server besides.
    pub(super) also: Vec<PathBuf>,
}

/// A library or a program of ours.
#[derive(Serialize, Deserialize)]
struct Part {
    target: String,
    path: PathBuf,
    stamp: Option<Stamp>,
    /// What it was made of.
    files: Vec<PathBuf>,
    /// The hash of that.
    sources: String,
}

/// Before a call.
pub(super) struct Before {
    surroundings: Option<Surroundings>,
    time: SystemTime,
}

impl Before {
    pub(super) fn now(course: &Course, arguments: &[&str]) -> Self {
        let surroundings = Surroundings::now(&course.root, arguments);
        Self { surroundings, time: SystemTime::now() }
    }
}

impl Record {
    /// That of the last good call with these arguments; an empty one if there is none.
    pub(super) fn load(course: &Course, arguments: &[&str]) -> Self {
        let text = fs::read_to_string(path(course, arguments)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// The paths of these programs, if cargo would build nothing.
    pub(super) fn programs<const N: usize>(
        &self,
        course: &Course,
        before: &Before,
        targets: [&str; N],
    ) -> Option<[PathBuf; N]> {
        let surroundings = before.surroundings.as_ref()?.with(&self.variables);
        let unchanged = self.surroundings.as_ref() == Some(&surroundings)
            && self.packages == hash_of_packages(&course.root, &self.folders)?
            && self.parts.iter().all(|part| part.is_in_place() && part.is_of_its_sources(course));
        let path = |target| {
            let part = self.parts.iter().find(|part| part.target == target);
            part.map_or_else(PathBuf::new, |part| part.path.clone())
        };
        let paths = targets.map(path);
        (unchanged && paths.iter().all(|path| path.is_absolute())).then_some(paths)
    }

    /// Whether this server was made of the sources with this hash.
    pub(super) fn is_of(&self, sources: &str, server: &Path) -> bool {
        let part = self.parts.iter().find(|part| part.path == server);
        self.sources == sources && part.is_some_and(Part::is_in_place)
    }

    /// Whether cargo is wrong to take this for fresh: it is the one that it was, but its sources are not.
    pub(super) fn contradicts(&self, course: &Course, artifact: &Artifact) -> bool {
        let part = self.parts.iter().find(|part| Some(part.path.as_path()) == artifact.path());
        part.is_some_and(|part| part.is_in_place() && !part.is_of_its_sources(course))
    }

    /// What to remember of a good call that began then, and of which cargo has said this.
    pub(super) fn of(
        course: &Course,
        before: &Before,
        made: &[Artifact],
        scripts: &[PathBuf],
    ) -> Self {
        let mut record = Self::default();
        let mut certain = true;
        let ours = made.iter().filter(|artifact| artifact.is_ours());
        for (artifact, path) in ours.filter_map(|artifact| Some((artifact, artifact.path()?))) {
            // What runs while cargo compiles may read anything.
            certain &= !artifact.runs_while_compiling();
            let dep_info = DepInfo::of(&course.root, path);
            certain &= dep_info.is_some();
            let DepInfo { files, variables } = dep_info.unwrap_or_default();
            // Nobody knows whether rustc has read it before it was changed.
            certain &= files.iter().all(|path| is_older(path, before.time));
            record.variables.extend(variables);
            record.folders.extend(artifact.manifest_path.parent().map(Path::to_owned));
            let sources = hash_of(&course.root, &files);
            let (target, path) = (artifact.target.name.clone(), path.to_owned());
            record.parts.push(Part { target, stamp: Stamp::of(&path), path, files, sources });
        }
        for script in scripts {
            let output = script.parent().map(|folder| folder.join("output")).unwrap_or_default();
            let said = fs::read_to_string(output);
            certain &= said.is_ok();
            record.variables.extend(said.iter().flat_map(|said| variables_of_script(said)));
        }
        record.variables.sort_unstable();
        record.variables.dedup();
        let packages = hash_of_packages(&course.root, &record.folders).filter(|_| certain);
        let surroundings = before.surroundings.as_ref().filter(|_| packages.is_some());
        record.surroundings = surroundings.map(|it| it.with(&record.variables));
        record.packages = packages.unwrap_or_default();
        record
    }

    /// Cargo has to be called next time.
    pub(super) fn doubt(&mut self) {
        self.surroundings = None;
    }

    /// The files that this program was made of.
    pub(super) fn files_of(&self, program: &Path) -> &[PathBuf] {
        let part = self.parts.iter().find(|part| part.path == program);
        part.map_or(&[], |part| &part.files)
    }

    /// Keeps it, for every terminal.
    pub(super) fn keep(self, course: &Course, arguments: &[&str]) -> Result<(), Trouble> {
        files::write_json(&path(course, arguments), &self)
    }
}

impl Part {
    fn is_in_place(&self) -> bool {
        self.stamp.is_some() && self.stamp == Stamp::of(&self.path)
    }

    fn is_of_its_sources(&self, course: &Course) -> bool {
        self.sources == hash_of(&course.root, &self.files)
    }
}

/// A file for each call: who looks up one does not read the others.
fn path(course: &Course, arguments: &[&str]) -> PathBuf {
    let words: Vec<&str> = arguments.iter().map(|word| word.trim_start_matches('-')).collect();
    let name = words.join("-").replace(['/', '\\'], "-");
    course.temporary().join("compiled").join(format!("{name}.json"))
}

fn is_older(path: &Path, time: SystemTime) -> bool {
    Stamp::of(path).is_some_and(|stamp| stamp.time() < time)
}

fn hash_of_packages(root: &Path, folders: &BTreeSet<PathBuf>) -> Option<String> {
    let mut paths = Vec::new();
    for folder in folders {
        paths.extend(made_of::package(folder).ok()?);
    }
    Some(hash_of(root, &paths))
}

/// What a build script says that it depends on.
fn variables_of_script(said: &str) -> impl Iterator<Item = String> {
    let name = |line: &str| {
        let line = line.strip_prefix("cargo::").or_else(|| line.strip_prefix("cargo:"))?;
        line.strip_prefix("rerun-if-env-changed=").map(str::to_owned)
    };
    said.lines().filter_map(name)
}
