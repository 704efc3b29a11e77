//! Changed solutions, built by the dozen in the target folder of the course.
//!
//! There are a few packages, twice as many as cores. Each in turn is given one changed solution after another,
//! so that rustc need not compile again what they have in common; a server that is built is put aside.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

use toml::{Table, Value};

use xtask::{
    course::{Course, Step, Whose, source::Source},
    files, judge,
    process::{
        call::could_not_start,
        cargo_messages::{Message, RustcError},
        compile::{self, cargo},
        program,
    },
    trouble::Trouble,
    verdict::Outcome,
};

use crate::side_by_side::side_by_side;

/// What cargo made of a changed solution.
pub(crate) enum Built {
    /// Its server.
    Program(PathBuf),
    /// rustc refuses it.
    Refused(Vec<RustcError>),
}

/// The step's checks, which its solution must pass before a change of it can mean anything.
pub(crate) fn checks(course: &Course, step: &Step) -> Result<PathBuf, Trouble> {
    let verdict = judge::judge(course, step, Whose::Reference, false)?;
    if verdict.outcome != Outcome::Solved {
        return Err(Trouble::Environment(format!(
            "solution {0} does not pass its own checks, so they judge no change of it: `cargo xtask verify {0} --solutions`",
            step.number
        )));
    }
    Ok(compile::solution(course, step)?.checks)
}

/// Builds the step's solution with each of these sources, and acts on what is built, by its place among them, while the
/// next ones are; the answers are in the same order.
pub(crate) fn each<A: Send>(
    course: &Course,
    step: &Step,
    changed: &[Vec<Source>],
    act: impl Fn(usize, Built) -> Result<A, Trouble> + Sync,
) -> Result<Vec<A>, Trouble> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let count = changed.len().clamp(1, 2 * cores);
    let workspace = Workspace::make(course, step, count)?;
    let (sender, built) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            for (number, some) in changed.chunks(count).enumerate() {
                let built = workspace.build(course, some, number * count);
                let built = built.map_or_else(
                    |trouble| vec![Err(trouble)],
                    |built| built.into_iter().map(Ok).collect(),
                );
                // Nobody hears it after the first trouble.
                if built.into_iter().any(|one| sender.send(one).is_err()) {
                    return;
                }
            }
        });
        side_by_side(built.into_iter().enumerate(), |(number, built)| act(number, built?))
    })
}

/// Removes what was built: hundreds of servers would fill the disk.
pub(crate) fn remove(course: &Course) -> Result<(), Trouble> {
    let gone = |path: &Path| {
        let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        removed.map_err(|error| Trouble::io("remove", path, &error))
    };
    let target = program::target_folder(&course.root)?;
    // With a target triple configured, there is a folder between.
    let between = files::in_folder(&target)?.into_iter().chain([target]);
    for debug in between.map(|folder| folder.join("debug")).filter(|debug| debug.is_dir()) {
        let folders = [debug.clone(), debug.join("deps"), debug.join("incremental")];
        for folder in folders.iter().filter(|folder| folder.is_dir()) {
            for path in files::in_folder(folder)? {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if name.starts_with("changed") {
                    gone(&path)?;
                }
            }
        }
    }
    gone(&folder(course))
}

fn folder(course: &Course) -> PathBuf {
    course.temporary().join("changed")
}

/// A scratch workspace with packages whose sources are written again and again.
struct Workspace {
    folder: PathBuf,
    packages: Vec<String>,
}

impl Workspace {
    fn make(course: &Course, step: &Step, count: usize) -> Result<Self, Trouble> {
        let folder = folder(course);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| Trouble::io("clear", &folder, &error))?;
        }
        let packages = (1..=count).map(|number| format!("changed-{:02}-{number}", step.number));
        let workspace = Self { folder, packages: packages.collect() };
        let mut root = table(&course.root.join("Cargo.toml"))?;
        if let Some(Value::Table(table)) = root.get_mut("workspace") {
            let members = workspace.packages.iter().cloned().chain([ALL_CRATES.to_owned()]);
            table.remove("default-members");
            table.insert("members".to_owned(), Value::Array(members.map(Value::String).collect()));
        }
        workspace.write("Cargo.toml", &root.to_string())?;
        workspace.write("Cargo.lock", &files::read(&course.root.join("Cargo.lock"))?)?;
        let solution = step.folder(Whose::Reference);
        for package in &workspace.packages {
            let manifest = manifest(&solution, package)?.to_string();
            workspace.write(&format!("{package}/Cargo.toml"), &manifest)?;
            workspace.write(&format!("{package}/src/main.rs"), "")?;
            // What the server reads beside its manifest, such as users.json.
            for path in files::in_folder(&solution)?.iter().filter(|path| path.is_file()) {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if name != "Cargo.toml" {
                    workspace.write(&format!("{package}/{name}"), &files::read(path)?)?;
                }
            }
        }
        let last = course.steps.last().unwrap_or(step).folder(Whose::Reference);
        let manifest = manifest(&last, ALL_CRATES)?.to_string();
        workspace.write(&format!("{ALL_CRATES}/Cargo.toml"), &manifest)?;
        workspace.write(&format!("{ALL_CRATES}/src/lib.rs"), "")?;
        Ok(workspace)
    }

    fn write(&self, path: &str, text: &str) -> Result<(), Trouble> {
        files::write(&self.folder.join(path), text.as_bytes())
    }

    /// Builds as many as there are packages at most; the first server is put aside under the number `first`.
    fn build(
        &self,
        course: &Course,
        changed: &[Vec<Source>],
        first: usize,
    ) -> Result<Vec<Built>, Trouble> {
        for (package, sources) in self.packages.iter().zip(changed) {
            for source in sources {
                let path = self.folder.join(package).join(&source.path);
                files::write(&path, source.text.as_bytes())?;
            }
        }
        let (mut built, said) = self.call_cargo(course)?;
        let aside = self.folder.join("servers");
        files::create_folder(&aside)?;
        let each = self.packages.iter().zip(changed).enumerate().map(|(index, (package, _))| {
            match built.remove(package) {
                Some(Built::Program(program)) => {
                    // On Windows a program needs its ending.
                    let server = aside.join((first + index).to_string());
                    let server = server.with_extension(program.extension().unwrap_or_default());
                    fs::copy(&program, &server)
                        .map_err(|error| Trouble::io("copy", &program, &error))?;
                    Ok(Built::Program(server))
                }
                Some(refused) => Ok(refused),
                None => Err(Trouble::Environment(format!(
                    "cargo built no {package}. It said:\n{}",
                    said.trim_end()
                ))),
            }
        });
        each.collect()
    }

    fn call_cargo(&self, course: &Course) -> Result<(BTreeMap<String, Built>, String), Trouble> {
        let target = program::target_folder(&course.root)?;
        let mut call = Command::new(cargo());
        call.args(["build", "--workspace", "--offline", "--keep-going", "--message-format=json"])
            .arg("--target-dir")
            .arg(target)
            .current_dir(&self.folder)
            // Nobody debugs these, and a panic names its line without it.
            .envs([("CARGO_INCREMENTAL", "1"), ("CARGO_PROFILE_DEV_DEBUG", "none")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = call.spawn().map_err(|error| could_not_start(&call, &error))?;
        let said = child
            .stderr
            .take()
            .map(|stderr| thread::spawn(move || io::read_to_string(stderr).unwrap_or_default()));
        let mut built = BTreeMap::new();
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                read(&line, &mut built);
            }
        }
        child.wait().map_err(|error| Trouble::Environment(format!("cargo was lost: {error}")))?;
        let said = said.and_then(|thread| thread.join().ok()).unwrap_or_default();
        Ok((built, said))
    }
}

fn read(line: &str, built: &mut BTreeMap<String, Built>) {
    match Message::parse(line) {
        Some(Message::Artifact(artifact)) => {
            if let Some(program) = artifact.executable {
                built.insert(artifact.target.name, Built::Program(program));
            }
        }
        Some(Message::Diagnosed { target, message }) if message.is_error() => {
            // Which of the packages it was is chance: a closure's type names its file.
            let folder = format!("{}/", target.name);
            let below_it = |text: &str| text.replace(&folder, "");
            let error = message.error().map(|error| RustcError {
                message: below_it(&error.message),
                label: below_it(&error.label),
                ..error
            });
            let refused = built.entry(target.name).or_insert(Built::Refused(Vec::new()));
            if let Built::Refused(errors) = refused {
                errors.extend(error);
            }
        }
        _ => {}
    }
}

/// An empty package with the dependencies of the last step. Cargo chooses features by the packages that are
/// built: with this one among them, every step's are built with the same third-party crates.
const ALL_CRATES: &str = "changed-none";

/// The solution's manifest for a package of this name.
fn manifest(solution: &Path, name: &str) -> Result<Table, Trouble> {
    let mut manifest = table(&solution.join("Cargo.toml"))?;
    // What is changed need not pass our lints, and the checks are already built.
    for part in ["dev-dependencies", "lints", "test"] {
        manifest.remove(part);
    }
    if let Some(Value::Table(package)) = manifest.get_mut("package") {
        package.insert("name".to_owned(), Value::String(name.to_owned()));
    }
    Ok(manifest)
}

fn table(path: &Path) -> Result<Table, Trouble> {
    toml::from_str(&files::read(path)?)
        .map_err(|error| Trouble::Environment(format!("{}: {}", path.display(), error.message())))
}
