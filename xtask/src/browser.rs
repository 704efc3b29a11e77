//! What needs a real browser is a package of its own, so that no learner waits for its compile.

use std::process::{Command, Stdio};

use crate::{call, compile::cargo, course::Course, trouble::Trouble};

/// Whether Chromium and its driver can be started.
pub fn is_installed() -> bool {
    ["chromium", "chromedriver"].iter().all(|program| {
        let version = Command::new(program)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        version.is_ok_and(|status| status.success())
    })
}

/// Runs a program of `xtask/browser`.
pub(crate) fn run(course: &Course, program: &str) -> Result<(), Trouble> {
    if !is_installed() {
        return Err(Trouble::Environment(
            "there is no Chromium: install chromium and chromium-driver".to_owned(),
        ));
    }
    let arguments = ["run", "--locked", "-p", "workshop-browser", "--bin", program];
    call::must(Command::new(cargo()).args(arguments).current_dir(&course.root))
}
