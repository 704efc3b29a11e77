//! A terminal with a program in it: what is seen there, which keys are pressed, how large its window is.
#![cfg(target_os = "linux")]

use std::{
    fs::File,
    io::{Read, Write},
    os::fd::{AsFd, OwnedFd},
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use nix::{
    pty::{Winsize, openpty},
    sys::termios::{LocalFlags, tcgetattr},
};

use crate::support::running_call::LIMIT;

/// What is seen in a window, and how the terminal is set.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    pub(crate) rows: Vec<String>,
    /// Whether this is the second screen.
    pub(crate) second: bool,
    /// Whether there is a cursor, and long lines go on in the next row.
    pub(crate) cursor: bool,
    pub(crate) wraps: bool,
    /// All that was written, with its sequences.
    pub(crate) raw: String,
    /// What has begun and is not whole.
    sequence: String,
    first: Vec<String>,
    row: usize,
    column: usize,
    size: (usize, usize),
}

impl Seen {
    fn new(width: usize, height: usize) -> Self {
        let rows = vec![String::new(); height];
        Self { rows, cursor: true, wraps: true, size: (width, height), ..Self::default() }
    }

    /// Whether these words are in some row.
    pub(crate) fn has(&self, words: &str) -> bool {
        self.rows.iter().any(|row| row.contains(words))
    }

    /// Whether the second screen is drawn to its last row.
    fn is_whole(&self) -> bool {
        !self.second || self.row + 1 == self.size.1
    }

    fn resize(&mut self, width: usize, height: usize) {
        self.size = (width, height);
        self.rows = vec![String::new(); height];
        (self.row, self.column) = (0, 0);
    }

    fn take(&mut self, shown: char) {
        self.raw.push(shown);
        if !self.sequence.is_empty() || shown == '\x1b' {
            self.sequence.push(shown);
            if self.sequence.len() > 2 && shown.is_ascii_alphabetic() {
                let sequence = std::mem::take(&mut self.sequence);
                self.obey(&sequence);
            }
            return;
        }
        match shown {
            '\r' => self.column = 0,
            '\n' if self.row + 1 < self.size.1 => self.row += 1,
            '\n' => {
                self.rows.remove(0);
                self.rows.push(String::new());
            }
            _ => {
                if self.column >= self.size.0 {
                    assert!(self.wraps, "`{shown}` is beyond the margin of {self:#?}");
                    self.take('\r');
                    self.take('\n');
                }
                let row = &mut self.rows[self.row];
                let mut letters: Vec<char> = row.chars().collect();
                letters.resize(letters.len().max(self.column + 1), ' ');
                letters[self.column] = shown;
                *row = letters.into_iter().collect();
                self.column += 1;
            }
        }
    }

    fn obey(&mut self, sequence: &str) {
        match sequence.trim_start_matches('\x1b') {
            "[?1049h" => {
                (self.second, self.row, self.column) = (true, 0, 0);
                let none = vec![String::new(); self.size.1];
                self.first = std::mem::replace(&mut self.rows, none);
            }
            "[?1049l" => {
                self.second = false;
                let mut first = std::mem::take(&mut self.first);
                first.resize(self.size.1, String::new());
                let used = first.iter().rposition(|row| !row.is_empty()).map_or(0, |last| last + 1);
                (self.rows, self.row, self.column) = (first, used.min(self.size.1 - 1), 0);
            }
            "[?25h" => self.cursor = true,
            "[?25l" => self.cursor = false,
            "[?7h" => self.wraps = true,
            "[?7l" => self.wraps = false,
            "[H" => (self.row, self.column) = (0, 0),
            "[2K" => self.rows[self.row].clear(),
            colour if colour.ends_with('m') => {}
            other => panic!("no terminal of ours knows ESC{other}"),
        }
    }
}

/// A program that runs in a terminal of its own.
pub(crate) struct Terminal {
    child: Child,
    keys: File,
    slave: OwnedFd,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

impl Terminal {
    /// Starts the command as the first one of a new session, whose terminal has so many columns and rows.
    pub(crate) fn start(command: &Command, width: u16, height: u16) -> Self {
        let size = Winsize { ws_row: height, ws_col: width, ws_xpixel: 0, ws_ypixel: 0 };
        let pair = openpty(&size, None).expect("there are pseudo-terminals");
        let end = || Stdio::from(pair.slave.try_clone().expect("it can be opened again"));
        let mut session = Command::new("setsid");
        session.arg("--ctty").arg(command.get_program()).args(command.get_args());
        session.env("TERM", "xterm-256color").env_remove("NO_COLOR");
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => session.env(name, value),
                None => session.env_remove(name),
            };
        }
        session.current_dir(command.get_current_dir().expect("it has one"));
        let child = session.stdin(end()).stdout(end()).stderr(end()).spawn();
        let child = child.expect("it can be started");
        let mut output = File::from(pair.master.try_clone().expect("it can be opened again"));
        let seen = Seen::new(width.into(), height.into());
        let seen = Arc::new((Mutex::new(seen), Condvar::new()));
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            let mut rest = Vec::new();
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                rest.extend_from_slice(&bytes[..count]);
                let whole = match std::str::from_utf8(&rest) {
                    Ok(text) => text.len(),
                    Err(error) => error.valid_up_to(),
                };
                let left = rest.split_off(whole);
                let text = String::from_utf8(std::mem::replace(&mut rest, left));
                let (seen, changed) = &*shared;
                let mut seen = locked(seen);
                text.expect("it is valid").chars().for_each(|shown| seen.take(shown));
                drop(seen);
                changed.notify_all();
            }
        });
        Self { child, keys: File::from(pair.master), slave: pair.slave, seen }
    }

    /// Waits until this is seen, and returns it.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, is_seen: impl Fn(&Seen) -> bool) -> Seen {
        let (seen, changed) = &*self.seen;
        let waited = changed
            .wait_timeout_while(locked(seen), LIMIT, |seen| !(seen.is_whole() && is_seen(seen)));
        let (seen, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(!waited.timed_out(), "no {what} in time: {:#?}", seen.rows);
        seen.clone()
    }

    /// Waits until these words are in some row.
    #[track_caller]
    pub(crate) fn wait_for(&self, words: &str) -> Seen {
        self.wait_until(words, |seen| seen.has(words))
    }

    /// Presses keys: these bytes.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("there is a terminal");
    }

    /// The window gets another size, which the system tells the program.
    pub(crate) fn resize(&self, width: usize, height: usize) {
        locked(&self.seen.0).resize(width, height);
        let (rows, columns) = (height.to_string(), width.to_string());
        let mut stty = Command::new("stty");
        stty.args(["rows", &rows, "cols", &columns]);
        let terminal = self.slave.try_clone().expect("it can be opened again");
        assert!(stty.stdin(terminal).status().is_ok_and(|status| status.success()));
    }

    /// Whether it passes on whole lines, and shows what is typed.
    pub(crate) fn is_by_line(&self) -> bool {
        let mode = tcgetattr(self.slave.as_fd()).expect("it is a terminal");
        mode.local_flags.contains(LocalFlags::ICANON | LocalFlags::ECHO)
    }

    /// Waits for the end, and gives the exit code and what is seen then.
    #[track_caller]
    pub(crate) fn ends(&mut self) -> (Option<i32>, Seen) {
        let status = self.child.wait().expect("it was started");
        // What it wrote last may still be on its way.
        self.press("the end\n");
        let seen = self.wait_until("echo", |seen| seen.raw.contains("the end"));
        (status.code(), seen)
    }
}

/// After a failed test: Ctrl-C rather than a kill, so that it takes its servers with it.
impl Drop for Terminal {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.press("\x03");
            self.child.wait().ok();
        }
    }
}

fn locked(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}
