//! A call that goes on: its lines are waited for, it is typed to, interrupted, ended.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use crate::support::output::Output;

/// How long a line, an answer or an end may take: far more than it does on a slow machine.
pub(crate) const LIMIT: Duration = Duration::from_mins(2);

/// A call that has not ended.
pub(crate) struct RunningCall {
    child: Child,
    lines: Receiver<String>,
    heard: String,
}

impl RunningCall {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command can be started");
        let (sender, lines) = mpsc::channel();
        relay(child.stdout.take(), sender.clone());
        relay(child.stderr.take(), sender);
        Self { child, lines, heard: String::new() }
    }

    /// Waits for a line with these words in it, and gives that line.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, words: &str) -> String {
        let until = Instant::now() + LIMIT;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    self.hear(&line);
                    if line.contains(words) {
                        return line;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("no `{words}` in time:\n{}", self.heard),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("it ended without `{words}`:\n{}", self.heard)
                }
            }
        }
    }

    /// All that it has printed, as far as it was waited for.
    pub(crate) fn heard(&self) -> &str {
        &self.heard
    }

    /// Types a line.
    pub(crate) fn type_line(&mut self, line: &str) {
        let stdin = self.child.stdin.as_mut().expect("its input is a pipe");
        writeln!(stdin, "{line}").expect("it reads its input");
    }

    /// Sends the process, and it alone, a signal: `INT`.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args([format!("-{name}"), id]).status();
        assert!(status.is_ok_and(|status| status.success()), "kill -{name} failed");
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn ends(mut self) -> Output {
        let until = Instant::now() + LIMIT;
        loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => self.hear(&line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.heard),
            }
        }
        let status = self.child.wait().expect("it was started");
        Output::heard(status.code(), std::mem::take(&mut self.heard))
    }

    fn hear(&mut self, line: &str) {
        self.heard.push_str(line);
        self.heard.push('\n');
    }
}

/// After a failed test: Ctrl-C rather than a kill, so that it takes its servers with it.
impl Drop for RunningCall {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            #[cfg(unix)]
            self.signal("INT");
            #[cfg(not(unix))]
            self.child.kill().ok();
            self.child.wait().ok();
        }
    }
}

fn relay(stream: Option<impl Read + Send + 'static>, lines: Sender<String>) {
    let stream = stream.expect("the stream is a pipe");
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            // Nobody listens any more once the test has ended.
            lines.send(line).ok();
        }
    });
}
