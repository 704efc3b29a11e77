//! Calls of cargo that compile without a warning.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde::Deserialize;
use xtask::{process::call::could_not_start, trouble::Trouble};

use super::toolchain::{TARGET, Toolchain};

/// A test program.
pub(crate) struct Tests {
    /// Where it is.
    pub(crate) program: PathBuf,
    /// The folder that it runs in.
    pub(crate) folder: PathBuf,
}

/// Compiles the command line; what it then asks cargo for comes over the bridge.
pub(crate) fn command_line(root: &Path, toolchain: &Toolchain) -> Result<PathBuf, Trouble> {
    let mut call = toolchain.build("build", &[TARGET]);
    call.args(["--locked", "-p", "xtask"]);
    the_program(cargo(call, root)?, root)
}

/// Compiles the unit tests of the runner and of the crates below it.
pub(crate) fn tests(root: &Path, toolchain: &Toolchain) -> Result<Vec<Tests>, Trouble> {
    let mut call = toolchain.build("test", &[TARGET]);
    call.args(["--locked", "--no-run", "--lib", "-p", "xtask", "-p", "protocol", "-p", "harness"]);
    let built = cargo(call, root)?.into_iter().filter(|artifact| artifact.profile.test);
    let tests = built.filter_map(|artifact| {
        let folder = artifact.manifest_path.parent()?.to_owned();
        Some(Tests { program: artifact.executable?, folder })
    });
    Ok(tests.collect())
}

/// Compiles the package in a folder that is no part of the workshop, and gives its program.
pub(crate) fn program(toolchain: &Toolchain, folder: &Path) -> Result<PathBuf, Trouble> {
    the_program(cargo(toolchain.build("build", &[TARGET]), folder)?, folder)
}

fn the_program(made: Vec<Artifact>, folder: &Path) -> Result<PathBuf, Trouble> {
    let program = made.into_iter().find_map(|artifact| artifact.executable);
    program.ok_or_else(|| {
        Trouble::Environment(format!("cargo made no program in {}", folder.display()))
    })
}

/// Something that cargo has made.
#[derive(Deserialize)]
pub(super) struct Artifact {
    manifest_path: PathBuf,
    pub(super) executable: Option<PathBuf>,
    profile: Profile,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

/// Runs a call of cargo's. Its progress goes where ours does; a warning in a package of the folder is an error.
pub(super) fn cargo(mut call: Command, root: &Path) -> Result<Vec<Artifact>, Trouble> {
    call.arg("--message-format=json").current_dir(root).stdin(Stdio::null()).stdout(Stdio::piped());
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
    let arguments: Vec<_> = call.get_args().map(|argument| argument.to_string_lossy()).collect();
    Err(Trouble::Environment(format!(
        "{complaints}`cargo {}` failed, or has warnings.",
        arguments.join(" ")
    )))
}

/// How rustc begins to say that there is none of Apple's tools, which zig takes the place of.
const NO_XCRUN: &str = "warning: invoking `\"xcrun\"";

/// The warning in this line of cargo's, if it is about a package of the folder.
pub(crate) fn warning(line: &str, root: &Path) -> Option<String> {
    complaint(line, root).filter(|(level, _)| level == "warning").map(|(_, text)| text)
}

/// What rustc says of a package of the folder, and how bad that is; what it says of other people's crates is theirs.
fn complaint(line: &str, root: &Path) -> Option<(String, String)> {
    let Said { manifest_path, message } = serde_json::from_str(line).ok()?;
    let text = message.rendered.filter(|text| !text.starts_with(NO_XCRUN))?;
    manifest_path.starts_with(root).then_some((message.level, text))
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
        let no_sdk = line("/clone/x/Cargo.toml", "warning")
            .replace("unused", "warning: invoking `\\\"xcrun\\\"");
        assert_eq!(warning(&no_sdk, root), None);
    }
}
