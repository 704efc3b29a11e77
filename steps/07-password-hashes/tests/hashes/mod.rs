//! How passwords are stored and checked: asked of step 7 and of every step after it.

use std::{
    thread,
    time::{Duration, Instant},
};

use harness::{Failure, Server, Setup, check_alone, check_program, exchange};
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
        let expected = "a PHC string of the default cost: $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH";
        let parts: Vec<&str> = hash.split('$').collect();
        match parts.as_slice() {
            ["", "argon2id", "v=19", "m=19456,t=2,p=1", salt, _] if salt.len() >= 22 => Ok(()),
            _ => Err(Failure::new(expected, hash)),
        }
    });
}

#[test]
fn salts_every_hash() {
    check_program(|| {
        let (first, second) = (hash("sesame")?, hash("sesame")?);
        if first == second {
            Err(Failure::new("two hashes of one password that differ", first))
        } else {
            Ok(())
        }
    });
}

#[test]
fn accepts_the_password_of_a_hash_that_it_printed() {
    check_program(|| {
        let server = Setup::new().users(users(&[("dora", &hash("sesame")?)])).start()?;
        server.log_in("dora", "sesame", "")
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

#[test]
fn takes_no_broken_hash_for_a_way_in() {
    check_program(|| {
        let broken = [
            ("nothing", ""),
            ("clear text", "sesame"),
            ("cut short", "$argon2id$v=19$m=19456,t=2,p=1$FgmRwFSwXdLhn23lcmR3Sg"),
            ("unknown", "$argon3$v=19$m=19456,t=2,p=1$FgmRwFSwXdLhn23lcmR3Sg$fmS2YM249e6al8xP2fNQ"),
        ];
        let server = Setup::new().users(users(&broken)).start()?;
        for (name, _) in broken {
            exchange!(server.post("/token").form(&form(name, "sesame")))?;
        }
        Ok(())
    });
}

/// The logins take turns, so that a busy machine slows all of them alike.
#[test]
fn takes_as_long_for_an_unknown_user() {
    check_alone(|server| {
        let (mut known, mut unknown, mut disabled) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..TRIES {
            known.push(time(server, "alice")?);
            unknown.push(time(server, "mallory")?);
            disabled.push(time(server, "bob")?);
        }
        let known = median(known);
        for (who, times) in [("an unknown user", unknown), ("a disabled user", disabled)] {
            let time = median(times);
            let ratio = time.as_secs_f64() / known.as_secs_f64();
            if !(0.25..4.0).contains(&ratio) {
                let expected = "a wrong password that takes as long whoever it is for";
                let actual = format!(
                    "{known:.1?} for a known user, {time:.1?} for {who} (medians of {TRIES} logins)"
                );
                return Err(Failure::new(expected, actual));
            }
        }
        Ok(())
    });
}

const TRIES: usize = 9;

fn time(server: &Server, username: &str) -> Result<Duration, Failure> {
    let began = Instant::now();
    server.post("/token").form(&form(username, "wrong")).send()?;
    Ok(began.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The server gets one async thread, and passwords that take long: checked on that thread, they would
/// hold up everybody else.
#[test]
fn answers_while_passwords_are_checked() {
    check_program(|| {
        const LOGINS: usize = 3;
        const ENOUGH: usize = 20;
        let slow = SESAME.replace("t=2", "t=15");
        let setup = Setup::new().users(users(&[("dora", &slow)]));
        let server = setup.with("TOKIO_WORKER_THREADS", "1").start()?;
        let mut answered = 0;
        thread::scope(|scope| {
            let logins = [(); LOGINS].map(|()| {
                scope.spawn(|| server.post("/token").form(&form("dora", "wrong")).send())
            });
            while logins.iter().any(|login| !login.is_finished()) {
                server.get("/items").send()?;
                answered += 1;
            }
            for login in logins {
                login.join().map_err(|_| Failure::ours("a login of the check panicked"))??;
            }
            Ok(())
        })?;
        if answered > ENOUGH {
            Ok(())
        } else {
            let expected =
                format!("more than {ENOUGH} answers at /items while {LOGINS} slow logins run");
            Err(Failure::new(expected, format!("{answered}: the logins held up everybody else")))
        }
    });
}
