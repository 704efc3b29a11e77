//! How long logins take, and what goes on meanwhile: asked of step 7 and of every step after it.
//!
//! A busy machine slows everything alike, so times are compared with other times of the same server, in the same run.
//! A check fails at three times that or more; at less only where many logins take turns.

mod queue;
mod turns;
mod unknown;

use std::{
    thread,
    time::{Duration, Instant},
};

use harness::{Begun, Failure, Request, Server, Setup, Token, check_alone, check_program, draw};
use serde_json::{Value, json};

/// `sesame`, hashed at the usual cost.
const SESAME: &str = "$argon2id$v=19$m=19456,t=2,p=1$FgmRwFSwXdLhn23lcmR3Sg$fmS2YM249e6al8xP2fNQ2ElXLKSu6Jhe5A8HEB0Quf0";

/// A server whose logins may wait as long as a busy machine makes them.
fn patient(setup: Setup) -> Setup {
    setup.with("LOGIN_PATIENCE_MS", "60000")
}

/// The same, of one user.
fn with_dora(hash: &str) -> Setup {
    patient(Setup::new().users(json!([user("dora", hash)])))
}

fn user(name: &str, hash: &str) -> Value {
    json!({
        "username": name,
        "full_name": name,
        "password_hash": hash,
        "disabled": false,
        "scopes": ["me", "items"],
    })
}

fn login<'s>(server: &'s Server, username: &str, password: &str) -> Request<'s> {
    let form = [("grant_type", "password"), ("username", username), ("password", password)];
    server.post("/token").form(&form)
}

/// So many logins at once.
fn begin<'s>(
    server: &'s Server,
    logins: usize,
    username: &str,
    password: &str,
) -> Result<Vec<Begun<'s>>, Failure> {
    (0..logins).map(|_| login(server, username, password).begin()).collect()
}

/// Fails if each of so many looks shows a failure: a busy machine may show one now and then.
fn fails_each_time(
    looks: usize,
    look: impl Fn() -> Result<Option<Failure>, Failure>,
) -> Result<(), Failure> {
    let mut failure = None;
    for _ in 0..looks {
        failure = look()?;
        if failure.is_none() {
            break;
        }
    }
    failure.map_or(Ok(()), Err)
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// If all passwords are checked at once, all of them are done at the end; and each takes 19 MiB.
#[test]
fn checks_few_passwords_at_once() {
    let logins = 4 * cores();
    check_alone(&with_dora(&hash_for(logins)), |server| {
        let start = Instant::now();
        let begun = begin(server, logins, "dora", "wrong")?;
        while answered(&begun)?.is_none() {
            thread::yield_now();
        }
        let first = start.elapsed();
        for login in begun {
            login.finish()?;
        }
        let share = 100.0 * first.as_secs_f64() / start.elapsed().as_secs_f64();
        if share < 60.0 {
            return Ok(());
        }
        let expected =
            format!("of {logins} logins at once, the first is answered long before the last");
        let actual =
            format!("the first is answered after {share:.0} % of the time: all run at once");
        Err(Failure::slow(expected, actual))
    });
}

/// A hash that takes about 90 ms, and so little memory that this many fit into half a gigabyte.
fn hash_for(logins: usize) -> String {
    const WORK: usize = 19_456 * 6;
    let memory = (512 * 1024 / logins).min(19_456);
    let time = (WORK / memory).min(64);
    SESAME.replace("m=19456,t=2", &format!("m={memory},t={time}"))
}

/// The server gets one async thread: passwords checked on that thread would hold up everybody else, no matter who logs in.
/// So would a lock that a login keeps meanwhile and that the guard needs.
#[test]
fn answers_while_passwords_are_checked() {
    check_program(|| {
        let mallory = draw::letters("name", 7);
        let slow = SESAME.replace("t=2", "t=30");
        for (who, hash, username, password, logins) in [
            ("of a known user", slow.as_str(), "dora", "wrong", 3),
            ("of unknown users", SESAME, &mallory, "wrong", 12),
            ("with the right password", SESAME, "dora", "sesame", 12),
        ] {
            let server = with_dora(hash).with("TOKIO_WORKER_THREADS", "1").start()?;
            let token = match password {
                "sesame" => Some(server.log_in(username, password, "")?),
                _ => None,
            };
            let other = Other { server: &server, token };
            let alone = other.time_alone()?;
            let begun = begin(&server, logins, username, password)?;
            other.is_not_held_up(alone, &begun, &format!("logins {who}"))?;
        }
        Ok(())
    });
}

/// A request that needs no password, of somebody else: of `/items`, or with a token of `/items/secret`.
pub(crate) struct Other<'s> {
    pub(crate) server: &'s Server,
    pub(crate) token: Option<Token>,
}

impl<'s> Other<'s> {
    fn path(&self) -> &'static str {
        if self.token.is_some() { "/items/secret" } else { "/items" }
    }

    fn request(&self) -> Request<'s> {
        let request = self.server.get(self.path());
        match &self.token {
            Some(token) => request.bearer(token),
            None => request,
        }
    }

    /// How long a response takes while nothing else goes on.
    pub(crate) fn time_alone(&self) -> Result<Duration, Failure> {
        let mut times = Vec::new();
        for _ in 0..9 {
            let start = Instant::now();
            self.request().send()?;
            times.push(start.elapsed());
        }
        times.sort();
        Ok(times[times.len() / 2])
    }

    /// Fails if what has begun lets hardly any response through, and there was time for five times as many, and for a hash.
    pub(crate) fn is_not_held_up(
        &self,
        alone: Duration,
        begun: &[Begun<'_>],
        what: &str,
    ) -> Result<(), Failure> {
        const ENOUGH: u32 = 8;
        const A_HASH: Duration = Duration::from_millis(50);
        let what = format!("{} {what}", begun.len());
        let mut answered = 0;
        let start = Instant::now();
        while !all_answered(begun)? {
            self.request().send().map_err(|failure| failure.during(&what))?;
            answered += 1;
            if answered > ENOUGH {
                return Ok(());
            }
        }
        if start.elapsed() < (alone * ENOUGH * 5).max(A_HASH) {
            return Ok(());
        }
        let expected = format!("more than {ENOUGH} responses at {} during {what}", self.path());
        Err(Failure::slow(expected, format!("{answered}: everybody else is held up")))
    }
}

/// The place of one that is answered.
fn answered(begun: &[Begun<'_>]) -> Result<Option<usize>, Failure> {
    for (place, request) in begun.iter().enumerate() {
        if request.is_answered()? {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

fn all_answered(begun: &[Begun<'_>]) -> Result<bool, Failure> {
    for request in begun {
        if !request.is_answered()? {
            return Ok(false);
        }
    }
    Ok(true)
}
