//! A process beside ours that ends what we have started when we cannot: after `kill -9`, or a Ctrl-C that comes too early.
//!
//! It is this program again, called with a verb of its own. Over a pipe it learns which groups there are; the pipe closes
//! when we end, however that happens, and it ends those that are left.

use std::{
    collections::BTreeSet,
    env,
    io::{self, BufRead, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Mutex, PoisonError},
};

use crate::process::owner;

/// The verb that makes this program a warden; nobody types it.
const VERB: &str = "warden";

/// The warden of this process, once this program has said that it can be one.
static WARDEN: Mutex<State> = Mutex::new(State::Unable);

enum State {
    /// This program does not know the verb.
    Unable,
    /// It does, and nothing has been started yet.
    Able,
    Listening(ChildStdin),
}

/// From now on what is started has a warden.
pub fn install() {
    let mut state = WARDEN.lock().unwrap_or_else(PoisonError::into_inner);
    if matches!(*state, State::Unable) {
        *state = State::Able;
    }
}

/// Tells the warden of groups before the first of them is started.
pub(super) fn begin() {
    let mut state = WARDEN.lock().unwrap_or_else(PoisonError::into_inner);
    if matches!(*state, State::Able)
        && let Ok(Child { stdin: Some(stdin), .. }) = start()
    {
        *state = State::Listening(stdin);
    }
}

/// Tells it of a group that runs.
pub(super) fn guard(group: u32) {
    tell('+', group);
}

/// Tells it of a group that has ended.
pub(super) fn forget(group: u32) {
    tell('-', group);
}

fn tell(sign: char, group: u32) {
    let mut state = WARDEN.lock().unwrap_or_else(PoisonError::into_inner);
    if let State::Listening(stdin) = &mut *state {
        // A warden that was killed guards nobody; the next start cleans up after us.
        stdin.write_all(format!("{sign}{group}\n").as_bytes()).ok();
    }
}

fn start() -> io::Result<Child> {
    let mut command = Command::new(system::this_program()?);
    command
        .args([VERB, owner::owner()])
        .current_dir(system::ROOT)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    system::apart(&mut command);
    command.spawn()
}

/// Whether this process was started as a warden: it has done its work then, and is to end.
pub fn was_called() -> bool {
    let arguments: Vec<String> =
        env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let [verb, owner] = &arguments[..] else { return false };
    let called = verb == VERB;
    if called {
        serve(owner);
    }
    called
}

/// Guards the groups of `owner`, which speaks through standard input.
fn serve(owner: &str) {
    system::ignore_signals();
    for group in left(io::stdin().lock()) {
        system::end(group);
    }
    owner::end(owner);
}

/// The groups that are left when the input ends.
fn left(input: impl BufRead) -> BTreeSet<u32> {
    let mut groups = BTreeSet::new();
    for line in input.lines().map_while(Result::ok) {
        let number = line.get(1..).and_then(|number| number.parse().ok());
        match (line.chars().next(), number) {
            (Some('+'), Some(group)) => groups.insert(group),
            (Some('-'), Some(group)) => groups.remove(&group),
            _ => false,
        };
    }
    groups
}

#[cfg(unix)]
mod system {
    use std::{io, os::unix::process::CommandExt, path::PathBuf, process::Command};

    use nix::{
        sys::signal::{SigSet, Signal, killpg},
        unistd::Pid,
    };

    /// No folder is kept in use.
    pub(super) const ROOT: &str = "/";

    /// On Linux it may be compiled again while it runs: then only this name leads to it.
    pub(super) fn this_program() -> io::Result<PathBuf> {
        if cfg!(target_os = "linux") {
            return Ok("/proc/self/exe".into());
        }
        std::env::current_exe()
    }

    /// Neither Ctrl-C nor a closed terminal reaches a group in the background.
    pub(super) fn apart(command: &mut Command) {
        command.arg0("xtask").env_remove("WORKSHOP_OWNER").process_group(0);
    }

    pub(super) fn ignore_signals() {
        // Where they cannot be blocked, it is no worse off than any process.
        SigSet::all().thread_block().ok();
    }

    pub(super) fn end(group: u32) {
        if let Ok(group) = i32::try_from(group) {
            // All of them may have ended.
            killpg(Pid::from_raw(group), Signal::SIGKILL).ok();
        }
    }
}

#[cfg(windows)]
mod system {
    use std::{
        io,
        os::windows::process::CommandExt,
        path::PathBuf,
        process::{Command, Stdio},
    };

    const DETACHED_PROCESS: u32 = 0x8;

    /// No folder is kept in use.
    pub(super) const ROOT: &str = "\\";

    pub(super) fn this_program() -> io::Result<PathBuf> {
        std::env::current_exe()
    }

    /// Without a console, Ctrl-C does not reach it.
    pub(super) fn apart(command: &mut Command) {
        command.creation_flags(DETACHED_PROCESS);
    }

    pub(super) fn ignore_signals() {}

    /// The job object cannot be reached from here; the leader and what it started can.
    pub(super) fn end(group: u32) {
        let id = group.to_string();
        // The second is for wine, which knows no trees.
        for options in [&["/T", "/F", "/PID", &id][..], &["/F", "/PID", &id]] {
            let mut command = Command::new("taskkill");
            command.args(options).creation_flags(DETACHED_PROCESS);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            // It may have ended.
            if command.status().is_ok_and(|status| status.success()) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_taken_back_is_left() {
        let left = |text: &str| left(text.as_bytes()).into_iter().collect::<Vec<_>>();
        assert_eq!(left("+7\n+8\n-7\n+9\n"), [8, 9]);
        assert_eq!(left("\nx\n+\n-3\n+12"), [12]);
    }
}
