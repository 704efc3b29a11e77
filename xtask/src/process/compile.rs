//! One cargo call that builds a step's server and its checks.

use std::{
    env,
    ffi::OsString,
    io::{self, BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

use crate::{
    course::{Course, Step, Whose},
    process::{
        ahead,
        build::{self, Build, Start},
        built::{self, Sources},
        cancel::Cancel,
        cargo_output,
        group::Group,
        progress, turn,
    },
    trouble::Trouble,
};

pub use crate::process::{
    build::{Compiled, Programs},
    compiled::arguments,
};

/// Which cargo to call: the one that called us, else the one on the path.
pub fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
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
        let start = Start::now(course, step, whose)?;
        if let Some(programs) = start.unchanged() {
            return Ok((Compiled::Ready(programs), start.sources));
        }
        let build = call_cargo(course, step, whose, cancel)?;
        if !start.is_still_true()? {
            continue;
        }
        if build.is_good() && !build.settle(&start)? {
            continue;
        }
        return Ok((build.conclude(step, whose)?, start.sources));
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
    let mut command = command(course, &package);
    command
        // Its progress is recognised by its words; rustc's own text keeps its colours.
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(for_cargo);
    let (sender, events) = mpsc::channel();
    let _guard = cancel.send(sender.clone(), Event::Cancelled);
    let call = cargo_output::begin(&command);
    let mut group = Group::start_cargo(command).map_err(|error| no_cargo(&error))?;
    let progress = thread::spawn(move || progress::relay(stderr, call));
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
            Event::Said(line) => {
                call.hear(&line);
                build.read(&line, &package, &folder);
            }
            Event::Ended => break,
            Event::Cancelled => return Err(Trouble::Interrupted),
        }
    }
    build.success = group.wait().map_err(|error| no_cargo(&error))?.success();
    build.said = progress.join().unwrap_or_default();
    if build.is_good() {
        ahead::is_built(&package);
    }
    Ok(build)
}

/// The call that builds the package, with cargo's JSON on standard output.
fn command(course: &Course, package: &str) -> Command {
    let mut command = Command::new(cargo());
    command
        .args(arguments(package))
        .arg("--message-format=json,json-diagnostic-rendered-ansi")
        .current_dir(&course.root);
    command
}

/// The same call for nobody who waits, if it would build anything.
pub fn ahead(course: &Course, step: &Step, whose: Whose) -> Option<ahead::Call> {
    // What is wrong is said to those who wait.
    let start = Start::now(course, step, whose).ok()?;
    if start.unchanged().is_some() {
        return None;
    }
    let package = step.package(whose);
    let command = command(course, &package);
    Some(ahead::Call {
        package,
        command,
        ended: Box::new(move |lines| build::remember(&start, lines)),
    })
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
