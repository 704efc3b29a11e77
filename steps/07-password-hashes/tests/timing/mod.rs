//! How long logins take, and what goes on meanwhile: asked of step 7 and of every step after it.
//!
//! A busy machine slows everything alike, so times are compared with other times of the same server, in the same run.
//! A check fails at three times that or more; at less only where many logins take turns.

use std::{
    thread,
    time::{Duration, Instant},
};

use harness::{Begun, Failure, Request, Server, Setup, check_alone, check_program, draw};
use serde_json::json;

/// `sesame`, hashed at the usual cost.
const SESAME: &str = "$argon2id$v=19$m=19456,t=2,p=1$FgmRwFSwXdLhn23lcmR3Sg$fmS2YM249e6al8xP2fNQ2ElXLKSu6Jhe5A8HEB0Quf0";

/// A server whose logins may wait as long as a busy machine makes them.
fn patient(setup: Setup) -> Setup {
    setup.with("LOGIN_PATIENCE_MS", "60000")
}

/// The same, of one user.
fn with_dora(hash: &str) -> Setup {
    let dora = json!([{
        "username": "dora",
        "full_name": "dora",
        "password_hash": hash,
        "disabled": false,
        "scopes": ["me", "items"],
    }]);
    patient(Setup::new().users(dora))
}

fn login<'s>(server: &'s Server, username: &str, password: &str) -> Request<'s> {
    let form = [("grant_type", "password"), ("username", username), ("password", password)];
    server.post("/token").form(&form)
}

/// The logins take turns, in an order that is drawn, and each is compared with the known user's of the same turn: a
/// busy machine slows all of them alike. As long as the times look different, the next turn decides.
#[test]
fn takes_as_long_for_an_unknown_user() {
    check_alone(&patient(Setup::with_own_users()), |server| {
        let mallory = draw::letters("name", 7);
        let logins =
            [("alice", "wrong"), (&mallory, "wrong"), ("bob", "wrong"), ("bob", "builder")];
        // What is remembered of a login does not show in the first one.
        login(server, "bob", "builder").send()?;
        let mut turns: Vec<Turn> = Vec::new();
        while turns.len() < TURNS {
            let mut turn = Turn::default();
            let first = draw::below(logins.len());
            for number in (0..logins.len()).map(|number| (first + number) % logins.len()) {
                let (username, password) = logins[number];
                let start = Instant::now();
                login(server, username, password).send()?;
                turn[number] = start.elapsed();
            }
            turns.push(turn);
            if turns.len() >= 3 && different_times(&turns, 1.33).is_empty() {
                return Ok(());
            }
        }
        let different = different_times(&turns, 1.6);
        if different.is_empty() {
            return Ok(());
        }
        let expected = "a refused login that takes as long whoever it is for";
        let mut actual = format!("{:.1} ms for a known user", median_time(&turns, 0));
        actual.extend(different);
        Err(Failure::slow(expected, actual))
    });
}

/// After so many turns the times are compared for the last time.
const TURNS: usize = 15;

/// How long the logins of one turn took.
type Turn = [Duration; 4];

/// A line for each login that takes so many times alice's time, or alice so many times its own.
fn different_times(turns: &[Turn], times: f64) -> Vec<String> {
    let compare = |(login, who): (usize, &str)| {
        let ratio = median_ratio(turns, login);
        if ratio < times && ratio > 1.0 / times {
            return None;
        }
        let how = if ratio < 1.0 { "sooner" } else { "later" };
        Some(format!("\n{:.1} ms for {who}: {how}", median_time(turns, login)))
    };
    let others = ["an unknown user", "a disabled user", "a disabled user's right password"];
    (1..).zip(others).filter_map(compare).collect()
}

/// In milliseconds.
fn median_time(turns: &[Turn], login: usize) -> f64 {
    median(turns.iter().map(|turn| turn[login].as_secs_f64() * 1000.0).collect())
}

/// Of the login's time and that of alice in the same turn.
fn median_ratio(turns: &[Turn], login: usize) -> f64 {
    median(turns.iter().map(|turn| turn[login].as_secs_f64() / turn[0].as_secs_f64()).collect())
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// What takes the time of a hash, but not its turn, gives itself away as soon as others wait.
#[test]
fn makes_an_unknown_user_wait_in_turn() {
    check_alone(&patient(Setup::with_own_users()), |server| {
        const TRIES: usize = 5;
        let mallory = draw::letters("name", 7);
        let mut ratios = Vec::new();
        for _ in 0..TRIES {
            let (known, unknown) =
                (behind_others(server, "alice")?, behind_others(server, &mallory)?);
            ratios.push(unknown.as_secs_f64() / known.as_secs_f64());
            if (0.5..2.0).contains(&median(ratios.clone())) {
                return Ok(());
            }
        }
        let ratio = median(ratios);
        if (0.33..3.0).contains(&ratio) {
            return Ok(());
        }
        let expected = "behind other logins an unknown user waits as long as a known one";
        Err(Failure::slow(expected, format!("{ratio:.2} times as long")))
    });
}

/// How long this user's login takes while others are before it.
fn behind_others(server: &Server, username: &str) -> Result<Duration, Failure> {
    let mut others = Vec::new();
    for _ in 0..3 * cores() {
        others.push(login(server, "alice", "wrong").begin()?);
    }
    let start = Instant::now();
    login(server, username, "wrong").send()?;
    let took = start.elapsed();
    for other in others {
        other.finish()?;
    }
    Ok(took)
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// If all passwords are checked at once, all of them are done at the end; and each takes 19 MiB.
#[test]
fn checks_few_passwords_at_once() {
    let logins = 4 * cores();
    check_alone(&with_dora(&hash_for(logins)), |server| {
        let mut begun = Vec::new();
        let start = Instant::now();
        for _ in 0..logins {
            begun.push(login(server, "dora", "wrong").begin()?);
        }
        while !any_answered(&begun)? {
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

/// A hash that takes about 150 ms, and so little memory that this many fit into half a gigabyte.
fn hash_for(logins: usize) -> String {
    const WORK: usize = 19_456 * 10;
    let memory = (512 * 1024 / logins).min(19_456);
    let time = (WORK / memory).min(64);
    SESAME.replace("m=19456,t=2", &format!("m={memory},t={time}"))
}

/// The server gets one async thread: passwords checked on that thread would hold up everybody else, whoever logs in.
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
            let alone = time_alone(&server)?;
            let mut begun = Vec::new();
            for _ in 0..logins {
                begun.push(login(&server, username, password).begin()?);
            }
            held_up(&server, alone, &begun, &format!("logins {who}"))?;
        }
        Ok(())
    });
}

/// How long a response of `/items` takes while nothing else goes on.
pub(crate) fn time_alone(server: &Server) -> Result<Duration, Failure> {
    let mut times = Vec::new();
    for _ in 0..9 {
        let start = Instant::now();
        server.get("/items").send()?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times[times.len() / 2])
}

/// Fails if what has begun lets hardly any response of `/items` through, and there was time for three times as many.
pub(crate) fn held_up(
    server: &Server,
    alone: Duration,
    begun: &[Begun<'_>],
    what: &str,
) -> Result<(), Failure> {
    const ENOUGH: u32 = 8;
    let mut answered = 0;
    let start = Instant::now();
    while !all_answered(begun)? {
        server.get("/items").send()?;
        answered += 1;
        if answered > ENOUGH {
            return Ok(());
        }
    }
    if start.elapsed() < alone * answered * 3 {
        return Ok(());
    }
    let expected = format!("more than {ENOUGH} responses at /items during {} {what}", begun.len());
    Err(Failure::slow(expected, format!("{answered}: everybody else is held up")))
}

fn any_answered(begun: &[Begun<'_>]) -> Result<bool, Failure> {
    for request in begun {
        if request.is_answered()? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn all_answered(begun: &[Begun<'_>]) -> Result<bool, Failure> {
    for request in begun {
        if !request.is_answered()? {
            return Ok(false);
        }
    }
    Ok(true)
}
