//! `cargo xtask doctor`: is this machine ready?

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use lexopt::{Arg::Long, ValueExt};

use crate::{
    class::board::Board,
    course::Course,
    process::{compile, memory, toolchain},
    trouble::Trouble,
    verbs::{doctor::finding::Finding, verb::Verb},
};

mod finding;
mod machine;
mod network;

/// `cargo xtask doctor`.
pub(super) const VERB: Verb = Verb {
    name: "doctor",
    about: "is this machine ready? each problem with what to do about it",
    help: HELP,
    run,
};

const HELP: &str = "\
cargo xtask doctor [--class URL [--class-ca FILE]]

Looks at what the workshop needs: the toolchain, disk space, free ports, downloaded
crates, the file system, memory. Each problem comes with what to do. Exit 4 if one must be fixed.

  --class URL   also: can your instructor's board be reached from here?
  --class-ca FILE
                the certificate that your instructor gave you for an address with https";

/// Prints one line a finding.
fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut class, mut authority) = (None, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("class") => class = Some(Board::at(&arguments.value()?.string()?)?),
            Long("class-ca") => authority = Some(PathBuf::from(arguments.value()?)),
            other => return Err(other.unexpected().into()),
        }
    }
    let mut findings = vec![
        toolchain(&course.rust_version()?),
        machine::writable(&course.root),
        machine::disk(&course.root),
        crates(&course.root),
        network::port(3000, "a step's server"),
        network::port(4000, "the book"),
        tool("curl", "--version"),
        network::proxy(),
        tool("rustfmt", "--version"),
        machine::mount(&course.root),
        machine::memory(memory::total()),
    ];
    if let Some(board) = class {
        findings.push(network::reach(&board.vouched_for(authority.as_deref())?)?);
    }
    let mut code = 0;
    for finding in findings.into_iter().chain(machine::scans()) {
        match finding {
            Finding::Good(what) => println!("ok    {what}"),
            Finding::Warn(what, fix) => println!("warn  {what}\n      {fix}"),
            Finding::Fix(what, fix) => {
                println!("FIX   {what}\n      {fix}");
                code = 4;
            }
        }
    }
    let end = if code == 0 {
        "Ready. Next:  cargo xtask learn"
    } else {
        "Fix what is marked, then run `cargo xtask doctor` again."
    };
    println!("\n{end}");
    Ok(code)
}

fn toolchain(needed: &str) -> Finding {
    let fix = "Run `rustup update stable`, then open a new terminal.";
    match toolchain::rustc() {
        Some(line) if toolchain::is_enough(&line, needed) => Finding::Good(line),
        Some(line) => {
            Finding::Fix(format!("{line}, but the workshop needs {needed} or newer"), fix)
        }
        None => Finding::Fix(
            "rustc was not found".to_owned(),
            "Install Rust from https://rustup.rs, then open a new terminal.",
        ),
    }
}

fn crates(root: &Path) -> Finding {
    let fetched = Command::new(compile::cargo())
        .args(["fetch", "--locked", "--offline", "--quiet"])
        .current_dir(root)
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if fetched {
        Finding::Good("all crates are downloaded: nothing needs the network any more".to_owned())
    } else {
        Finding::Warn(
            "some crates are not downloaded yet".to_owned(),
            "While you have a network: `cargo fetch --locked`.",
        )
    }
}

fn tool(name: &str, argument: &str) -> Finding {
    match toolchain::first_line(name, argument) {
        Some(line) => Finding::Good(line.chars().take(60).collect()),
        None => Finding::Warn(
            format!("{name} was not found"),
            match name {
                "curl" => "The book's examples use it: install it with your system's packages.",
                _ => "Your editor uses it: `rustup component add rustfmt`.",
            },
        ),
    }
}
