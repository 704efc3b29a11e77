//! British spelling, checked by `typos`, which is compiled once into `target/workshop`.

use std::{
    env,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use xtask::{
    course::Course,
    process::{call, compile::cargo},
    trouble::Trouble,
};

/// The release of the crate `typos-cli`.
const VERSION: &str = "1.52.0";

/// What it has to find before it is believed: a slip, and an American spelling.
const PLANTED: [&str; 2] = ["teh", "color"];

/// Checks the checkout as `typos.toml` says. Where `typos` cannot be installed that is a failure in CI, and
/// elsewhere the part is skipped.
pub(crate) fn check(course: &Course) -> Result<&'static str, Trouble> {
    let folder = course.temporary().join(format!("typos-{VERSION}"));
    let typos = folder.join("bin").join(format!("typos{}", env::consts::EXE_SUFFIX));
    if !typos.exists() && !install(&folder)? {
        return Ok(if env::var_os("CI").is_some() {
            "FAILED"
        } else {
            "skipped: typos could not be installed, which needs the network once"
        });
    }
    for planted in PLANTED {
        if !finds(course, &typos, planted)? {
            println!(
                "typos does not find `{planted}`, so what it says is worth nothing: look at typos.toml."
            );
            return Ok("FAILED");
        }
    }
    Ok(if call::succeeds(&mut typos_in(course, &typos))? { "passed" } else { "FAILED" })
}

fn install(folder: &Path) -> Result<bool, Trouble> {
    println!("Installing typos {VERSION}, once; that takes two minutes.");
    let package = format!("typos-cli@{VERSION}");
    let mut command = Command::new(cargo());
    command.args(["install", "--locked", "--quiet", &package, "--root"]).arg(folder);
    call::succeeds(&mut command)
}

fn finds(course: &Course, typos: &Path, planted: &str) -> Result<bool, Trouble> {
    let mut command = typos_in(course, typos);
    command.args(["--format", "silent", "-"]).stdin(Stdio::piped());
    let failed = |error| Trouble::io("start", typos, &error);
    let mut child = command.spawn().map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(planted.as_bytes()).map_err(failed)?;
    }
    Ok(!child.wait().map_err(failed)?.success())
}

fn typos_in(course: &Course, typos: &Path) -> Command {
    let mut command = Command::new(typos);
    command.current_dir(&course.root);
    command
}
