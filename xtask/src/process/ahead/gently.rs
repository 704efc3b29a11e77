//! A call of cargo at low priority.

use std::{
    process::{ChildStdout, Command, Stdio},
    thread,
};

use crate::process::{cargo_output, group::Group, lines};

/// A call of cargo.
pub struct Call {
    /// What it builds.
    pub package: String,
    /// It, with cargo's JSON on standard output.
    pub command: Command,
    /// Hears all lines of a call that has come to its own end.
    pub ended: Ended,
}

pub(super) type Ended = Box<dyn FnOnce(&[String])>;

/// A call that runs.
pub(super) struct Started {
    pub(super) package: String,
    pub(super) group: Group,
    pub(super) stdout: ChildStdout,
    pub(super) words: cargo_output::Call,
    pub(super) ended: Ended,
}

/// Starts what is to be called, if it is.
pub(super) fn start(call: &impl Fn() -> Option<Call>) -> Option<Started> {
    let Call { package, command, ended } = call()?;
    let words = cargo_output::begin(&command);
    let mut group = Group::start_cargo(piped(gentle(&command)))
        .or_else(|_| Group::start_cargo(piped(command)))
        .ok()?;
    let (stdout, stderr) = (group.take_stdout()?, group.take_stderr()?);
    thread::spawn(move || lines::read(stderr, |line| words.add(line)));
    Some(Started { package, group, stdout, words, ended })
}

/// With the program `nice`, where there is one.
fn gentle(call: &Command) -> Command {
    let mut nice = Command::new("nice");
    nice.args(["-n", "10"]).arg(call.get_program()).args(call.get_args());
    if let Some(folder) = call.get_current_dir() {
        nice.current_dir(folder);
    }
    nice
}

fn piped(mut call: Command) -> Command {
    call.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    call
}
