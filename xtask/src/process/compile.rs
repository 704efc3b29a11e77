//! One cargo call that builds a step's server and its checks.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, SystemTime},
};

use crate::{
    course::{Course, Step, Whose},
    process::{
        ahead,
        built::{self, Built, Sources},
        cancel::Cancel,
        cargo_messages::{Message, RustcError},
        group::Group,
        machine, progress, turn,
    },
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

/// Builds the step's server and its checks; cargo's progress goes to standard error.
pub fn compile(course: &Course, step: &Step, whose: Whose) -> Result<Compiled, Trouble> {
    compile_until(course, step, whose, &Cancel::default()).map(|(compiled, _)| compiled)
}

/// The same until it is cancelled, with the sources that were compiled: those on the disk, before and after.
pub fn compile_until(
    course: &Course,
    step: &Step,
    whose: Whose,
    cancel: &Cancel,
) -> Result<(Compiled, Sources), Trouble> {
    let _turn = turn::take(&built::lock(course, step, whose), cancel, || {
        progress::show_waiting(&format!(
            "Waiting for {}, which another terminal compiles",
            step.package(whose)
        ));
    })?;
    for _ in 0..ROUNDS {
        let before = Sources::now(course, step, whose)?;
        let build = call_cargo(course, step, whose, cancel)?;
        if Sources::now(course, step, whose)? != before {
            continue;
        }
        let Some(server) = build.server.clone().filter(|_| build.success) else {
            return Ok((build.conclude(step, whose)?, before));
        };
        let trusted = if build.fresh.is_empty() {
            Built::remember(course, step, whose, &server, &before)?
        } else {
            Built::load(course, step, whose).is_of(&before, &server)
        };
        if trusted {
            return Ok((build.conclude(step, whose)?, before));
        }
        build.fresh.iter().try_for_each(|source| make_newer(source, &server))?;
    }
    Err(restless(step, whose))
}

/// How often to build again because a file has changed meanwhile.
pub const ROUNDS: usize = 6;

/// The files of a step change faster than they are compiled.
pub fn restless(step: &Step, whose: Whose) -> Trouble {
    Trouble::Environment(format!(
        "the files of {} change while they are compiled: {ROUNDS} builds, and none was of what lay there afterwards.\n\
         A program that writes into src/ again and again does this: a formatter, a generator, a synchronised folder.\n\
         Next:  stop it, then the same command again",
        step.folder(whose).display()
    ))
}

/// Makes cargo see that the file has changed since this program was built, even where clocks are coarse or were set
/// back; it relies on the time alone.
fn make_newer(source: &Path, program: &Path) -> Result<(), Trouble> {
    let time = |path| fs::metadata(path).and_then(|data| data.modified());
    let built = time(program).unwrap_or(SystemTime::UNIX_EPOCH);
    if time(source).is_ok_and(|time| time > built) {
        // A call in another terminal has done it.
        return Ok(());
    }
    let now = SystemTime::now().max(built + Duration::from_secs(1));
    let file = File::options().append(true).open(source);
    file.and_then(|file| file.set_modified(now))
        .map_err(|error| Trouble::io("set the time of", source, &error))
}

#[derive(Clone)]
enum Event {
    Said(String),
    Ended,
    Cancelled,
}

fn call_cargo(
    course: &Course,
    step: &Step,
    whose: Whose,
    cancel: &Cancel,
) -> Result<Build, Trouble> {
    let _way = ahead::give_way(&course.root);
    let package = step.package(whose);
    let (stderr, for_cargo) = io::pipe().map_err(|error| no_cargo(&error))?;
    let mut command = Command::new(cargo());
    command
        .args(arguments(&package))
        .arg("--message-format=json,json-diagnostic-rendered-ansi")
        .current_dir(&course.root)
        // Its progress is recognised by its words; rustc's own text keeps its colours.
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(for_cargo);
    let (sender, events) = mpsc::channel();
    let _guard = cancel.send(sender.clone(), Event::Cancelled);
    let mut group = Group::start_cargo(command).map_err(|error| no_cargo(&error))?;
    let progress = thread::spawn(move || progress::relay(stderr));
    if let Some(stdout) = group.take_stdout() {
        thread::spawn(move || {
            // Once it is cancelled nobody listens.
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                sender.send(Event::Said(line)).ok();
            }
            sender.send(Event::Ended).ok();
        });
    }
    let mut build = Build::default();
    let folder = step.folder(whose);
    for event in &events {
        match event {
            Event::Said(line) => build.read(&line, &package, &folder),
            Event::Ended => break,
            Event::Cancelled => return Err(Trouble::Interrupted),
        }
    }
    build.success = group.wait().map_err(|error| no_cargo(&error))?.success();
    build.said = progress.join().unwrap_or_default();
    Ok(build)
}

/// Builds our solution of the step, which has to compile.
pub fn solution(course: &Course, step: &Step) -> Result<Programs, Trouble> {
    match compile(course, step, Whose::Reference)? {
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
    /// What the parts of the learner's package begin with that cargo did not compile, since it had them.
    fresh: Vec<PathBuf>,
    refused: String,
    errors: Vec<RustcError>,
    /// Errors that are about no code of the learner's.
    ours: String,
    success: bool,
    said: String,
}

impl Build {
    fn read(&mut self, line: &str, package: &str, folder: &Path) {
        match Message::parse(line) {
            Some(Message::Artifact { target, executable, manifest_path, fresh }) => {
                let is_test = target.kind.iter().any(|kind| kind == "test");
                if fresh && !is_test && manifest_path.parent() == Some(folder) {
                    self.fresh.push(target.src_path);
                }
                match executable {
                    Some(path) if target.name == package => self.server = Some(path),
                    Some(path) if target.name == "verify" => self.checks = Some(path),
                    _ => {}
                }
            }
            Some(Message::Diagnosed { target, message }) if message.is_error() => {
                let learners = target.is_program_of(package) && message.concerns_code(folder);
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

    fn conclude(self, step: &Step, whose: Whose) -> Result<Compiled, Trouble> {
        let package = step.package(whose);
        if self.success && self.server.is_none() && whose == Whose::Learner {
            return Err(Trouble::Environment(format!(
                "{package} has no src/main.rs, so there is no server to start.\n\
                 Next:  cargo xtask reset {:02}   (it puts our starter there)",
                step.number
            )));
        }
        if let (true, Some(server), Some(checks)) = (self.success, self.server, self.checks) {
            return Ok(Compiled::Ready(Programs { server, checks }));
        }
        if !self.refused.is_empty() {
            return Ok(Compiled::Refused { text: self.refused, errors: self.errors });
        }
        let said = format!("{}\n{}", self.ours.trim_end(), self.said.trim_end());
        Err(Trouble::Environment(machine::fault(&package, &said)))
    }
}
