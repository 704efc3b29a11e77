//! Rustlings with one exercise at hand, watched in a pseudo-terminal: it refuses to watch in a pipe.
#![allow(clippy::disallowed_methods, reason = "a folder of our own, which nobody else reads")]

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    time::{Duration, Instant},
};

use xtask::{files, process::call::could_not_start, trouble::Trouble};

use crate::bench::{
    copy::clear,
    peers::{
        change::{Change, Program},
        machine,
    },
    running::Running,
};

/// Nearly as long as our step 4, with a test; it uses no crate of others.
pub(super) const EXERCISE: &str = "23_conversions/from_into";

/// Makes it begin there, as after the exercises before it.
const STATE: &str = "DON'T EDIT THIS FILE!\n\nfrom_into\n\nintro1\n";

/// What it prints last before its keys.
const END: &str = "Current exercise: ";

/// The exercises, outside the workshop: cargo would take them for a part of it.
pub(super) struct Exercises {
    folder: PathBuf,
    rustlings: PathBuf,
    program: Program,
}

impl Exercises {
    pub(super) fn set_up(rustlings: &Path) -> Result<Self, Trouble> {
        let around = env::temp_dir().join(format!("workshop-peers-{}", process::id()));
        clear(&around)?;
        files::create_folder(&around)?;
        let mut init = Command::new(rustlings);
        init.arg("init").current_dir(&around).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = init.spawn().map_err(|error| could_not_start(&init, &error))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(b"\n").map_err(|error| could_not_start(&init, &error))?;
        }
        let status = child.wait().map_err(|error| could_not_start(&init, &error))?;
        if !status.success() {
            return Err(Trouble::Environment(format!("`rustlings init` failed ({status})")));
        }
        let folder = around.join("rustlings");
        files::write(&folder.join(".rustlings-state.txt"), STATE.as_bytes())?;
        let path = folder.join("exercises").join(EXERCISE).with_extension("rs");
        let text = solved(&files::read(&path)?).ok_or_else(|| {
            Trouble::Environment(format!("{EXERCISE} is not the exercise that the bench can solve"))
        })?;
        let fault = ["String::from(\"John\")", "String::from(\"Jim\")"];
        Ok(Self { folder, rustlings: rustlings.to_owned(), program: Program { path, text, fault } })
    }

    /// Starts to watch, and waits for the first verdict.
    pub(super) fn watch(&self) -> Result<(Running, Duration), Trouble> {
        let mut script = Command::new("script");
        script
            .args(["-qfc", "stty cols 100 rows 40; exec \"$RUSTLINGS\"", "/dev/null"])
            .current_dir(&self.folder)
            .env("RUSTLINGS", &self.rustlings)
            .env("SHELL", "/bin/sh")
            .env("CARGO_TARGET_DIR", self.target());
        let began = Instant::now();
        let watch = Running::start_command(script, self.folder.with_extension("stderr.txt"))?;
        watch.wait_for(END)?;
        Ok((watch, began.elapsed()))
    }

    pub(super) fn time_save(
        &self,
        watch: &Running,
        change: Change,
        number: usize,
    ) -> Result<Duration, Trouble> {
        let began = Instant::now();
        self.program.save(change, number)?;
        watch.wait_for("Checking the exercise")?;
        watch.wait_for(match change {
            Change::Passes => "Exercise done",
            Change::Fails => "FAILED",
            Change::DoesNotCompile => "could not compile",
        })?;
        watch.wait_for(END)?;
        Ok(began.elapsed())
    }

    pub(super) fn peak_memory(watch: &Running) -> Result<u64, Trouble> {
        machine::peak_memory(watch.id(), "rustlings")
    }

    pub(super) fn target(&self) -> PathBuf {
        self.folder.join("target")
    }
}

impl Drop for Exercises {
    fn drop(&mut self) {
        if let Some(around) = self.folder.parent()
            && let Err(error) = fs::remove_dir_all(around)
        {
            eprintln!("{} remains: {error}", around.display());
        }
    }
}

/// The exercise with what it asks for: its function has an empty body, which the tests fail.
fn solved(exercise: &str) -> Option<String> {
    let empty = "fn from(s: &str) -> Self {}";
    let body = "fn from(s: &str) -> Self {
        let mut split = s.split(',');
        let (Some(name), Some(age), None) = (split.next(), split.next(), split.next()) else {
            return Self::default();
        };
        match age.parse() {
            Ok(age) if !name.is_empty() => Self { name: name.into(), age },
            _ => Self::default(),
        }
    }";
    exercise.contains(empty).then(|| exercise.replace(empty, body))
}
