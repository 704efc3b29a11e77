//! What the server of a step was made of when it was last compiled. Cargo relies on the times of files; a file that is
//! older than the last build, because it was moved there, is to cargo as if it had always been there.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

use crate::{
    course::{Course, Step, Whose, made_of},
    files,
    trouble::Trouble,
};

/// The files that a server is made of, as they are at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// A hash of their names and contents.
    pub hash: String,
    /// The same of those that are compiled.
    compiled: String,
    /// When each was written: what was changed and changed back is seen by it.
    times: Vec<Option<SystemTime>>,
}

/// What is remembered of the last build, in a file for each package.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Built {
    /// The hash of what was compiled.
    sources: String,
    /// Files that rustc read besides, for `include_str!`.
    also: Vec<PathBuf>,
    /// The program that came of it, by its length and its time.
    program: Option<(u64, SystemTime)>,
}

impl Sources {
    /// Reads them.
    pub fn now(course: &Course, step: &Step, whose: Whose) -> Result<Self, Trouble> {
        let mut paths = made_of::compiled(step, whose)?;
        paths.extend(Built::load(course, step, whose).also);
        let mut hasher = DefaultHasher::new();
        hash_files(&course.root, &paths, &mut hasher);
        let compiled = format!("{:016x}", hasher.finish());
        let read = made_of::read(step, whose);
        hash_files(&course.root, read.as_slice(), &mut hasher);
        paths.extend(read);
        let time = |path: &PathBuf| fs::metadata(path).and_then(|data| data.modified()).ok();
        let times = paths.iter().map(time).collect();
        Ok(Self { hash: format!("{:016x}", hasher.finish()), compiled, times })
    }
}

/// Feeds names and contents of these files into the hash.
pub fn hash_files(root: &Path, paths: &[PathBuf], hasher: &mut impl Hasher) {
    for path in paths {
        // What is missing is missed by those who need it.
        let Ok(contents) = fs::read(path) else { continue };
        path.strip_prefix(root).unwrap_or(path).hash(hasher);
        contents.hash(hasher);
    }
}

impl Built {
    /// The record of the last build; an empty one if there is none.
    pub(super) fn load(course: &Course, step: &Step, whose: Whose) -> Self {
        let text = fs::read_to_string(path(course, step, whose)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Whether this program was made of these sources.
    pub(super) fn is_of(&self, sources: &Sources, program: &Path) -> bool {
        self.program.is_some() && self.program == stamp(program) && self.sources == sources.compiled
    }

    /// Remembers that cargo has made this program of these sources. It is `false` if rustc has read a file that is not
    /// among them: then it is known from now on, and who can say what was in it?
    pub(super) fn remember(
        course: &Course,
        step: &Step,
        whose: Whose,
        program: &Path,
        sources: &Sources,
    ) -> Result<bool, Trouble> {
        let known = made_of::compiled(step, whose)?;
        let mut also = also_read(&course.root, program);
        also.retain(|path| !known.contains(path));
        let all_known = also == Self::load(course, step, whose).also;
        let sources = if all_known { sources.compiled.clone() } else { String::new() };
        let built = Self { sources, also, program: stamp(program) };
        files::write_json(&path(course, step, whose), &built)?;
        Ok(all_known)
    }
}

fn path(course: &Course, step: &Step, whose: Whose) -> PathBuf {
    course.temporary().join("built").join(format!("{}.json", step.package(whose)))
}

/// The file that is locked while the package is built.
pub(super) fn lock(course: &Course, step: &Step, whose: Whose) -> PathBuf {
    path(course, step, whose).with_extension("lock")
}

fn stamp(program: &Path) -> Option<(u64, SystemTime)> {
    let data = fs::metadata(program).ok()?;
    Some((data.len(), data.modified().ok()?))
}

/// The files that rustc has read for this program, which it has just built, as it says itself.
fn also_read(root: &Path, program: &Path) -> Vec<PathBuf> {
    let stem = program.file_stem().unwrap_or_default().to_string_lossy().replace('-', "_");
    let is_of_it = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.strip_suffix(".d")
            .and_then(|name| name.rsplit_once('-'))
            .is_some_and(|it| it.0 == stem)
    };
    let folder = program.with_file_name("deps");
    let lists = files::in_folder(&folder).unwrap_or_default().into_iter().filter(is_of_it);
    let newest = lists.max_by_key(|path| fs::metadata(path).and_then(|data| data.modified()).ok());
    let text = newest.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
    paths_in(&text).map(|path| root.join(path)).collect()
}

/// The paths after the colon of the first line, with a backslash before every space in them.
fn paths_in(text: &str) -> impl Iterator<Item = String> {
    let line = text.lines().next().unwrap_or_default();
    let list = line.split_once(": ").map_or("", |(_, list)| list).replace("\\ ", "\0");
    let paths: Vec<String> = list.split_whitespace().map(|path| path.replace('\0', " ")).collect();
    paths.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_may_have_spaces_and_drives() {
        let paths = |text| paths_in(text).collect::<Vec<_>>();
        let unix = "/a\\ clone/target/step-01: /a\\ clone/name.txt /b/src/main.rs\n";
        assert_eq!(paths(unix), ["/a clone/name.txt", "/b/src/main.rs"]);
        let windows = "C:\\a\\ clone\\step-01.exe: C:\\a\\ clone\\name.txt C:\\src\\main.rs\n";
        assert_eq!(paths(windows), ["C:\\a clone\\name.txt", "C:\\src\\main.rs"]);
        assert!(paths("").is_empty());
    }
}
