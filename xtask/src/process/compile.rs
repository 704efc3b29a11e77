//! One cargo call that builds a step's server and its checks.

use std::{
    env,
    ffi::OsString,
    io::{self, BufRead, BufReader, IsTerminal, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use crate::{
    course::{Course, Step, Whose},
    process::cargo_messages::{Message, RustcError},
    trouble::Trouble,
};

/// What cargo made of a step.
pub enum Compiled {
    /// Both executables.
    Ready(Programs),
    /// rustc refuses the learner's code.
    Refused {
        /// Its words, with colours.
        text: String,
        /// The same, error by error.
        errors: Vec<RustcError>,
    },
}

/// The executables of a step or a solution.
#[derive(Debug, Clone)]
pub struct Programs {
    /// The server.
    pub server: PathBuf,
    /// The checks.
    pub checks: PathBuf,
}

/// Which cargo to call: the one that called us, else the one on the path.
pub fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The arguments that build a package's server and its checks. The warm-up uses the same ones,
/// since cargo chooses features by the packages that are selected.
pub fn arguments(package: &str) -> [&str; 6] {
    ["test", "-p", package, "--test", "verify", "--no-run"]
}

/// Builds `package`; cargo's progress goes to standard error.
pub fn compile(root: &Path, package: &str) -> Result<Compiled, Trouble> {
    let mut child = Command::new(cargo())
        .args(arguments(package))
        .arg("--message-format=json,json-diagnostic-rendered-ansi")
        .current_dir(root)
        // Its progress is recognised by its words; rustc's own text keeps its colours.
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| no_cargo(&error))?;
    let progress = child.stderr.take().map(|stderr| thread::spawn(move || relay(stderr)));
    let mut build = Build::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            build.read(&line, package);
        }
    }
    let status = child.wait().map_err(|error| no_cargo(&error))?;
    let said = progress.and_then(|thread| thread.join().ok()).unwrap_or_default();
    build.conclude(status.success(), package, &said)
}

/// Builds our solution of the step, which has to compile.
pub fn solution(course: &Course, step: &Step) -> Result<Programs, Trouble> {
    match compile(&course.root, &step.package(Whose::Reference))? {
        Compiled::Ready(programs) => Ok(programs),
        Compiled::Refused { text, .. } => Err(Trouble::Environment(text)),
    }
}

/// Cargo itself is missing.
pub fn no_cargo(error: &io::Error) -> Trouble {
    Trouble::Environment(format!(
        "cargo could not be started: {error}.\nInstall Rust from https://rustup.rs, open a new terminal, and try again."
    ))
}

/// What cargo has said so far.
#[derive(Default)]
struct Build {
    server: Option<PathBuf>,
    checks: Option<PathBuf>,
    refused: String,
    errors: Vec<RustcError>,
    ours: String,
}

impl Build {
    fn read(&mut self, line: &str, package: &str) {
        match Message::parse(line) {
            Some(Message::Artifact { target, executable: Some(path) }) => {
                if target.name == package {
                    self.server = Some(path);
                } else if target.name == "verify" {
                    self.checks = Some(path);
                }
            }
            Some(Message::Diagnosed { target, message }) if message.is_error() => {
                let learners = target.is_program_of(package);
                let text = if learners { &mut self.refused } else { &mut self.ours };
                // A macro that copies its function makes rustc say the same twice.
                if !text.contains(message.rendered()) {
                    text.push_str(message.rendered());
                }
                if learners {
                    self.errors.extend(message.error());
                }
            }
            _ => {}
        }
    }

    fn conclude(self, success: bool, package: &str, said: &str) -> Result<Compiled, Trouble> {
        if success
            && self.server.is_none()
            && let Some(number) = package.strip_prefix("step-")
        {
            return Err(Trouble::Environment(format!(
                "{package} has no src/main.rs, so there is no server to start.\n\
                 Next:  cargo xtask reset {number}   (it puts our starter there)"
            )));
        }
        if let (true, Some(server), Some(checks)) = (success, self.server, self.checks) {
            return Ok(Compiled::Ready(Programs { server, checks }));
        }
        if said.contains("No space left")
            || self.refused.contains("No space left")
            || self.ours.contains("No space left")
        {
            return Err(Trouble::Environment(
                "the disk is full: cargo cannot write below target/. Make room (a few GB), then try again.".to_owned(),
            ));
        }
        if !self.refused.is_empty() {
            return Ok(Compiled::Refused { text: self.refused, errors: self.errors });
        }
        Err(Trouble::Environment(format!(
            "cargo could not build {package}, and your src/ is not the reason. Cargo said:\n{}{}",
            self.ours,
            said.trim_end()
        )))
    }
}

/// Shows what cargo is doing, and returns all that it said.
fn relay(stderr: impl Read) -> String {
    let terminal = io::stderr().is_terminal();
    let mut said = String::new();
    let mut count = 0;
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        let busy = ["Compiling", "Downloading", "Downloaded", "Updating", "Blocking"];
        if busy.iter().any(|word| line.trim_start().starts_with(word)) {
            count += 1;
            show(terminal, count, &line);
        }
        said.push_str(&line);
        said.push('\n');
    }
    if terminal && count > 0 {
        show_raw("\r\x1b[2K");
    }
    said
}

fn show(terminal: bool, count: usize, line: &str) {
    if terminal {
        let line: String = line.trim().chars().take(60).collect();
        show_raw(&format!("\r\x1b[2K  {line} … ({count})"));
    } else {
        show_raw(&format!("{line}\n"));
    }
}

fn show_raw(text: &str) {
    let mut stderr = io::stderr().lock();
    // A closed terminal must not stop the build.
    stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()).ok();
}
