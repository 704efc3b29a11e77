//! A program of the workspace, built; its path is what cargo says, whatever target folder or triple the user has
//! configured.

use std::{
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use serde::Deserialize;

use crate::{
    course::Course,
    process::{
        ahead,
        build::make_newer,
        cargo_messages::{Artifact, Message},
        cargo_output,
        compile::{cargo, no_cargo},
        compiled::{Before, Record},
        progress,
    },
    trouble::Trouble,
};

/// `cargo build` of `package`, unless nothing has changed since the last one: one line of progress, and cargo's own words
/// if it fails.
pub fn build(course: &Course, package: &str, more: &[&str]) -> Result<PathBuf, Trouble> {
    let arguments = [&["build", "--locked", "-p", package], more].concat();
    let mut record = Record::load(course, &arguments);
    for _ in 0..ROUNDS {
        let before = Before::now(course, &arguments);
        if let Some([program]) = record.programs(course, &before, [package]) {
            return Ok(program);
        }
        let (made, scripts) = call(course, &arguments)?;
        let doubtful = made.iter().filter(|artifact| artifact.fresh && artifact.is_ours());
        let doubtful = doubtful.filter(|artifact| record.contradicts(course, artifact));
        let newer = doubtful
            .filter_map(|artifact| Some(make_newer(&artifact.target.src_path, artifact.path()?)));
        if newer.collect::<Result<Vec<()>, Trouble>>()?.is_empty() {
            Record::of(course, &before, &made, &scripts).keep(course, &arguments)?;
            return program(package, made).ok_or_else(|| failed(&arguments));
        }
        record = Record::default();
    }
    Err(failed(&arguments))
}

/// Whether [`build`] has nothing to do.
pub fn is_built(course: &Course, package: &str) -> bool {
    let arguments = ["build", "--locked", "-p", package];
    let before = Before::now(course, &arguments);
    Record::load(course, &arguments).programs(course, &before, [package]).is_some()
}

/// Twice, where cargo has taken old sources for new ones.
const ROUNDS: usize = 2;

/// What cargo has built, and the folders of build scripts that have run.
fn call(course: &Course, arguments: &[&str]) -> Result<(Vec<Artifact>, Vec<PathBuf>), Trouble> {
    let _way = ahead::give_way(&course.root);
    let mut command = command(&course.root, arguments);
    let said_by = cargo_output::begin(&command);
    let mut child = command.spawn().map_err(|error| no_cargo(&error))?;
    let progress =
        child.stderr.take().map(|stderr| thread::spawn(move || progress::relay(stderr, said_by)));
    let mut said = String::new();
    let read = child.stdout.take().map_or(Ok(0), |mut stdout| stdout.read_to_string(&mut said));
    let status = child.wait().map_err(|error| no_cargo(&error))?;
    let words = progress.and_then(|thread| thread.join().ok()).unwrap_or_default();
    if !status.success() || read.is_err() {
        progress::show_raw(&words);
        return Err(failed(arguments));
    }
    let (mut made, mut scripts) = (Vec::new(), Vec::new());
    for message in said.lines().filter_map(Message::parse) {
        match message {
            Message::Artifact(artifact) => made.push(artifact),
            Message::Script { out_dir } => scripts.push(out_dir),
            _ => {}
        }
    }
    Ok((made, scripts))
}

/// The call, with cargo's JSON on standard output.
fn command(root: &Path, arguments: &[&str]) -> Command {
    let mut call = Command::new(cargo());
    call.args(arguments)
        .arg("--message-format=json-render-diagnostics")
        .current_dir(root)
        // Its progress is recognised by its words.
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    call
}

/// The package's program.
fn program(package: &str, made: Vec<Artifact>) -> Option<PathBuf> {
    let mut programs = made.into_iter().filter(|it| it.target.is_program_of(package));
    programs.find_map(|artifact| artifact.executable)
}

/// A call of cargo that has ended badly, and has said why.
pub fn failed(arguments: &[&str]) -> Trouble {
    Trouble::Environment(format!(
        "`cargo {}` failed; see its output above. Without a network: `cargo xtask doctor`.",
        arguments.join(" ")
    ))
}

/// Where cargo puts what it builds, as `cargo metadata` says.
pub fn target_folder(root: &Path) -> Result<PathBuf, Trouble> {
    let mut call = Command::new(cargo());
    call.args(["metadata", "--format-version", "1", "--no-deps", "--offline"]).current_dir(root);
    let said = call
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| no_cargo(&error))?;
    let metadata: Metadata =
        serde_json::from_slice(&said.stdout).map_err(|_| failed(&["metadata", "--no-deps"]))?;
    Ok(metadata.target_directory)
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}
