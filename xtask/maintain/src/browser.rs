//! What needs a real browser is a package of its own, so that most builds leave it out.

use std::process::Command;

use xtask::{
    course::Course,
    process::{call, chromium, compile::cargo},
    trouble::Trouble,
};

/// Runs a program of `xtask/browser`.
pub(crate) fn run(course: &Course, program: &str) -> Result<(), Trouble> {
    if !chromium::is_installed() {
        return Err(Trouble::Environment(
            "there is no Chromium: install chromium and chromium-driver".to_owned(),
        ));
    }
    let arguments = ["run", "--locked", "-p", "workshop-browser", "--bin", program];
    call::must_succeed(Command::new(cargo()).args(arguments).current_dir(&course.root))
}
