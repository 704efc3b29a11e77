//! What a server refuses to start with, and what it says of its users.

use harness::{Failure, Setup, check_program, draw};
use serde_json::json;

use super::{SESAME, users};

/// Starts the server with one user, whose stored hash is this, and asks that it ends and says why.
fn refuses_hash(hash: &str) -> Result<(), Failure> {
    let ended = Setup::new().users(users(&[("dora", hash)])).run(&[])?;
    ended.refuses(&format!("the hash `{hash}`"), &["dora", "password_hash"], Some(hash))
}

#[test]
fn refuses_to_start_with_a_broken_hash() {
    check_program(|| {
        let cut = SESAME.rsplit_once('$').map_or("", |(cut, _output)| cut);
        refuses_hash("")?;
        refuses_hash(cut)?;
        refuses_hash(&SESAME.replace("t=2", "t=two"))?;
        refuses_hash(&SESAME.replace("argon2id", "argon3"))
    });
}

#[test]
fn refuses_to_start_with_a_hash_of_another_algorithm() {
    check_program(|| {
        refuses_hash(&SESAME.replace("argon2id", "argon2d"))?;
        refuses_hash(&SESAME.replace("v=19", "v=16"))
    });
}

#[test]
fn refuses_to_start_with_a_password_in_clear_text() {
    check_program(|| {
        refuses_hash("open sesame")?;
        // What reads JSON shows the value that it did not expect.
        let number = 10_000_000 + draw::below(90_000_000);
        let password = draw::noted("password", number.to_string());
        let mut dora = users(&[("dora", "")]);
        dora[0]["password_hash"] = json!(number);
        let ended = Setup::new().users(dora).run(&[])?;
        let given = format!("the number {password} in place of a hash");
        ended.refuses(&given, &["dora", "password_hash"], Some(&password))
    });
}

/// The stored hash says what checking it costs, in memory and in time.
#[test]
fn refuses_to_start_with_a_hash_that_costs_too_much() {
    check_program(|| {
        for cost in ["m=262145,t=1", "m=64,t=65", "m=262144,t=9", "m=19456,t=4294967295"] {
            refuses_hash(&SESAME.replace("m=19456,t=2", cost))?;
        }
        Ok(())
    });
}

#[test]
fn starts_with_hashes_of_the_highest_cost() {
    check_program(|| {
        let [memory, time] =
            ["m=262144,t=8", "m=32768,t=64"].map(|cost| SESAME.replace("m=19456,t=2", cost));
        Setup::new().users(users(&[("dora", &memory), ("erin", &time)])).start()
    });
}

#[test]
fn says_that_these_are_demo_users() {
    check_program(|| {
        Setup::with_own_users().start()?.has_said(
            &["users_file", "demo", "example", "sample"],
            "a line that says that USERS_FILE is not set, or that these are demo users",
        )
    });
}

#[test]
fn refuses_to_start_with_a_bad_port() {
    check_program(|| {
        for port in ["", "http", "65536", "-1"] {
            let ended = Setup::new().with("PORT", port).run(&[])?;
            ended.refuses(&format!("PORT=`{port}`"), &[], None)?;
        }
        Ok(())
    });
}
