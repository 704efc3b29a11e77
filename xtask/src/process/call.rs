//! Calling another program and waiting for it.

use std::{
    io,
    process::{Command, Output, Stdio},
};

use crate::trouble::Trouble;

/// Whether the program ends well; what it prints goes where our own output goes.
pub fn succeeds(call: &mut Command) -> Result<bool, Trouble> {
    let status = call.stdin(Stdio::null()).status();
    status.map(|status| status.success()).map_err(|error| could_not_start(call, &error))
}

/// The program has to end well.
pub fn must_succeed(call: &mut Command) -> Result<(), Trouble> {
    if succeeds(call)? {
        Ok(())
    } else {
        Err(Trouble::Environment(format!("`{call:?}` failed; see its output above")))
    }
}

/// What the program prints, however it ends. What was not piped away goes where our own output goes.
pub fn output(call: &mut Command) -> Result<Output, Trouble> {
    call.stdin(Stdio::null()).output().map_err(|error| could_not_start(call, &error))
}

/// The system refuses to start the program.
pub fn could_not_start(call: &Command, error: &io::Error) -> Trouble {
    Trouble::Environment(format!("`{call:?}` could not be started: {error}"))
}
