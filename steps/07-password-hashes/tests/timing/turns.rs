//! Logins that come while every turn is taken.

use std::{
    thread,
    time::{Duration, Instant},
};

use harness::{Begun, Exchange, Failure, Server, Setup, check_program, draw};
use serde_json::json;

use super::{SESAME, answered, begin, cores, fails_each_time, login, user};

/// More than are worked on at once: as many are begun to take every turn.
fn crowd() -> usize {
    2 * cores() + 1
}

/// A server on which a turn of dora lasts far longer than a login waits for one, and a turn of emil no time at all.
fn with_long_turns() -> Setup {
    // If all of them are worked on at once, they take half a gigabyte.
    let memory = (512 * 1024 / crowd()).min(32 * 1024);
    let at = |cost: &str| SESAME.replace("m=19456,t=2", cost);
    let users = [("dora", at(&format!("m={memory},t=64"))), ("emil", at("m=64,t=1"))];
    let users: Vec<_> = users.iter().map(|(name, hash)| user(name, hash)).collect();
    Setup::new().users(json!(users)).with("LOGIN_PATIENCE_MS", "50")
}

/// Begins logins until one is refused, and so every turn is taken. None if that does not happen: then it is for other
/// checks to say what is wrong with the turns.
fn take_every_turn(server: &Server) -> Result<Option<Vec<Begun<'_>>>, Failure> {
    let mut begun = begin(server, crowd(), "dora", "wrong")?;
    let first = loop {
        if let Some(place) = answered(&begun)? {
            break begun.swap_remove(place).finish()?;
        }
        thread::yield_now();
    };
    Ok(is_refused(&first).then_some(begun))
}

fn is_refused(exchange: &Exchange) -> bool {
    exchange.response.status == 503
}

/// What takes the time of a hash, but not its turn, gives itself away as soon as others wait. If a known user's login is
/// refused afterwards, every turn was taken all the while.
#[test]
fn makes_an_unknown_user_wait_in_turn() {
    check_program(|| {
        let server = with_long_turns().start()?;
        let Some(_working) = take_every_turn(&server)? else { return Ok(()) };
        let mallory = draw::letters("name", 7);
        let unknown = login(&server, &mallory, "wrong").begin()?.finish()?;
        if is_refused(&unknown) {
            return Ok(());
        }
        let known = login(&server, "emil", "wrong").begin()?.finish()?;
        if is_refused(&known) {
            return Err(unknown.failure("503, as for a known user: every turn is taken"));
        }
        Ok(())
    });
}

/// Argon2 cannot be stopped: it goes on when nobody waits for the result any more, so its turn must last until it ends.
#[test]
fn keeps_a_turn_when_the_client_hangs_up() {
    check_program(|| fails_each_time(3, after_hang_ups));
}

/// What is wrong if a login gets a turn while every turn should be taken: less than a third of the time has passed that
/// one of those logins takes even alone.
fn after_hang_ups() -> Result<Option<Failure>, Failure> {
    let setup = with_long_turns();
    let server = setup.start()?;
    let start = Instant::now();
    let Some(working) = take_every_turn(&server)? else { return Ok(None) };
    drop(working);
    let next = login(&server, "emil", "wrong").begin()?.finish()?;
    let took = start.elapsed();
    drop(server);
    if is_refused(&next) || !takes_longer_alone(&setup, 3 * took)? {
        return Ok(None);
    }
    Ok(Some(next.failure(
        "503: every turn is taken by a login that is still worked on, though its client hung up",
    )))
}

/// Whether a long turn lasts longer than this on a server that has nothing else to do.
fn takes_longer_alone(setup: &Setup, limit: Duration) -> Result<bool, Failure> {
    let server = setup.start()?;
    let start = Instant::now();
    let login = login(&server, "dora", "wrong").begin()?;
    while start.elapsed() < limit {
        if login.is_answered()? {
            return Ok(false);
        }
        thread::yield_now();
    }
    Ok(true)
}
