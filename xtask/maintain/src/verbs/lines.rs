//! `cargo xtask lines`: every line that somebody may paste, parsed as each shell parses it.

use std::process::Command;

use xtask::{course::Course, process::call, trouble::Trouble, verbs::verb::no_arguments};

use crate::python;

/// What `cargo xtask lines --help` prints.
pub(super) const HELP: &str = "\
cargo xtask lines

Parses every command line of the book and of the checks' verdicts in target/workshop with the
grammars of sh and PowerShell and by Windows' rules for arguments: it must mean the same to all
of them. Installs tree-sitter from PyPI into target/workshop/lines. Needs python3 and the network.";

/// Gives 1 if a line means something else somewhere.
pub(super) fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    no_arguments(arguments)?;
    let mut parse = Command::new(python::environment(course, "lines")?);
    parse.arg(python::folder(course, "lines").join("parse_lines.py")).arg(&course.root);
    Ok(u8::from(!call::succeeds(&mut parse)?))
}
