//! Changed solutions as packages of a scratch workspace, so that a single cargo call builds them side by side,
//! in the target folder of the course.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use toml::{Table, Value};

use crate::{
    cargo_messages::{Message, RustcError},
    compile::{self, Compiled, cargo},
    course::{Course, Step, Whose},
    files, judge,
    starter::Source,
    trouble::Trouble,
    verdict::Outcome,
};

/// A solution that is changed somewhere.
pub struct Changed<'c> {
    /// Whose solution it was.
    pub step: &'c Step,
    /// Its own among those that are built with it: `second-word-only`.
    pub name: String,
    /// What stands in its `src/`.
    pub sources: Vec<Source>,
}

/// What cargo made of it.
pub enum Built {
    /// Its server.
    Program(PathBuf),
    /// rustc refuses it.
    Refused(Vec<RustcError>),
}

impl Changed<'_> {
    fn package(&self) -> String {
        format!("changed-{:02}-{}", self.step.number, self.name)
    }
}

/// The step's checks, which its solution must pass before a change of it can mean anything.
pub fn checks(course: &Course, step: &Step) -> Result<PathBuf, Trouble> {
    let verdict = judge::judge(course, step, Whose::Reference, false)?;
    if verdict.outcome != Outcome::Solved {
        return Err(Trouble::Environment(format!(
            "solution {0} does not pass its own checks, so nothing can be held against them: `cargo xtask verify {0} --solutions`",
            step.number
        )));
    }
    match compile::compile(&course.root, &step.package(Whose::Reference))? {
        Compiled::Ready { checks, .. } => Ok(checks),
        Compiled::Refused { text, .. } => Err(Trouble::Environment(text)),
    }
}

/// Builds all of them; the answers are in the same order.
pub fn build(course: &Course, changed: &[Changed<'_>]) -> Result<Vec<Built>, Trouble> {
    let folder = course.target().join("workshop").join("changed");
    write_workspace(course, &folder, changed)?;
    let mut child = Command::new(cargo())
        .args(["build", "--workspace", "--offline", "--keep-going", "--message-format=json"])
        .arg("--target-dir")
        .arg(course.target())
        .current_dir(&folder)
        // Nobody edits or debugs these: what makes a second build faster would only fill the disk. A panic
        // names its line without it.
        .envs([("CARGO_INCREMENTAL", "0"), ("CARGO_PROFILE_DEV_DEBUG", "none")])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Trouble::Environment(format!("cargo could not be started: {error}")))?;
    let said = child
        .stderr
        .take()
        .map(|stderr| thread::spawn(move || io::read_to_string(stderr).unwrap_or_default()));
    let mut built: BTreeMap<String, Built> = BTreeMap::new();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            read(&line, &mut built);
        }
    }
    child.wait().map_err(|error| Trouble::Environment(format!("cargo was lost: {error}")))?;
    let said = said.and_then(|thread| thread.join().ok()).unwrap_or_default();
    let take = |changed: &Changed<'_>| {
        built.remove(&changed.package()).ok_or_else(|| {
            let package = changed.package();
            Trouble::Environment(format!("cargo built no {package}. It said:\n{}", said.trim_end()))
        })
    };
    changed.iter().map(take).collect()
}

/// Removes what was built: hundreds of servers would fill the disk.
pub fn remove(course: &Course, built: &[Built]) -> Result<(), Trouble> {
    let debug = course.target().join("debug");
    let own = files::in_folder(&debug.join("deps"))?.into_iter().filter(|path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("changed_"))
    });
    let programs = built.iter().filter_map(|built| match built {
        Built::Program(path) => Some(path.clone()),
        Built::Refused(_) => None,
    });
    for path in programs.chain(own) {
        fs::remove_file(&path).map_err(|error| Trouble::io("remove", &path, &error))?;
    }
    Ok(())
}

fn read(line: &str, built: &mut BTreeMap<String, Built>) {
    match Message::parse(line) {
        Some(Message::Artifact { target, executable: Some(program) }) => {
            built.insert(target.name, Built::Program(program));
        }
        Some(Message::Diagnosed { target, message }) if message.is_error() => {
            let refused = built.entry(target.name).or_insert(Built::Refused(Vec::new()));
            if let Built::Refused(errors) = refused {
                errors.extend(message.error());
            }
        }
        _ => {}
    }
}

fn write_workspace(course: &Course, folder: &Path, changed: &[Changed<'_>]) -> Result<(), Trouble> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| Trouble::io("clear", folder, &error))?;
    }
    let mut root = table(&course.root.join("Cargo.toml"))?;
    let packages = changed.iter().map(Changed::package).chain([ALL_CRATES.to_owned()]);
    if let Some(Value::Table(workspace)) = root.get_mut("workspace") {
        workspace.remove("default-members");
        workspace.insert("members".to_owned(), Value::Array(packages.map(Value::String).collect()));
    }
    files::write(&folder.join("Cargo.toml"), root.to_string().as_bytes())?;
    let lock = files::read(&course.root.join("Cargo.lock"))?;
    files::write(&folder.join("Cargo.lock"), lock.as_bytes())?;
    for changed in changed {
        write_package(&folder.join(changed.package()), changed)?;
    }
    let last = course.steps.last().unwrap_or(changed[0].step);
    let manifest = manifest(&last.folder(Whose::Reference), ALL_CRATES)?;
    files::write(&folder.join(ALL_CRATES).join("Cargo.toml"), manifest.to_string().as_bytes())?;
    files::write(&folder.join(ALL_CRATES).join("src").join("lib.rs"), b"")
}

/// An empty package with the dependencies of the last step. Cargo chooses features by the packages that are
/// built: with this one among them, every step's are built with the same third-party crates.
const ALL_CRATES: &str = "changed-none";

/// The solution's manifest for a package of this name.
fn manifest(solution: &Path, name: &str) -> Result<Table, Trouble> {
    let mut manifest = table(&solution.join("Cargo.toml"))?;
    // What is changed is not held to our lints, and the checks are already built.
    for part in ["dev-dependencies", "lints", "test"] {
        manifest.remove(part);
    }
    if let Some(Value::Table(package)) = manifest.get_mut("package") {
        package.insert("name".to_owned(), Value::String(name.to_owned()));
    }
    Ok(manifest)
}

fn write_package(folder: &Path, changed: &Changed<'_>) -> Result<(), Trouble> {
    let solution = changed.step.folder(Whose::Reference);
    let manifest = manifest(&solution, &changed.package())?;
    files::write(&folder.join("Cargo.toml"), manifest.to_string().as_bytes())?;
    for source in &changed.sources {
        files::write(&folder.join(&source.path), source.text.as_bytes())?;
    }
    // What the server reads beside its manifest, such as users.json.
    for path in files::in_folder(&solution)?.iter().filter(|path| path.is_file()) {
        let name = path.file_name().unwrap_or_default();
        if name != "Cargo.toml" {
            files::write(&folder.join(name), files::read(path)?.as_bytes())?;
        }
    }
    Ok(())
}

fn table(path: &Path) -> Result<Table, Trouble> {
    toml::from_str(&files::read(path)?)
        .map_err(|error| Trouble::Environment(format!("{}: {}", path.display(), error.message())))
}
