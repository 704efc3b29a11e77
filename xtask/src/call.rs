//! Calling another program and waiting for it, its words going to ours.

use std::process::{Command, Stdio};

use crate::trouble::Trouble;

/// Whether the program ends well.
pub fn succeeds(call: &mut Command) -> Result<bool, Trouble> {
    let status = call.stdin(Stdio::null()).status();
    status
        .map(|status| status.success())
        .map_err(|error| Trouble::Environment(format!("`{call:?}` could not be started: {error}")))
}

/// The program has to end well.
pub fn must(call: &mut Command) -> Result<(), Trouble> {
    if succeeds(call)? {
        Ok(())
    } else {
        Err(Trouble::Environment(format!("`{call:?}` failed; its own words stand above")))
    }
}
