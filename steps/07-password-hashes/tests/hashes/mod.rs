//! How passwords are stored and checked: asked of step 7 and of every step after it.

mod start;

use harness::{Exchange, Failure, Setup, check_program, draw, exchange};
use serde_json::{Value, json};

/// `sesame` and `two words & a +`, hashed by another program, the second at another cost.
const SESAME: &str = "$argon2id$v=19$m=19456,t=2,p=1$FgmRwFSwXdLhn23lcmR3Sg$fmS2YM249e6al8xP2fNQ2ElXLKSu6Jhe5A8HEB0Quf0";
const TWO_WORDS: &str = "$argon2id$v=19$m=8192,t=3,p=1$+go+zL7i9qgLrL8WXOngnQ$iZmw5hFt7SwSMkNEVV66rbZyX63Ba659rGCfBE7Cc74";

/// Users of this check's own; everybody may do everything.
pub(crate) fn users(hashes: &[(&str, &str)]) -> Value {
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

pub(crate) fn form<'a>(username: &'a str, password: &'a str) -> [(&'static str, &'a str); 3] {
    [("grant_type", "password"), ("username", username), ("password", password)]
}

fn hash(password: &str) -> Result<String, Failure> {
    let ended = Setup::with_own_users().run(&["hash", password])?;
    if let Some(panic) = ended.panic {
        let expected = format!("a program that prints the hash of `{password}`");
        return Err(Failure::new(expected, format!("your program stopped at {panic}")));
    }
    let lines: Vec<&str> = ended.printed.lines().collect();
    match lines.as_slice() {
        [line] if ended.success => Ok((*line).to_owned()),
        _ => {
            let ran = if ended.listens { "it starts its server" } else { "it ran" };
            let expected = format!("one line after `hash {password}`, and the exit code 0");
            Err(Failure::new(expected, format!("{ran}. It printed:\n{}", ended.printed)))
        }
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
        let hashes = [("dora", SESAME), ("erin", TWO_WORDS), ("bob", SESAME)];
        let server = Setup::new().users(users(&hashes)).start()?;
        server.log_in("dora", "sesame", "")?;
        server.log_in("erin", "two words & a +", "")?;
        server.log_in("bob", "sesame", "")?;
        refuses(&server.post("/token").form(&form("alice", "sesame")).send()?)
    });
}

/// bcrypt looks at 72 bytes and no further; others stop at a zero, or ignore the letter case.
#[test]
fn compares_the_whole_password() {
    check_program(|| {
        let beginning = draw::letters("beginning", 72);
        let right =
            draw::noted("right password", format!("{beginning}{}", draw::letters("end", 8)));
        let server = Setup::new().users(users(&[("dora", &hash(&right)?)])).start()?;
        server.log_in("dora", &right, "")?;
        let other_end = format!("{beginning}{}", draw::letters("other end", 8));
        let longer = format!("{right}{}", draw::letters("more", 1));
        let wrong = [beginning, other_end, longer, right.to_uppercase(), format!("{right}\0")];
        for password in wrong {
            let password = draw::noted("password", password);
            let exchange = server.post("/token").form(&form("dora", &password)).send()?;
            refuses(&exchange)?;
        }
        Ok(())
    });
}

fn refuses(login: &Exchange) -> Result<(), Failure> {
    let error = login.response.json().unwrap_or_default()["error"] == "invalid_grant";
    if login.response.status == 400 && error {
        Ok(())
    } else {
        Err(login.failure("400 and `invalid_grant`, since no user has this name and this password"))
    }
}

#[test]
fn takes_no_hash_for_a_password() {
    check_program(|| {
        let server = Setup::new().users(users(&[("dora", SESAME)])).start()?;
        exchange!(server.post("/token").form(&form("dora", SESAME)))
    });
}
