//! A program of ours that learners do not compile: cargo builds it, and it runs in our place.

use std::{io, path::Path, process::Command, sync::mpsc, time::Duration};

use crate::{
    process::{
        compile::{cargo, no_cargo},
        group::Group,
        interrupt,
    },
    trouble::Trouble,
};

/// How often to look whether it has ended, between events that may come.
const LOOK: Duration = Duration::from_millis(50);

/// Runs cargo with this command, and gives the exit code of the program. Ctrl-C is passed on, so that the program stops
/// what it has started. It has to be listened for already.
pub fn hand_over(command: Command) -> Result<u8, Trouble> {
    let program = cargo();
    let (sender, events) = mpsc::channel();
    let _guard = interrupt::send(sender, ());
    let mut group = Group::start_cargo(command).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => no_cargo(&error),
        _ => Trouble::io("start", Path::new(&program), &error),
    })?;
    let lost = |error: io::Error| Trouble::io("wait for", Path::new(&program), &error);
    let status = loop {
        if let Some(status) = group.try_wait().map_err(lost)? {
            break status;
        }
        if events.recv_timeout(LOOK).is_ok() {
            group.interrupt().map_err(lost)?;
        }
    };
    // Cargo's own 101 is a build that failed; a signal has no code.
    let code = status.code().filter(|code| *code != 101);
    Ok(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(4))
}
