//! The runner, compiled for Windows without a warning.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Stdio,
};

use serde::Deserialize;
use xtask::{process::call::could_not_start, trouble::Trouble};

use super::toolchain::{TARGET, Toolchain};

/// What was compiled.
pub(crate) struct Built {
    /// The command line.
    pub(crate) xtask: PathBuf,
    /// Its unit tests, and those of the crates below it: each with the folder that it runs in.
    pub(crate) tests: Vec<(PathBuf, PathBuf)>,
}

/// Compiles the runner with its tests; what it then asks cargo for comes over the bridge.
pub(crate) fn runner(root: &Path, toolchain: &Toolchain) -> Result<Built, Trouble> {
    let programs = cargo(toolchain, root, ["build", TARGET], &["-p", "xtask"])?;
    let xtask = programs.into_iter().find_map(|artifact| artifact.executable);
    let xtask = xtask.ok_or_else(|| Trouble::Environment("cargo made no xtask.exe".to_owned()))?;
    let unit_tests = ["--no-run", "--lib", "-p", "xtask", "-p", "protocol", "-p", "harness"];
    let built = cargo(toolchain, root, ["test", TARGET], &unit_tests)?;
    let tests = built.into_iter().filter(|artifact| artifact.profile.test);
    let tests = tests.filter_map(|artifact| {
        Some((artifact.executable?, artifact.manifest_path.parent()?.to_owned()))
    });
    Ok(Built { xtask, tests: tests.collect() })
}

/// Compiles the package in a folder that is no part of the workshop, and gives its program.
pub(crate) fn program(toolchain: &Toolchain, folder: &Path) -> Result<PathBuf, Trouble> {
    let made = cargo(toolchain, folder, ["build", TARGET], &[])?;
    let program = made.into_iter().find_map(|artifact| artifact.executable);
    program.ok_or_else(|| Trouble::Environment(format!("{} is no program", folder.display())))
}

#[derive(Deserialize)]
struct Artifact {
    manifest_path: PathBuf,
    executable: Option<PathBuf>,
    profile: Profile,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

/// Cargo's progress goes where ours does; a warning in a package of the folder is an error.
fn cargo(
    toolchain: &Toolchain,
    root: &Path,
    [verb, target]: [&str; 2],
    arguments: &[&str],
) -> Result<Vec<Artifact>, Trouble> {
    let mut call = toolchain.build(verb, target);
    call.args(arguments)
        .arg("--message-format=json")
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut child = call.spawn().map_err(|error| could_not_start(&call, &error))?;
    let (mut made, mut complaints) = (Vec::new(), String::new());
    for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()) {
        let line = line.unwrap_or_default();
        complaints.extend(complaint(&line, root).map(|(_, text)| text));
        made.extend(serde_json::from_str::<Artifact>(&line));
    }
    let ended = child.wait().map_err(|error| could_not_start(&call, &error))?;
    if ended.success() && complaints.is_empty() {
        return Ok(made);
    }
    Err(Trouble::Environment(format!(
        "{complaints}`cargo {verb} {}` for {target} failed, or has warnings.",
        arguments.join(" ")
    )))
}

/// The warning in this line of cargo's, if it is about a package of the folder.
pub(crate) fn warning(line: &str, root: &Path) -> Option<String> {
    complaint(line, root).filter(|(level, _)| level == "warning").map(|(_, text)| text)
}

/// What rustc says of a package of the folder, and how bad that is; what it says of other people's crates is theirs.
fn complaint(line: &str, root: &Path) -> Option<(String, String)> {
    let Said { manifest_path, message } = serde_json::from_str(line).ok()?;
    manifest_path.starts_with(root).then_some((message.level, message.rendered?))
}

#[derive(Deserialize)]
struct Said {
    manifest_path: PathBuf,
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    level: String,
    rendered: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_counts_if_it_is_ours() {
        let line = |path: &str, level: &str| {
            format!(
                r#"{{"reason":"compiler-message","manifest_path":"{path}","message":{{"level":"{level}","rendered":"unused"}}}}"#
            )
        };
        let root = Path::new("/clone");
        assert_eq!(
            warning(&line("/clone/x/Cargo.toml", "warning"), root).as_deref(),
            Some("unused")
        );
        assert_eq!(warning(&line("/clone/x/Cargo.toml", "error"), root), None);
        assert_eq!(warning(&line("/registry/x/Cargo.toml", "warning"), root), None);
        assert_eq!(warning("   Compiling x", root), None);
    }
}
