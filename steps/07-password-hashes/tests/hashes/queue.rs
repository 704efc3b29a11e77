//! Logins that wait for their turn.

use std::{
    thread,
    time::{Duration, Instant},
};

use harness::{Exchange, Failure, Server, Setup, check_alone};

use super::{form, users};

/// `sesame`, slow and in little memory: many of them at once take a core each, and not the machine.
const SLOW: &str = "$argon2id$v=19$m=2048,t=64,p=1$rNf/pjks/P/pOunyLhnw+g$jRZ3VMqpCIQrH0VKgexXKiI32KQK0UrT5Z7TuXIJ4WE";

const PATIENCE: Duration = Duration::from_millis(200);

/// What a busy machine adds to the slowest of many answers.
const NOISE: Duration = Duration::from_millis(500);

/// Three times as many logins come at once as can be checked in the time that a login waits: those that do not get
/// their turn are told so, and soon.
#[test]
fn refuses_logins_that_wait_too_long() {
    let patience = PATIENCE.as_millis().to_string();
    let setup = Setup::new().users(users(&[("dora", SLOW)])).with("LOGIN_PATIENCE_MS", patience);
    check_alone(&setup, |server| {
        let began = Instant::now();
        server.log_in("dora", "sesame", "")?;
        let one = began.elapsed();
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let at_once =
            (3 * cores * PATIENCE.as_millis() as usize).div_ceil(one.as_millis().max(1) as usize);
        let storm = storm(server, at_once)?;
        let limit = PATIENCE + 3 * one + NOISE;
        let busy = storm.iter().filter(|(exchange, _)| exchange.response.status == 503);
        let mut refused = 0;
        for (exchange, _) in busy {
            refused += 1;
            let wait = exchange.response.header("retry-after").unwrap_or_default();
            if wait.parse::<u32>().is_err() {
                return Err(exchange.failure("503 with a `Retry-After` in whole seconds"));
            }
            if exchange
                .response
                .json()
                .and_then(|body| body.get("detail")?.as_str().map(str::len))
                .is_none()
            {
                return Err(exchange.failure("503 with a JSON body that has a `detail`"));
            }
        }
        let slowest = storm.iter().map(|(_, took)| *took).max().unwrap_or_default();
        if refused == 0 || slowest > limit {
            let expected = format!(
                "{at_once} logins at once, of which one alone takes {} ms, with LOGIN_PATIENCE_MS={}: at least one 503, \
                 and each answer within {} ms",
                one.as_millis(),
                PATIENCE.as_millis(),
                limit.as_millis(),
            );
            let actual =
                format!("{refused} times 503; the slowest answer took {} ms", slowest.as_millis());
            return Err(Failure::new(expected, actual));
        }
        server.log_in("dora", "sesame", "")
    });
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
