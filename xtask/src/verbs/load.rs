//! `cargo xtask load`: what a solution bears, beside the same API in FastAPI.

use std::process::Command;

use lexopt::Arg::Value;

use crate::{
    call,
    compile::cargo,
    course::{Course, Whose},
    python,
    trouble::Trouble,
    verbs::usage,
};

/// What `cargo xtask load --help` prints.
pub const HELP: &str = "\
cargo xtask load STEP…

Loads the release builds of these solutions, and the same API in FastAPI, with wrk, and
prints one table. A benchmark, not a test. Needs wrk, python3 and the network; Linux only.";

/// Builds, measures, prints.
pub fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let mut steps = Vec::new();
    while let Some(argument) = arguments.next().map_err(|error| usage(&error, HELP))? {
        match argument {
            Value(name) => steps.push(course.step(&name.to_string_lossy())?),
            other => return Err(usage(&other.unexpected(), HELP)),
        }
    }
    if steps.is_empty() {
        return Err(Trouble::Usage(format!("name at least one step\n\n{HELP}")));
    }
    let python = python::environment(course, "load")?;
    let mut measure = Command::new(python);
    measure.arg(course.root.join("xtask").join("load").join("measure.py"));
    for step in steps {
        let package = step.package(Whose::Reference);
        let mut build = Command::new(cargo());
        build.args(["build", "--release", "--locked", "-p", &package]).current_dir(&course.root);
        call::must(&mut build)?;
        let program = course.target().join("release").join(&package);
        measure.arg(format!("solution {}={}", step.number, program.display()));
    }
    Ok(if call::succeeds(&mut measure)? { 0 } else { 4 })
}
