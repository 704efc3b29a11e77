//! A copy of the workshop to work on: as committed before each test, but its `target/` is kept, so that only
//! what a test changes is compiled again.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
};

use xtask::{
    course::{Course, Step, Whose, marks::View, starter},
    files,
};

use crate::{PROGRAM, support::output::Output};

/// What a clone consists of, as far as cargo and the command line look at it.
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

/// Held by the test whose turn it is, among those of this process.
static TURN: Mutex<()> = Mutex::new(());

/// A clone of the workshop that nobody else uses while this lives.
pub(crate) struct Checkout {
    pub(crate) root: PathBuf,
    _turn: MutexGuard<'static, ()>,
    /// Held by the process whose turn it is: the system lets go of it, however the process ends.
    _lock: File,
}

impl Checkout {
    /// A fresh clone, in a folder whose name has spaces in it.
    pub(crate) fn new() -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let lock = File::create(temporary.join("clone.lock")).expect("the folder can be written");
        lock.lock().expect("the file can be locked");
        let root = temporary.join("a clone with spaces");
        fs::create_dir_all(&root).expect("the test's folder can be written");
        for name in names(&root) {
            if name != "target" && !PARTS.contains(&name.as_str()) {
                remove(&root.join(name));
            }
        }
        mirror_repository(&root);
        // A verdict that is kept would spare the run that a test is about.
        forget_verdicts(&root.join("target").join("workshop"));
        Self { root, _turn: turn, _lock: lock }
    }

    /// The course that is in it.
    pub(crate) fn course(&self) -> Course {
        Course::open(&self.root).expect("it is a whole clone")
    }

    /// Step 1, which has the fewest checks.
    pub(crate) fn step(&self) -> Step {
        self.course().step("1").expect("there is a step 1").clone()
    }

    /// `cargo xtask` with these arguments, in the root folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(arguments)
            .current_dir(&self.root)
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("PORT")
            .stdin(Stdio::null());
        command
    }

    /// Calls it and waits for its end.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Output {
        finish(&mut self.command(arguments))
    }

    /// The learner's file of step 1.
    pub(crate) fn main_rs(&self) -> PathBuf {
        self.root.join("steps/01-open-route/src/main.rs")
    }

    /// The learner saves this as step 1.
    pub(crate) fn save(&self, code: &str) {
        fs::write(self.main_rs(), code).expect("the checkout can be written");
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

    /// Makes step 1 one of these tasks, each of which turns the next new check green; the last one all that are left.
    pub(crate) fn give_tasks(&self, titles: &[&str]) {
        let folder = self.step().folder(Whose::Learner);
        let (hints, manifest) = (folder.join("hints.md"), folder.join("Cargo.toml"));
        let mut task = 0;
        let mut lines = Vec::new();
        for line in files::read(&hints).expect("there are hints").lines() {
            match line.split_once("<!--").filter(|_| line.starts_with("## ")) {
                Some((heading, _)) => {
                    task = titles.len().min(task + 1);
                    lines.push(format!("{heading}<!-- new, task {task} -->\n"));
                }
                None => lines.push(format!("{line}\n")),
            }
        }
        fs::write(&hints, lines.concat()).expect("the checkout can be written");
        let lines = files::read(&manifest).expect("it is a package");
        let lines = lines.lines().filter(|line| !line.starts_with("tasks = "));
        let table = "[package.metadata.workshop]";
        let tasks = format!("{table}\ntasks = {titles:?}");
        let with_tasks = lines.map(|line| if line == table { &tasks } else { line });
        let with_tasks = with_tasks.collect::<Vec<_>>().join("\n");
        assert!(with_tasks.contains("tasks = "), "{with_tasks}");
        fs::write(&manifest, with_tasks).expect("the checkout can be written");
    }

    /// The names and contents of the snapshots of step 1.
    pub(crate) fn snapshots(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let paths = files::below(&self.step().folder(Whose::Learner).join("tests"));
        let paths = paths.expect("the tests can be listed").into_iter();
        paths.map(|path| (path.clone(), bytes(&path))).collect()
    }
}

/// Calls the command and waits for its end.
pub(crate) fn finish(command: &mut Command) -> Output {
    Output::new(&command.output().expect("the command can be started"))
}

/// The repository that these tests belong to.
pub(crate) fn repository() -> PathBuf {
    let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let root = above.find(|folder| folder.join("Cargo.lock").is_file());
    root.expect("the package lies in a workspace").to_owned()
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

/// Removes all that the command line remembers but what was built from what, which holds as long as `target/` does.
fn forget_verdicts(workshop: &Path) {
    if workshop.is_dir() {
        let is_of_target = |name: &str| name == "built" || name == "compiled";
        let remembered = names(workshop).into_iter().filter(|name| !is_of_target(name));
        remembered.for_each(|name| remove(&workshop.join(name)));
    }
}

/// Makes this folder a clone of the workshop; what else is in it stays.
pub(crate) fn mirror_repository(root: &Path) {
    fs::create_dir_all(root).expect("the test's folder can be written");
    for part in PARTS {
        mirror(&repository().join(part), &root.join(part));
    }
}

/// Makes `to` equal to `from`, and leaves alone what is equal, so that cargo does not compile it again.
fn mirror(from: &Path, to: &Path) {
    if from.is_dir() {
        if !to.is_dir() {
            remove(to);
            fs::create_dir_all(to).expect("the checkout can be written");
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
        fs::write(to, bytes(from)).expect("the checkout can be written");
    }
}

/// A step that somebody is just writing has no manifest yet, and cargo would refuse the whole workspace;
/// what was built is no part of a clone.
fn belongs(path: &Path) -> bool {
    let parent = path.parent().and_then(Path::file_name).unwrap_or_default();
    let unfinished = (parent == "steps" || parent == "solutions")
        && path.is_dir()
        && !path.join("Cargo.toml").exists();
    let built = path.ends_with("book/html") || path.ends_with("target");
    !(unfinished || built)
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("could not read {}: {error}", folder.display()));
    entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
}
