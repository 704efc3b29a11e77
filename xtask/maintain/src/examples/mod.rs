//! The programs in `solutions/*/examples`, run: a server is asked what `NAME.snap` asks, and its responses belong there;
//! of any other program, what it prints belongs in `NAME.out`.

use std::{
    ffi::OsStr,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use workshop_book::example;
use xtask::{
    course::{Course, Step, Whose},
    files,
    process::{call, cargo_messages::Message, compile::cargo, group::Group, program::failed},
    trouble::Trouble,
};

mod client;
mod server;

/// How long a program that is no server may run.
const RUN_LIMIT: Duration = Duration::from_mins(1);

/// A file beside an example, as it should be.
pub(crate) struct Recorded {
    /// The file.
    pub(crate) path: PathBuf,
    /// What it should say.
    pub(crate) text: String,
}

impl Recorded {
    /// Whether the file says something else.
    pub(crate) fn has_drifted(&self) -> Result<bool, Trouble> {
        Ok(files::read(&self.path)? != self.text)
    }
}

/// Runs every example of the step's solution.
pub(crate) fn run(course: &Course, step: &Step) -> Result<Vec<Recorded>, Trouble> {
    let folder = step.folder(Whose::Reference).join("examples");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let names = names(&folder)?;
    let programs = build(course, step)?;
    let mut all = Vec::new();
    for name in names {
        let program =
            programs.iter().find(|program| program.file_stem() == Some(OsStr::new(&name)));
        let program = program.ok_or_else(|| wrong(&folder, &name, "was not built by cargo"))?;
        let (asked, printed) = (format!("{name}.snap"), format!("{name}.out"));
        let (asked, printed) = (folder.join(asked), folder.join(printed));
        let mut command = Command::new(program);
        command.current_dir(&course.root);
        all.push(match (asked.exists(), printed.exists()) {
            (true, false) => {
                let text = files::read(&asked)?;
                let all = example::parse(&text).map_err(|why| Trouble::ours(&asked, why))?;
                let text = example::text(&server::ask(command, example::port(step), all)?);
                Recorded { path: asked, text }
            }
            (false, true) => Recorded { text: output(command)?, path: printed },
            _ => {
                let why = format!(
                    "has either {name}.snap with its requests beside it, if it is a server, or {name}.out (which may be empty)"
                );
                return Err(wrong(&folder, &name, &why));
            }
        });
    }
    Ok(all)
}

fn wrong(folder: &Path, name: &str, why: &str) -> Trouble {
    Trouble::Environment(format!("{}.rs {why}", folder.join(name).display()))
}

/// The names of the examples; a record without its program is a mistake.
fn names(folder: &Path) -> Result<Vec<String>, Trouble> {
    let mut names = Vec::new();
    for path in files::in_folder(folder)? {
        let name = path.file_stem().and_then(OsStr::to_str).unwrap_or_default().to_owned();
        match path.extension().and_then(OsStr::to_str) {
            Some("rs") => names.push(name),
            Some("snap" | "out") if !path.with_extension("rs").exists() => {
                return Err(wrong(folder, &name, "is missing, and what it does is recorded"));
            }
            _ => {}
        }
    }
    names.sort();
    Ok(names)
}

/// One call of cargo for all of them.
fn build(course: &Course, step: &Step) -> Result<Vec<PathBuf>, Trouble> {
    let package = step.package(Whose::Reference);
    let arguments = ["build", "--locked", "-p", &package, "--examples"];
    let mut cargo = Command::new(cargo());
    cargo
        .args(arguments)
        .arg("--message-format=json-render-diagnostics")
        .current_dir(&course.root)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    let said = call::output(&mut cargo)?;
    if !said.status.success() {
        return Err(failed(&arguments));
    }
    let said = String::from_utf8_lossy(&said.stdout);
    let programs = said.lines().filter_map(|line| match Message::parse(line)? {
        Message::Artifact(artifact) => {
            let is_example = artifact.target.kind.iter().any(|kind| kind == "example");
            artifact.executable.filter(|_| is_example)
        }
        _ => None,
    });
    Ok(programs.collect())
}

/// What it prints until it ends by itself, as it should.
fn output(mut command: Command) -> Result<String, Trouble> {
    let shown = format!("{command:?}");
    let broken = |why: String| Trouble::Environment(format!("{shown} {why}"));
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut group =
        Group::start(command).map_err(|error| broken(format!("could not be started: {error}")))?;
    let (sender, printed) = mpsc::channel();
    if let Some(mut stdout) = group.take_stdout() {
        thread::spawn(move || {
            let mut text = Vec::new();
            let read = stdout.read_to_end(&mut text);
            // Nobody listens any more once the time is up.
            sender.send(read.map(|_| String::from_utf8_lossy(&text).into_owned())).ok();
        });
    }
    let printed = printed
        .recv_timeout(RUN_LIMIT)
        .map_err(|_| broken(format!("did not end within {} s", RUN_LIMIT.as_secs())))?;
    let status = group.wait().map_err(|error| broken(format!("was lost: {error}")))?;
    if !status.success() {
        return Err(broken(format!("failed ({status})")));
    }
    printed.map_err(|error| broken(format!("could not be read: {error}")))
}
