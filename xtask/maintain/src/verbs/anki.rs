//! `cargo xtask anki`: the questions of `recall`, imported by Anki itself.

use std::{env, process::Command};

use xtask::{course::Course, process::call, trouble::Trouble, verbs::verb::no_arguments};

use crate::python;

/// What `cargo xtask anki --help` prints.
pub(super) const HELP: &str = "\
cargo xtask anki

Exports every question as `recall --anki` does, and imports the file twice into an empty
collection with Anki's own library, installed from PyPI into target/workshop/anki: each
note must be there once, in its deck. Needs python3 and the network.";

/// Exports and imports; gives 1 if a note is missing, double, or changed.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    no_arguments(arguments)?;
    let python = python::environment(course, "anki")?;
    let file = course.temporary().join("anki.txt");
    let this = env::current_exe().map_err(|error| {
        Trouble::Environment(format!("this program cannot find itself: {error}"))
    })?;
    let mut export = Command::new(this);
    call::must_succeed(export.args(["recall", "--all", "--anki"]).arg(&file))?;
    let script = python::folder(course, "anki").join("import_twice.py");
    Ok(u8::from(!call::succeeds(Command::new(python).arg(script).arg(file))?))
}
