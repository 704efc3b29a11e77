//! Runs the checks of a step in a process group of their own, and hears what they say.

use std::{
    io,
    path::Path,
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
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
    /// Run only the checks whose path has this in it.
    pub(super) only: Option<&'p str>,
    /// Ends it before its time.
    pub(super) cancel: &'p Cancel,
}

/// How often to look whether the checks have ended.
const LOOK: Duration = Duration::from_millis(50);

#[derive(Clone)]
enum Event {
    Ended,
    Interrupted,
}

/// Runs the checks until they end, or for so long.
pub(super) fn run_checks(
    course: &Course,
    step: &Step,
    whose: Whose,
    Run { server, program, limit, seed, only, cancel }: &Run<'_>,
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
        .args(*only)
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
            io::copy(&mut stdout, &mut io::sink()).ok();
            sender.send(Event::Ended).ok();
        });
    }
    let lost = |error: io::Error| Trouble::io("stop", program, &error);
    let until = Instant::now() + *limit;
    let event = loop {
        match events.recv_timeout(LOOK) {
            // On Windows a server that outlives the checks holds their output open.
            Err(RecvTimeoutError::Timeout) if Instant::now() < until => {
                if group.try_wait().map_err(lost)?.is_some() {
                    break Ok(Event::Ended);
                }
            }
            event => break event,
        }
    };
    let stopped = group.stop();
    drop(guard);
    stopped.map_err(lost)?;
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
