//! Programs of ours that are written in Python, each with packages from PyPI in an environment of its own.

use std::{path::PathBuf, process::Command};

use crate::{call, course::Course, files, trouble::Trouble};

/// Makes `target/workshop/NAME` a virtual environment with what `xtask/NAME/requirements.txt` pins; gives
/// its interpreter.
pub fn environment(course: &Course, name: &str) -> Result<PathBuf, Trouble> {
    let folder = course.target().join("workshop").join(name);
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
        .arg(course.root.join("xtask").join(name).join("requirements.txt"));
    call::must(&mut create)?;
    call::must(&mut install)?;
    Ok(python)
}
