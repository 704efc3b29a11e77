//! Every mistake as a package of one scratch workspace, so that a single cargo call builds them side by
//! side, in the target folder of the course.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use toml::{Table, Value};

use crate::{
    cargo_messages::{Message, RustcError},
    compile::cargo,
    course::{Course, Step, Whose},
    files, holes,
    marks::View,
    mistakes::Mistake,
    starter::{self, Source},
    trouble::Trouble,
};

/// A mistake, made.
pub struct Wrong<'c> {
    /// The step that it is made in.
    pub step: &'c Step,
    /// The mistake.
    pub mistake: Mistake,
    sources: Vec<Source>,
}

/// What cargo made of a mistake.
pub enum Built {
    /// Its server.
    Program(PathBuf),
    /// rustc refuses it.
    Refused(Vec<RustcError>),
}

impl<'c> Wrong<'c> {
    /// The solution of the step with the mistake in it.
    pub fn make(step: &'c Step, mistake: Mistake) -> Result<Self, Trouble> {
        let mut sources = starter::sources(step, View::Solution)?;
        holes::apply(&mistake.patch, &mut sources).map_err(|why| {
            Trouble::Environment(format!(
                "{} cannot be applied: {why}. It has to fit the solution without its marker lines, \
                 which `cargo xtask solution {}` prints: mend it, or make it anew with `diff -u`.",
                Mistake::path(step, &mistake.name).display(),
                step.number
            ))
        })?;
        Ok(Self { step, mistake, sources })
    }

    fn package(&self) -> String {
        format!("mistake-{:02}-{}", self.step.number, self.mistake.name)
    }
}

/// Builds all of them; the answers are in the same order.
pub fn build(course: &Course, wrong: &[Wrong<'_>]) -> Result<Vec<Built>, Trouble> {
    let folder = course.target().join("workshop").join("mistakes");
    write_workspace(course, &folder, wrong)?;
    let mut child = Command::new(cargo())
        .args(["build", "--workspace", "--offline", "--keep-going", "--message-format=json"])
        .arg("--target-dir")
        .arg(course.target())
        .current_dir(&folder)
        // Nobody edits these: what makes a second build faster would only fill the disk.
        .env("CARGO_INCREMENTAL", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Trouble::Environment(format!("cargo could not be started: {error}")))?;
    let said = child.stderr.take().map(|stderr| {
        std::thread::spawn(move || std::io::read_to_string(stderr).unwrap_or_default())
    });
    let mut built: BTreeMap<String, Built> = BTreeMap::new();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            read(&line, &mut built);
        }
    }
    child.wait().map_err(|error| Trouble::Environment(format!("cargo was lost: {error}")))?;
    let said = said.and_then(|thread| thread.join().ok()).unwrap_or_default();
    let take = |wrong: &Wrong<'_>| {
        built.remove(&wrong.package()).ok_or_else(|| {
            let package = wrong.package();
            Trouble::Environment(format!("cargo built no {package}. It said:\n{}", said.trim_end()))
        })
    };
    wrong.iter().map(take).collect()
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

fn write_workspace(course: &Course, folder: &Path, wrong: &[Wrong<'_>]) -> Result<(), Trouble> {
    let mut root = table(&course.root.join("Cargo.toml"))?;
    let members = wrong.iter().map(|wrong| Value::String(wrong.package())).collect();
    if let Some(Value::Table(workspace)) = root.get_mut("workspace") {
        workspace.remove("default-members");
        workspace.insert("members".to_owned(), Value::Array(members));
    }
    keep(&folder.join("Cargo.toml"), root.to_string().as_bytes())?;
    let lock = course.root.join("Cargo.lock");
    // Cargo takes out what is not used here; so it is written anew only with other mistakes.
    keep(&folder.join("Cargo.lock.whole"), files::read(&lock)?.as_bytes())?;
    let copied = folder.join("Cargo.lock");
    if !copied.exists() || is_newer(&folder.join("Cargo.lock.whole"), &copied) {
        files::write(&copied, files::read(&lock)?.as_bytes())?;
    }
    let packages: BTreeSet<String> = wrong.iter().map(Wrong::package).collect();
    for wrong in wrong {
        write_package(&folder.join(wrong.package()), wrong)?;
    }
    remove_others(folder, &packages)
}

fn write_package(folder: &Path, wrong: &Wrong<'_>) -> Result<(), Trouble> {
    let solution = wrong.step.folder(Whose::Reference);
    let mut manifest = table(&solution.join("Cargo.toml"))?;
    // A mistake is not held to our lints, and the checks are already built.
    for part in ["dev-dependencies", "lints", "test"] {
        manifest.remove(part);
    }
    if let Some(Value::Table(package)) = manifest.get_mut("package") {
        package.insert("name".to_owned(), Value::String(wrong.package()));
    }
    keep(&folder.join("Cargo.toml"), manifest.to_string().as_bytes())?;
    for source in &wrong.sources {
        keep(&folder.join(&source.path), source.text.as_bytes())?;
    }
    // What the server reads beside its manifest, such as users.json.
    let entries = fs::read_dir(&solution).map_err(|e| Trouble::io("read", &solution, &e))?;
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_file()) {
        let name = path.file_name().unwrap_or_default();
        if name != "Cargo.toml" {
            keep(&folder.join(name), files::read(&path)?.as_bytes())?;
        }
    }
    Ok(())
}

/// Cargo looks at the time of a file: one that is as it should be is left alone.
fn keep(path: &Path, contents: &[u8]) -> Result<(), Trouble> {
    if fs::read(path).is_ok_and(|found| found == contents) {
        return Ok(());
    }
    files::write(path, contents)
}

fn is_newer(one: &Path, other: &Path) -> bool {
    let time = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    time(one) > time(other)
}

fn remove_others(folder: &Path, packages: &BTreeSet<String>) -> Result<(), Trouble> {
    let entries = fs::read_dir(folder).map_err(|e| Trouble::io("read", folder, &e))?;
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("mistake-") && !packages.contains(&name) {
            fs::remove_dir_all(&path).map_err(|e| Trouble::io("remove", &path, &e))?;
        }
    }
    Ok(())
}

fn table(path: &Path) -> Result<Table, Trouble> {
    toml::from_str(&files::read(path)?)
        .map_err(|error| Trouble::Environment(format!("{}: {}", path.display(), error.message())))
}
