//! `cargo xtask load`: a load test of the solutions, beside the same API in FastAPI.

use std::process::Command;

use xtask::{
    course::{Course, Whose},
    process::{call, program},
    trouble::Trouble,
    verbs::verb::steps_and_flags,
};

use crate::python;

/// What `cargo xtask load --help` prints.
pub(super) const HELP: &str = "\
cargo xtask load STEP…

Loads the release builds of these solutions, and the same API in FastAPI, with wrk, and
prints one table. A benchmark, not a test. Needs wrk, python3 and the network; Linux only.";

/// Builds, measures, prints.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (steps, []) = steps_and_flags(course, arguments, [])?;
    if steps.is_empty() {
        return Err(Trouble::Arguments("name at least one step".to_owned()));
    }
    let python = python::environment(course, "load")?;
    let mut measure = Command::new(python);
    measure.arg(python::folder(course, "load").join("measure.py"));
    for step in steps {
        let package = step.package(Whose::Reference);
        let program = program::build(course, &package, &["--release"])?;
        measure.arg(format!("solution {}={}", step.number, program.display()));
    }
    Ok(if call::succeeds(&mut measure)? { 0 } else { 4 })
}
