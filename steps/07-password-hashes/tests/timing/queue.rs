//! Logins that wait for their turn.

use std::{
    thread,
    time::{Duration, Instant},
};

use harness::{Exchange, Failure, Server, Setup, check_alone};

use crate::hashes::{form, users};

use super::{cores, fails_each_time};

/// `sesame`, slow and in little memory: many of them at once take a core each, and not the machine.
const SLOW: &str = "$argon2id$v=19$m=2048,t=64,p=1$rNf/pjks/P/pOunyLhnw+g$jRZ3VMqpCIQrH0VKgexXKiI32KQK0UrT5Z7TuXIJ4WE";

const PATIENCE: Duration = Duration::from_millis(200);

/// What a busy machine adds to the slowest of many answers.
const NOISE: Duration = Duration::from_millis(500);

/// Several times as many logins come at once as can be checked in the time that a login waits. Those that do not get
/// their turn hear of it, and soon.
#[test]
fn refuses_logins_that_wait_too_long() {
    let patience = PATIENCE.as_millis().to_string();
    let setup = Setup::new().users(users(&[("dora", SLOW)])).with("LOGIN_PATIENCE_MS", patience);
    check_alone(&setup, |server| {
        fails_each_time(3, || what_is_wrong(server))?;
        server.log_in("dora", "sesame", "")
    });
}

/// A few more logins than cores are no crowd: each gets its turn long before its patience ends.
#[test]
fn lets_logins_wait_for_their_turn() {
    let setup = Setup::new().users(users(&[("dora", SLOW)])).with("LOGIN_PATIENCE_MS", "60000");
    check_alone(&setup, |server| {
        let storm = storm(server, 2 * cores() + 1)?;
        let busy = storm.iter().find(|(exchange, _)| exchange.response.status == 503);
        busy.map_or(Ok(()), |(exchange, _)| {
            Err(exchange.failure("a login that waits for its turn, for up to a minute"))
        })
    });
}

/// Only waiting is limited: a login that has got its turn keeps it until the password is checked.
#[test]
fn finishes_a_login_that_has_its_turn() {
    let setup = Setup::new().users(users(&[("dora", SLOW)])).with("LOGIN_PATIENCE_MS", "10");
    check_alone(&setup, |server| {
        let exchange = server.post("/token").form(&form("dora", "sesame")).send()?;
        if exchange.response.status != 503 {
            return Ok(());
        }
        let expected = "a token: nobody else logs in, so this login has its turn at once, and its password takes \
                        longer to check than LOGIN_PATIENCE_MS";
        Err(exchange.failure(expected))
    });
}

/// Of one storm.
fn what_is_wrong(server: &Server) -> Result<Option<Failure>, Failure> {
    let mut alone = Vec::new();
    for _ in 0..3 {
        let began = Instant::now();
        server.log_in("dora", "sesame", "")?;
        alone.push(began.elapsed());
    }
    let fastest = alone.iter().min().copied().unwrap_or_default();
    let limit = PATIENCE + 3 * alone.iter().max().copied().unwrap_or_default() + NOISE;
    let in_time = PATIENCE.as_millis().div_ceil(fastest.as_millis().max(1));
    let at_once = 3 * cores() * usize::try_from(in_time).unwrap_or(1);
    let storm = storm(server, at_once)?;
    let refused: Vec<&Exchange> = storm
        .iter()
        .map(|(exchange, _)| exchange)
        .filter(|exchange| exchange.response.status == 503)
        .collect();
    for exchange in &refused {
        let wait = exchange.response.header("retry-after").unwrap_or_default();
        if wait.parse::<u32>().is_err() {
            return Ok(Some(exchange.failure("503 with a `Retry-After` in whole seconds")));
        }
        let body = exchange.response.json().unwrap_or_default();
        if !body["detail"].is_string() {
            return Ok(Some(exchange.failure("503 with a JSON body that has a `detail`")));
        }
    }
    let slowest = storm.iter().map(|(_, took)| *took).max().unwrap_or_default();
    if !refused.is_empty() && slowest <= limit {
        return Ok(None);
    }
    let expected = format!(
        "of {at_once} logins at once, each of which alone takes {} ms, at least one 503 when \
         LOGIN_PATIENCE_MS is {}, and every answer within {} ms",
        fastest.as_millis(),
        PATIENCE.as_millis(),
        limit.as_millis(),
    );
    let actual =
        format!("{} times 503; the slowest answer took {} ms", refused.len(), slowest.as_millis());
    Ok(Some(Failure::new(expected, actual)))
}

/// The answers to this many logins at once, and how long each took.
fn storm(server: &Server, logins: usize) -> Result<Vec<(Exchange, Duration)>, Failure> {
    thread::scope(|scope| {
        let began = Instant::now();
        let mut waiting = Vec::new();
        for _ in 0..logins {
            let login = server.post("/token").form(&form("dora", "sesame")).begin()?;
            waiting.push(scope.spawn(move || Ok((login.finish()?, began.elapsed()))));
        }
        let join = |login: thread::ScopedJoinHandle<'_, Result<_, Failure>>| {
            login.join().map_err(|_| Failure::ours("a login of the check panicked"))?
        };
        waiting.into_iter().map(join).collect()
    })
}
