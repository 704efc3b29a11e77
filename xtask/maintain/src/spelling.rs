//! British spelling, checked by `typos`, whose program PyPI has ready-made.

use std::{
    env,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use xtask::{course::Course, trouble::Trouble};

use crate::{
    parts::{self, Ended},
    python,
};

/// What it has to find before it is believed: a slip, and an American spelling.
const PLANTED: [&str; 2] = ["teh", "color"];

/// Checks the checkout as `typos.toml` says. Where `typos` cannot be installed that is a failure in CI, and
/// elsewhere the part is skipped.
pub(crate) fn check(course: &Course) -> Result<Ended, Trouble> {
    let python = match python::environment(course, "typos") {
        Ok(python) => python,
        Err(trouble) if env::var_os("CI").is_some() => return Err(trouble),
        Err(_) => {
            return Ok(Ended::Skipped(
                "skipped: typos could not be installed, which needs the network once",
            ));
        }
    };
    let typos = python.with_file_name(format!("typos{}", env::consts::EXE_SUFFIX));
    for planted in PLANTED {
        if !finds(course, &typos, planted)? {
            return Ok(Ended::from_problems(vec![format!(
                "typos does not find `{planted}`, so what it says is worth nothing: look at typos.toml."
            )]));
        }
    }
    parts::run(typos_in(course, &typos))
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
