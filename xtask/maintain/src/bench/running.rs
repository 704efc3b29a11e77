//! A verb that goes on while it is measured.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use xtask::{
    files,
    process::{group::Group, interrupt},
    trouble::Trouble,
};

use crate::bench::copy::Bench;

/// How long a verb may take until it says what is waited for.
const ANSWER_LIMIT: Duration = Duration::from_mins(5);

/// A verb that runs until Ctrl-C; when dropped it is ended that way, so that it stops its server.
pub(crate) struct Running {
    program: String,
    group: Group,
    events: Receiver<Event>,
    _guard: interrupt::Guard,
    pub(crate) log: PathBuf,
}

#[derive(Clone)]
enum Event {
    Line(String),
    Ended,
    Interrupted,
}

impl Running {
    pub(crate) fn start(bench: &Bench, arguments: &[&str]) -> Result<Self, Trouble> {
        Self::start_command(bench.xtask(arguments), bench.folder.join("stderr.txt"))
    }

    /// Starts a program whose standard error goes to `log`.
    pub(crate) fn start_command(mut command: Command, log: PathBuf) -> Result<Self, Trouble> {
        let program = command.get_program().to_string_lossy().into_owned();
        let file = fs::File::create(&log).map_err(|error| Trouble::io("create", &log, &error))?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(file);
        let mut group = Group::start(command)
            .map_err(|error| Trouble::io("start", Path::new(&program), &error))?;
        let (sender, events) = mpsc::channel();
        let guard = interrupt::send(sender.clone(), Event::Interrupted);
        if let Some(stdout) = group.take_stdout() {
            thread::spawn(move || {
                // Whoever asked may have heard enough; a full pipe would stop the verb.
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    sender.send(Event::Line(line)).ok();
                }
                sender.send(Event::Ended).ok();
            });
        }
        Ok(Self { program, group, events, _guard: guard, log })
    }

    /// The number that the system knows the verb by.
    pub(crate) fn id(&self) -> u32 {
        self.group.id()
    }

    /// Waits for a line with these words in it.
    pub(crate) fn wait_for(&self, words: &str) -> Result<String, Trouble> {
        let until = Instant::now() + ANSWER_LIMIT;
        loop {
            let why =
                match self.events.recv_timeout(until.saturating_duration_since(Instant::now())) {
                    Ok(Event::Line(line)) if line.contains(words) => return Ok(line),
                    Ok(Event::Line(_)) => continue,
                    Ok(Event::Interrupted) => return Err(Trouble::Interrupted),
                    Ok(Event::Ended) | Err(RecvTimeoutError::Disconnected) => "it ended before",
                    Err(RecvTimeoutError::Timeout) => "the time was up",
                };
            let said = files::read(&self.log)?;
            return Err(Trouble::Environment(format!(
                "waited for `{words}` from {}, but {why}. It said:\n{said}",
                self.program
            )));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        #[cfg(unix)]
        {
            const END_LIMIT: Duration = Duration::from_secs(10);
            let told = self.group.interrupt();
            let until = Instant::now() + END_LIMIT;
            // One that has ended already cannot be told, and need not be.
            while told.is_ok() {
                let left = until.saturating_duration_since(Instant::now());
                if matches!(self.events.recv_timeout(left), Ok(Event::Ended) | Err(_)) {
                    break;
                }
            }
        }
    }
}
