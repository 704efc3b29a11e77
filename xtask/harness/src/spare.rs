//! Servers that have passed a check, kept for the next one: from step 7 on a start costs a hash.

use std::{
    env,
    sync::{Mutex, MutexGuard, PoisonError},
};

use protocol::environment;

use crate::{failure::Failure, server::Server, setup::Setup};

static SPARE: Mutex<Vec<Server>> = Mutex::new(Vec::new());

/// A spare server, or a new one. It is for this check alone, until the check gives it back.
pub(crate) fn take() -> Result<Server, Failure> {
    while let Some(server) = spare().pop() {
        if server.is_sound() {
            return Ok(server);
        }
    }
    Setup::new().start_or_fail_like_the_first()
}

/// Only a server that has just passed its check comes back: a failure is that of the check that shows it.
pub(crate) fn give_back(server: Server) {
    // Nothing in this process drops the last spare servers; `cargo xtask verify`, which asks for a verdict, ends them
    // with it.
    if env::var_os(environment::VERDICT).is_some() {
        spare().push(server);
    }
}

fn spare() -> MutexGuard<'static, Vec<Server>> {
    SPARE.lock().unwrap_or_else(PoisonError::into_inner)
}
