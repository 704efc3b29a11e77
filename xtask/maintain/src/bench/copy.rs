//! A copy of the workshop to be measured, so that no file of the learner's is touched.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use xtask::{
    command_line::XTASK,
    course::{Course, Whose},
    files,
    process::{call::could_not_start, compile},
    trouble::Trouble,
};

/// The step that is saved again and again: as large as those that the room reaches first.
pub(crate) const STEP: &str = "4";

/// A copy of the workshop, and the target folders that go with it.
pub(crate) struct Bench {
    pub(crate) folder: PathBuf,
    pub(crate) copy: Course,
    pub(crate) xtask: PathBuf,
}

impl Bench {
    pub(crate) fn set_up(course: &Course) -> Result<Self, Trouble> {
        let folder = course.temporary().join("bench");
        let root = folder.join("copy");
        copy_workshop(&course.root, &root, &[".cargo", "solutions", "steps", "xtask"])?;
        let xtask = env::var_os(XTASK).map(PathBuf::from).ok_or_else(|| {
            Trouble::Environment("the bench is called as `cargo xtask bench`".to_owned())
        })?;
        Ok(Self { folder, copy: Course::open(&root)?, xtask })
    }

    /// A verb as a learner calls it.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Command {
        self.command(&self.xtask, arguments, "verified")
    }

    /// Cargo itself, with a target folder of its own.
    pub(crate) fn cargo(&self, arguments: &[&str], target: &str) -> Command {
        self.command(Path::new(&compile::cargo()), arguments, target)
    }

    fn command(&self, program: &Path, arguments: &[&str], target: &str) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.copy.root)
            .env("CARGO_TARGET_DIR", self.folder.join(target))
            // What is compiled is counted by cargo's words.
            .env("CARGO_TERM_COLOR", "never")
            .env("PORT", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    pub(crate) fn build_bare(&self) -> Result<Command, Trouble> {
        let package = self.copy.step(STEP)?.package(Whose::Learner);
        Ok(self.cargo(&["build", "-p", &package], "bare"))
    }
}

/// Copies these folders of the workshop, and its manifest, to an empty folder.
pub(crate) fn copy_workshop(from: &Path, to: &Path, folders: &[&str]) -> Result<(), Trouble> {
    clear(to)?;
    let mut paths = vec![from.join("Cargo.toml"), from.join("Cargo.lock")];
    for folder in folders {
        paths.extend(files::below(&from.join(folder))?);
    }
    for path in paths {
        let copy = to.join(path.strip_prefix(from).expect("it was listed below `from`"));
        files::create_folder(copy.parent().unwrap_or(to))?;
        fs::copy(&path, &copy).map_err(|error| Trouble::io("copy", &path, &error))?;
    }
    Ok(())
}

/// Removes the folder, if it is there.
pub(crate) fn clear(folder: &Path) -> Result<(), Trouble> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| Trouble::io("clear", folder, &error))?;
    }
    Ok(())
}

/// Runs the command to its end and gives its standard error.
pub(crate) fn finish(mut command: Command, codes: &[i32]) -> Result<String, Trouble> {
    let output = command.output().map_err(|error| could_not_start(&command, &error))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code().is_some_and(|code| codes.contains(&code)) {
        return Ok(said);
    }
    Err(Trouble::Environment(format!("{command:?} failed ({}):\n{said}", output.status)))
}
