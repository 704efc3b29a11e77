//! `cargo xtask workflows`: the workflows of GitHub, checked without GitHub.

use std::process::Command;

use xtask::{course::Course, files, process::call, trouble::Trouble, verbs::verb::no_arguments};

use crate::python;

/// What `cargo xtask workflows --help` prints.
pub(super) const HELP: &str = "\
cargo xtask workflows

Checks the files in .github/workflows against the schema of GitHub's workflows (check-jsonschema)
and for what makes them unsafe (zizmor), both installed from PyPI into target/workshop/workflows.
Needs python3 and the network.";

/// Runs both, and gives 1 if one complains.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    no_arguments(arguments)?;
    let python = python::environment(course, "workflows")?;
    let folder = course.root.join(".github").join("workflows");
    let mut schema = Command::new(python.with_file_name("check-jsonschema"));
    schema.args(["--builtin-schema", "vendor.github-workflows"]).args(files::in_folder(&folder)?);
    let mut safety = Command::new(python.with_file_name("zizmor"));
    safety.args(["--offline", "--no-progress"]).arg(&folder);
    let results = [call::succeeds(&mut schema)?, call::succeeds(&mut safety)?];
    Ok(u8::from(results.contains(&false)))
}
