//! The scratch copy of the course: made anew before each test, but its `target/` is kept.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
};

use xtask::{
    course::{Course, Step, Whose, marks::View, starter},
    files,
};

use crate::said::Said;

/// What a clone consists of, as far as the runner looks at it.
const PARTS: [&str; 9] = [
    ".cargo",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "book",
    "rustfmt.toml",
    "solutions",
    "steps",
    "xtask",
];

static TURN: Mutex<()> = Mutex::new(());

/// A clone of the workshop that nobody else uses while this lives.
pub(crate) struct Scratch {
    pub(crate) root: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

impl Scratch {
    /// A fresh clone, in a folder whose name has blanks in it.
    pub(crate) fn new() -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("a clone with blanks");
        fs::create_dir_all(&root).expect("the test's folder can be written");
        for name in names(&root) {
            if name != "target" && !PARTS.contains(&name.as_str()) {
                remove(&root.join(name));
            }
        }
        for part in PARTS {
            mirror(&checkout().join(part), &root.join(part));
        }
        // A verdict that is kept would spare the run that a test is about.
        remove(&root.join("target").join("workshop"));
        Self { root, _turn: turn }
    }

    /// The course, read from the scratch.
    pub(crate) fn course(&self) -> Course {
        Course::open(&self.root).expect("the scratch is a whole clone")
    }

    /// Step 1, which has the fewest checks.
    pub(crate) fn step(&self) -> Step {
        self.course().step("1").expect("there is a step 1").clone()
    }

    /// `xtask` with these arguments, in the root folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(arguments)
            .current_dir(&self.root)
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("PORT")
            .stdin(Stdio::null());
        command
    }

    /// Calls it and waits for its end.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Said {
        finish(&mut self.command(arguments))
    }

    /// The learner's file of step 1.
    pub(crate) fn main_rs(&self) -> PathBuf {
        self.root.join("steps/01-open-route/src/main.rs")
    }

    /// The learner saves this as step 1.
    pub(crate) fn save(&self, code: &str) {
        fs::write(self.main_rs(), code).expect("the scratch can be written");
    }

    /// Our code for step 1, without marker lines.
    pub(crate) fn solution(&self) -> String {
        let sources = starter::sources(&self.step(), View::Solution).expect("there is a solution");
        sources.into_iter().map(|source| source.text).collect()
    }

    /// The solution of step 1 with a change: `old` must be in it.
    #[track_caller]
    pub(crate) fn save_solution_but(&self, old: &str, new: &str) {
        let solution = self.solution();
        assert!(solution.contains(old), "`{old}` is not in the solution");
        self.save(&solution.replace(old, new));
    }

    /// Step 1 as a learner has solved it.
    pub(crate) fn save_solution(&self) {
        self.save(&self.solution());
    }

    /// The names and contents of the snapshots of step 1.
    pub(crate) fn snapshots(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let paths = files::below(&self.step().folder(Whose::Learner).join("tests"));
        let paths = paths.expect("the tests can be listed").into_iter();
        paths.map(|path| (path.clone(), bytes(&path))).collect()
    }
}

/// Calls the command and waits for its end.
pub(crate) fn finish(command: &mut Command) -> Said {
    Said::new(&command.output().expect("the command can be started"))
}

/// The checkout that these tests belong to.
pub(crate) fn checkout() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("xtask/ lies in the checkout").to_owned()
}

pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("could not read {}: {error}", path.display()))
}

/// Removes a file or a folder, if it is there.
pub(crate) fn remove(path: &Path) {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    };
    removed.unwrap_or_else(|error| panic!("could not remove {}: {error}", path.display()));
}

/// Makes `to` equal to `from`, and leaves alone what is equal, so that cargo does not compile it again.
fn mirror(from: &Path, to: &Path) {
    if from.is_dir() {
        if !to.is_dir() {
            remove(to);
            fs::create_dir_all(to).expect("the scratch can be written");
        }
        let wanted: BTreeSet<String> =
            names(from).into_iter().filter(|name| belongs(&from.join(name))).collect();
        for name in names(to).difference(&wanted) {
            remove(&to.join(name));
        }
        for name in wanted {
            mirror(&from.join(&name), &to.join(&name));
        }
    } else if fs::read(to).ok() != Some(bytes(from)) {
        remove(to);
        fs::write(to, bytes(from)).expect("the scratch can be written");
    }
}

/// A step that somebody is just writing has no manifest yet, and cargo would refuse the whole workspace;
/// the built book and what a learner left behind are no part of a clone.
fn belongs(path: &Path) -> bool {
    let parent = path.parent().and_then(Path::file_name).unwrap_or_default();
    let unfinished = (parent == "steps" || parent == "solutions")
        && path.is_dir()
        && !path.join("Cargo.toml").exists();
    let built = path.ends_with("book/html");
    !(unfinished || built)
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("could not read {}: {error}", folder.display()));
    entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
}
