//! Runs the checks of a step in a process group of their own, and hears what they say.

use std::{
    path::Path,
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use protocol::{environment, line::Line};

use crate::{
    course::{Course, Step, Whose},
    files,
    judge::conclude::Heard,
    process::{cancel::Cancel, group::Group, temporary::Temporary},
    trouble::Trouble,
};

/// What is run, and how.
pub(super) struct Run<'p> {
    pub(super) server: &'p Path,
    pub(super) program: &'p Path,
    /// How long all checks may take together.
    pub(super) limit: Duration,
    /// What they draw their values from.
    pub(super) seed: u64,
    /// Which of the checks.
    pub(super) part: Part<'p>,
    /// Ends it before its time.
    pub(super) cancel: &'p Cancel,
}

/// Some of a step's checks, by their paths.
#[derive(Debug, Clone, Copy)]
pub enum Part<'p> {
    /// All of them.
    All,
    /// Those whose path has this in it.
    Only(&'p str),
    /// All but those.
    Without(&'p str),
}

#[derive(Clone)]
enum Event {
    Ended,
    Interrupted,
}

impl<'p> Part<'p> {
    fn arguments(self) -> Vec<&'p str> {
        match self {
            Self::All => Vec::new(),
            Self::Only(path) => vec![path],
            Self::Without(path) => vec!["--skip", path],
        }
    }
}

/// Runs the checks until they end, or for so long.
pub(super) fn run_checks(
    course: &Course,
    step: &Step,
    whose: Whose,
    Run { server, program, limit, seed, part, cancel }: &Run<'_>,
) -> Result<Heard, Trouble> {
    // Neither `watch` in another terminal nor a run beside this one may write into our file.
    let folder = Temporary::make(course)?;
    let lines = folder.path().join("lines");
    files::write(&lines, b"")?;
    let mut command = Command::new(program);
    command
        .current_dir(step.folder(whose))
        // The checks wait for answers more than they compute.
        .args(["--test-threads", "8"])
        .args(part.arguments())
        .env(environment::SERVER, server)
        .env(environment::VERDICT, &lines)
        .env(environment::SEED, seed.to_string())
        .env("INSTA_WORKSPACE_ROOT", &course.root)
        .envs(environment::INSTA)
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let (sender, events) = mpsc::channel();
    let guard = cancel.send(sender.clone(), Event::Interrupted);
    let mut group = Group::start(command).map_err(|error| Trouble::io("start", program, &error))?;
    if let Some(mut stdout) = group.take_stdout() {
        thread::spawn(move || {
            // The pipe closes when the checks end; what they print is told better in the verdict.
            std::io::copy(&mut stdout, &mut std::io::sink()).ok();
            sender.send(Event::Ended).ok();
        });
    }
    let event = events.recv_timeout(*limit);
    let stopped = group.stop();
    drop(guard);
    stopped.map_err(|error| Trouble::io("stop", program, &error))?;
    let written = files::read(&lines);
    if matches!(event, Ok(Event::Interrupted)) {
        return Err(Trouble::Interrupted);
    }
    let lines = Line::read_all(&written?).map_err(|why| {
        Trouble::Environment(format!("a check wrote a line that cannot be read {why}"))
    })?;
    let in_time = !matches!(event, Err(RecvTimeoutError::Timeout));
    Ok(Heard { lines, limit: *limit, in_time })
}
