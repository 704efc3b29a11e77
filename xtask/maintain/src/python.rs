//! The peers: programs in Python beside our servers, each with packages from PyPI in an environment of its own.

use std::{path::PathBuf, process::Command};

use xtask::{course::Course, files, process::call, trouble::Trouble};

/// Where the peer's files are: `xtask/peers/NAME`.
pub(crate) fn folder(course: &Course, name: &str) -> PathBuf {
    course.root.join("xtask").join("peers").join(name)
}

/// Makes `target/workshop/NAME` a virtual environment with what the peer's `requirements.txt` pins; gives
/// its interpreter.
pub(crate) fn environment(course: &Course, name: &str) -> Result<PathBuf, Trouble> {
    let folder = course.temporary().join(name);
    files::create_folder(&folder)?;
    let python = if cfg!(windows) {
        folder.join("Scripts").join("python.exe")
    } else {
        folder.join("bin").join("python")
    };
    let mut create = Command::new(if cfg!(windows) { "python" } else { "python3" });
    create.args(["-m", "venv"]).arg(&folder);
    let mut install = Command::new(&python);
    install
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(self::folder(course, name).join("requirements.txt"));
    call::must_succeed(&mut create)?;
    call::must_succeed(&mut install)?;
    Ok(python)
}
