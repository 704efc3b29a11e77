//! Servers that have passed a check, kept for the next one: a start costs more than most checks, and from step 7 on a hash.

use std::{
    env,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use protocol::environment;

use crate::{current, failure::Failure, server::Server, setup::Setup};

/// How long a check waits for a server that others use, before one more is started.
const PATIENCE: Duration = Duration::from_millis(100);

static SERVERS: Pool<Server> = Pool::new();

/// Tries the requirement on a spare server, or on a new one, which no other check uses at the same time.
pub(crate) fn on_one<T>(requirement: impl Fn(&Server) -> Result<T, Failure>) -> Result<T, Failure> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let (_in_use, spare) = SERVERS.take(2 * cores, PATIENCE);
    let start = || Setup::new().start_or_fail_like_the_first();
    let (server, met) = on_used_or_new(spare.filter(Server::is_sound), start, requirement)?;
    // Only after a check that it has passed. Nothing in this process drops the last ones; `cargo xtask verify`, which asks
    // for a verdict, ends them with it.
    if env::var_os(environment::VERDICT).is_some() {
        SERVERS.give_back(server);
    }
    Ok(met)
}

/// A requirement that is not met on a used server is tried again on a new one: what earlier checks have left behind is
/// never why this one fails.
fn on_used_or_new<S, T>(
    used: Option<S>,
    start: impl FnOnce() -> Result<S, Failure>,
    requirement: impl Fn(&S) -> Result<T, Failure>,
) -> Result<(S, T), Failure> {
    if let Some(used) = used {
        if let Ok(met) = requirement(&used) {
            return Ok((used, met));
        }
        current::begin(current::name());
    }
    let new = start()?;
    let met = requirement(&new)?;
    Ok((new, met))
}

/// What is used by one check at a time.
struct Pool<S> {
    state: Mutex<State<S>>,
    /// Hears of each that is no longer in use.
    free: Condvar,
}

struct State<S> {
    spare: Vec<S>,
    in_use: usize,
}

/// One counts as in use until this is dropped.
struct InUse<'p, S>(&'p Pool<S>);

impl<S> Drop for InUse<'_, S> {
    fn drop(&mut self) {
        self.0.state().in_use -= 1;
        self.0.free.notify_one();
    }
}

impl<S> Pool<S> {
    const fn new() -> Self {
        let state = State { spare: Vec::new(), in_use: 0 };
        Self { state: Mutex::new(state), free: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A spare one. There is none if fewer than these are in use, or none of those is free in time.
    fn take(&self, few: usize, patience: Duration) -> (InUse<'_, S>, Option<S>) {
        let until = Instant::now() + patience;
        let mut state = self.state();
        loop {
            let spare = state.spare.pop();
            let left = until.saturating_duration_since(Instant::now());
            if spare.is_some() || state.in_use < few || left.is_zero() {
                state.in_use += 1;
                return (InUse(self), spare);
            }
            state = self.free.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn give_back(&self, one: S) {
        self.state().spare.push(one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw;

    /// Far longer than it takes.
    const LONG: Duration = Duration::from_mins(1);

    #[test]
    fn one_more_is_in_use_only_if_none_comes_back_in_time() {
        let pool = Pool::new();
        let (first, none) = pool.take(1, LONG);
        assert_eq!(none, None, "nothing is in use yet");
        let (second, none) = pool.take(1, Duration::from_millis(1));
        assert_eq!(none, None, "nobody gives any back");
        assert_eq!(pool.state().in_use, 2);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| pool.take(1, LONG).1);
            pool.give_back("a");
            drop(first);
            assert_eq!(waiting.join().expect("it does not panic"), Some("a"));
        });
        drop(second);
        assert_eq!(pool.state().in_use, 0);
    }

    #[test]
    fn a_check_fails_only_on_a_server_of_its_own() {
        let tried = |used, good: &str| {
            current::begin("a_check");
            let requirement = |server: &&str| {
                let drawn = draw::letters("name", 8);
                if *server == good { Ok(drawn) } else { Err(Failure::new("good", drawn)) }
            };
            on_used_or_new(used, || Ok("new"), requirement).ok()
        };
        let (server, drawn) = tried(None, "new").expect("a new one is good");
        assert_eq!(server, "new");
        assert_eq!(tried(Some("used"), "used"), Some(("used", drawn.clone())));
        assert_eq!(tried(Some("used"), "new"), Some(("new", drawn)), "it begins again");
        assert_eq!(tried(Some("used"), "none"), None);
    }

    #[test]
    fn one_that_is_dropped_makes_room() {
        let pool = Pool::<()>::new();
        let (first, _) = pool.take(1, LONG);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| pool.take(1, LONG).1);
            drop(first);
            assert_eq!(waiting.join().expect("it does not panic"), None);
        });
    }
}
