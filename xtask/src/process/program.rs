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
    process::{
        ahead,
        cargo_messages::Message,
        compile::{cargo, no_cargo},
        progress,
    },
    trouble::Trouble,
};

/// `cargo build` of `package`: one line of progress, and cargo's own words if it fails.
pub fn build(root: &Path, package: &str, more: &[&str]) -> Result<PathBuf, Trouble> {
    let _way = ahead::give_way(root);
    let mut call = command(root, package, more);
    let mut child = call.spawn().map_err(|error| no_cargo(&error))?;
    let progress = child.stderr.take().map(|stderr| thread::spawn(move || progress::relay(stderr)));
    let mut said = String::new();
    let read = child.stdout.take().map_or(Ok(0), |mut stdout| stdout.read_to_string(&mut said));
    let status = child.wait().map_err(|error| no_cargo(&error))?;
    let words = progress.and_then(|thread| thread.join().ok()).unwrap_or_default();
    built(package, &said).filter(|_| status.success() && read.is_ok()).ok_or_else(|| {
        progress::show_raw(&words);
        failed(&["build", "-p", package])
    })
}

/// The call, whose standard output is for [`built`].
fn command(root: &Path, package: &str, more: &[&str]) -> Command {
    let mut call = Command::new(cargo());
    call.args(["build", "--locked", "-p", package, "--message-format=json-render-diagnostics"])
        .args(more)
        .current_dir(root)
        // Its progress is recognised by its words.
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    call
}

/// The program's path, as cargo's lines have it.
fn built(package: &str, said: &str) -> Option<PathBuf> {
    said.lines().find_map(|line| match Message::parse(line)? {
        Message::Artifact { target, executable, .. } if target.is_program_of(package) => executable,
        _ => None,
    })
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
