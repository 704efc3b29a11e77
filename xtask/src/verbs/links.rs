//! `cargo xtask links`: do the links that leave the book still lead somewhere?

use std::process::{Command, Stdio};

use crate::{compile::cargo, course::Course, trouble::Trouble, verbs::no_arguments};

/// What `cargo xtask links --help` prints.
pub const HELP: &str = "\
cargo xtask links

Asks every address outside the book that a page, the README or CONTRIBUTING.md links to, and
names the places that link to a dead one. Needs the network and curl, so `ci` leaves it out;
links inside the book are checked whenever it is built.";

/// The book's own program does it, since it reads the pages.
pub fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    no_arguments(arguments, HELP)?;
    let mut command = Command::new(cargo());
    command
        .args(["run", "--quiet", "--locked", "-p", "workshop-book", "--", "links"])
        .current_dir(&course.root)
        .stdin(Stdio::null());
    let status = command.status().map_err(|error| {
        Trouble::Environment(format!("{command:?} could not be started: {error}"))
    })?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(4))
}
