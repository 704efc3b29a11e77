//! Servers that have passed a check, kept for the next one: a start costs more than most checks, and from step 7 on a hash.

use std::{
    env,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use protocol::environment;

use crate::{failure::Failure, server::Server, setup::Setup};

/// How long a check waits for a server that others use, before one more is started.
const PATIENCE: Duration = Duration::from_millis(100);

static POOL: Mutex<Pool> = Mutex::new(Pool { spare: Vec::new(), in_use: 0 });

/// Hears of each server that is no longer in use.
static FREE: Condvar = Condvar::new();

struct Pool {
    spare: Vec<Server>,
    in_use: usize,
}

/// Tries the requirement on a spare server, or on a new one, which no other check uses at the same time.
pub(crate) fn on_one<T>(
    requirement: impl FnOnce(&Server) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let (_in_use, spare) = take();
    let server = spare.map_or_else(|| Setup::new().start_or_fail_like_the_first(), Ok)?;
    let met = requirement(&server)?;
    // Only after a check that it has passed: a failure is that of the check that shows it. Nothing in this process drops the
    // last ones; `cargo xtask verify`, which asks for a verdict, ends them with it.
    if env::var_os(environment::VERDICT).is_some() {
        pool().spare.push(server);
    }
    Ok(met)
}

/// A server counts as in use until this is dropped.
struct InUse;

impl Drop for InUse {
    fn drop(&mut self) {
        pool().in_use -= 1;
        FREE.notify_one();
    }
}

/// A spare server. There is none if few are in use, or none of those is free within [`PATIENCE`].
fn take() -> (InUse, Option<Server>) {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let until = Instant::now() + PATIENCE;
    let mut pool = pool();
    loop {
        let spare = pool.spare.pop();
        let left = until.saturating_duration_since(Instant::now());
        if spare.is_none() && pool.in_use >= 2 * cores && !left.is_zero() {
            pool = FREE.wait_timeout(pool, left).unwrap_or_else(PoisonError::into_inner).0;
        } else if spare.as_ref().is_none_or(Server::is_sound) {
            pool.in_use += 1;
            return (InUse, spare);
        }
    }
}

fn pool() -> MutexGuard<'static, Pool> {
    POOL.lock().unwrap_or_else(PoisonError::into_inner)
}
