//! Whether a browser that programs can drive is installed.

use std::process::{Command, Stdio};

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
