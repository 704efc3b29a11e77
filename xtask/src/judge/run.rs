//! Runs the checks of a step in a process group of their own, and hears what they say.

use std::{
    io,
    path::Path,
    process::Stdio,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use protocol::{environment, line::Line};

use crate::{
    course::{Course, Step, Whose},
    files,
    judge::{conclude::Heard, so_far::SoFar},
    process::{cancel::Cancel, group::Group, memory_limit, temporary::Temporary},
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
    /// Hears what the checks have said so far, while some of them run.
    pub(super) so_far: &'p dyn Fn(&SoFar),
    /// Ends it before its time.
    pub(super) cancel: &'p Cancel,
}

/// How often to look what the checks have said, and whether they have ended.
const LOOK: Duration = Duration::from_millis(50);

/// Some of a step's checks, by their paths.
#[derive(Debug, Clone, Copy)]
pub enum Part<'p> {
    /// All of them.
    All,
    /// Those whose path has one of these in it.
    Only(&'p [String]),
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
            Self::Only(paths) => paths.iter().map(String::as_str).collect(),
            Self::Without(path) => vec!["--skip", path],
        }
    }
}

/// Runs the checks until they end, or for so long.
pub(super) fn run_checks(
    course: &Course,
    step: &Step,
    whose: Whose,
    Run { server, program, limit, seed, part, so_far, cancel }: &Run<'_>,
) -> Result<Heard, Trouble> {
    let checks = step.checks()?;
    // Neither `watch` in another terminal nor a run beside this one may write into our file.
    let folder = Temporary::make(course)?;
    let lines = folder.path().join("lines");
    files::write(&lines, b"")?;
    let mut command = memory_limit::limited(program);
    command
        .current_dir(step.folder(whose))
        // The harness says which of them go first, and how many run at once.
        .args(["--test-threads", &checks.len().to_string()])
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
            io::copy(&mut stdout, &mut io::sink()).ok();
            sender.send(Event::Ended).ok();
        });
    }
    let lost = |error: io::Error| Trouble::io("stop", program, &error);
    let until = Instant::now() + *limit;
    let mut told = 0;
    let event = loop {
        let left = until.saturating_duration_since(Instant::now());
        match events.recv_timeout(left.min(LOOK)) {
            Err(RecvTimeoutError::Timeout) if !left.is_zero() => {
                // On Windows a server that outlives the checks holds their output open.
                if group.try_wait().map_err(lost)?.is_some() {
                    break Ok(Event::Ended);
                }
                // A line that is being written is read at the next look.
                let said = files::read(&lines).ok().and_then(|text| Line::read_all(&text).ok());
                if let Some(said) = said.filter(|said| said.len() > told) {
                    told = said.len();
                    so_far(&SoFar::of(&checks, &said));
                }
            }
            other => break other,
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
