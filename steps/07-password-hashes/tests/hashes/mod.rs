//! How passwords are stored and checked: asked of step 7 and of every step after it.

mod queue;
mod start;

use std::time::{Duration, Instant};

use harness::{Begun, Failure, Server, Setup, check_alone, check_program, exchange};
use serde_json::{Value, json};

/// `sesame` and `two words & a +`, hashed by another program, the second at another cost.
const SESAME: &str = "$argon2id$v=19$m=19456,t=2,p=1$FgmRwFSwXdLhn23lcmR3Sg$fmS2YM249e6al8xP2fNQ2ElXLKSu6Jhe5A8HEB0Quf0";
const TWO_WORDS: &str = "$argon2id$v=19$m=8192,t=3,p=1$+go+zL7i9qgLrL8WXOngnQ$iZmw5hFt7SwSMkNEVV66rbZyX63Ba659rGCfBE7Cc74";

/// Users of this check's own; everybody may do everything.
fn users(hashes: &[(&str, &str)]) -> Value {
    let user = |(name, hash): &(&str, &str)| {
        json!({
            "username": name,
            "full_name": name,
            "password_hash": hash,
            "disabled": false,
            "scopes": ["me", "items"],
        })
    };
    hashes.iter().map(user).collect()
}

fn form<'a>(username: &'a str, password: &'a str) -> [(&'static str, &'a str); 3] {
    [("grant_type", "password"), ("username", username), ("password", password)]
}

fn hash(password: &str) -> Result<String, Failure> {
    let ended = Setup::new().run(&["hash", password])?;
    let lines: Vec<&str> = ended.printed.lines().collect();
    match lines.as_slice() {
        [line] if ended.success => Ok((*line).to_owned()),
        _ => Err(Failure::new("one line, and the exit code 0", ended.printed)),
    }
}

#[test]
fn prints_a_password_as_an_argon2id_hash() {
    check_program(|| {
        let hash = hash("sesame")?;
        let parts: Vec<&str> = hash.split('$').collect();
        let actual = match parts.as_slice() {
            ["", "argon2id", "v=19", "m=19456,t=2,p=1", salt, _] if salt.len() >= 22 => {
                return Ok(());
            }
            ["", "argon2id", "v=19", "m=19456,t=2,p=1", salt, _] => {
                format!("a salt of {} characters", salt.len())
            }
            ["", "argon2id", "v=19", cost, ..] => format!("another cost: {cost}"),
            ["", algorithm, version, ..] => format!("another algorithm: {algorithm}, {version}"),
            _ => format!("no PHC string, but {} characters", hash.len()),
        };
        let expected = "a PHC string of the default cost: $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH";
        Err(Failure::new(expected, actual))
    });
}

#[test]
fn salts_every_hash() {
    check_program(|| {
        let (first, second) = (hash("sesame")?, hash("sesame")?);
        if first == second {
            Err(Failure::new("two hashes of one password that differ", "the same hash twice"))
        } else {
            Ok(())
        }
    });
}

#[test]
fn accepts_the_password_of_a_hash_that_it_printed() {
    check_program(|| {
        let server = Setup::new().users(users(&[("dora", &hash(" Open Sesame")?)])).start()?;
        server.log_in("dora", " Open Sesame", "")
    });
}

#[test]
fn accepts_hashes_of_another_program() {
    check_program(|| {
        let hashes = [("dora", SESAME), ("erin", TWO_WORDS)];
        let server = Setup::new().users(users(&hashes)).start()?;
        server.log_in("dora", "sesame", "")?;
        server.log_in("erin", "two words & a +", "")
    });
}

#[test]
fn takes_no_hash_for_a_password() {
    check_program(|| {
        let server = Setup::new().users(users(&[("dora", SESAME)])).start()?;
        exchange!(server.post("/token").form(&form("dora", SESAME)))
    });
}

/// The logins take turns, and each is compared with the known user's of the same turn: a busy machine
/// slows all of them alike. If the times look different, more logins decide.
#[test]
fn takes_as_long_for_an_unknown_user() {
    check_alone(|server| {
        let mut turns = Vec::new();
        loop {
            for _ in 0..TURNS {
                let (alice, mallory) = (time(server, "alice")?, time(server, "mallory")?);
                turns.push([alice, mallory, time(server, "bob")?]);
            }
            let mut different = different_times(&turns);
            let clearly = different.iter().any(is_clear);
            if clearly {
                // Beside that, a busy machine's blur is not worth a word.
                different.retain(is_clear);
            }
            if different.is_empty() {
                return Ok(());
            }
            if clearly || turns.len() >= 5 * TURNS {
                let expected = "a wrong password that takes as long whoever it is for";
                let mut actual = format!("{:.1} ms for a known user", median_time(&turns, 0));
                actual.extend(different.into_iter().map(|(_, line)| line));
                return Err(Failure::new(expected, actual));
            }
        }
    });
}

/// Whether no busy machine makes such a difference.
fn is_clear((ratio, _): &(f64, String)) -> bool {
    !(0.25..4.0).contains(ratio)
}

/// Who takes another time than alice: how many times hers, and a line that says so.
fn different_times(turns: &[Turn]) -> Vec<(f64, String)> {
    let compare = |(who, user)| {
        let ratio = median_ratio(turns, user);
        let how = match ratio {
            ..0.67 => "sooner",
            0.67..1.5 => return None,
            _ => "later",
        };
        Some((ratio, format!("\n{:.1} ms for {who}: {how}", median_time(turns, user))))
    };
    [("an unknown user", 1), ("a disabled user", 2)].into_iter().filter_map(compare).collect()
}

/// How many times each user logs in before the times are compared.
const TURNS: usize = 5;

/// How long the logins of alice, mallory and bob took.
type Turn = [Duration; 3];

fn time(server: &Server, username: &str) -> Result<Duration, Failure> {
    let began = Instant::now();
    server.post("/token").form(&form(username, "wrong")).send()?;
    Ok(began.elapsed())
}

/// In milliseconds.
fn median_time(turns: &[Turn], user: usize) -> f64 {
    median(turns.iter().map(|turn| turn[user].as_secs_f64() * 1000.0).collect())
}

/// Of the user's time and that of alice in the same turn.
fn median_ratio(turns: &[Turn], user: usize) -> f64 {
    median(turns.iter().map(|turn| turn[user].as_secs_f64() / turn[0].as_secs_f64()).collect())
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// The server gets one async thread, and passwords that take long: checked on that thread, they would
/// hold up everybody else. The logins are with the server before anybody asks for `/items`.
#[test]
fn answers_while_passwords_are_checked() {
    check_program(|| {
        const LOGINS: usize = 3;
        const ENOUGH: usize = 20;
        let slow = SESAME.replace("t=2", "t=15");
        let setup = Setup::new().users(users(&[("dora", &slow)]));
        let server = setup.with("TOKIO_WORKER_THREADS", "1").start()?;
        let mut logins = Vec::new();
        for _ in 0..LOGINS {
            logins.push(server.post("/token").form(&form("dora", "wrong")).begin()?);
        }
        let mut answered = 0;
        while !all_answered(&logins)? {
            server.get("/items").send()?;
            answered += 1;
            if answered > ENOUGH {
                return Ok(());
            }
        }
        for login in logins {
            login.finish()?;
        }
        let expected =
            format!("more than {ENOUGH} answers at /items while {LOGINS} slow logins run");
        Err(Failure::new(expected, format!("{answered}: the logins held up everybody else")))
    });
}

fn all_answered(logins: &[Begun<'_>]) -> Result<bool, Failure> {
    for login in logins {
        if !login.is_answered()? {
            return Ok(false);
        }
    }
    Ok(true)
}
