//! What goes on while passwords are changed.

use forgery::Forgery;
use harness::{Begun, Failure, Server, Setup, check_program};
use serde_json::json;

use crate::timing::Other;

/// `wonderland`, hashed at little cost, so that only the new hash takes time.
const CHEAP: &str =
    "$argon2id$v=19$m=8,t=1,p=1$IQ2xIhoiXqUVCb9cjBM77g$fo9CN5urGf2dvtVNE7E4mUYT2BSBUm/YBh6mIf7UXAo";

/// A hash that takes half a second.
const SLOW: &str = "$argon2id$v=19$m=19456,t=30,p=1$FgmRwFSwXdLhn23lcmR3Sg$fmS2YM249e6al8xP2fNQ2ElXLKSu6Jhe5A8HEB0Quf0";

/// Changes of as many users at once, on a server with one async thread.
fn changes(hash: &str, current: &str, users: usize, what: &str) -> Result<(), Failure> {
    let names: Vec<String> = (1..=users).map(|number| format!("user{number}")).collect();
    let user = |name: &String| {
        json!({
            "username": name,
            "full_name": name,
            "password_hash": hash,
            "disabled": false,
            "scopes": ["me"],
        })
    };
    let setup = Setup::new().users(names.iter().map(user).collect());
    let setup = setup.with("LOGIN_PATIENCE_MS", "60000").with("TOKIO_WORKER_THREADS", "1");
    let server = setup.start()?;
    let other = Other { server: &server, token: None };
    let alone = other.time_alone()?;
    let begun = names.iter().map(|name| begin(&server, name, current));
    other.is_not_held_up(alone, &begun.collect::<Result<Vec<_>, _>>()?, what)
}

fn begin<'s>(server: &'s Server, username: &str, current: &str) -> Result<Begun<'s>, Failure> {
    let token = Forgery::of(username).claim("scope", json!("me")).token();
    let body = json!({
        "current_password": current,
        "new_password": "through the looking-glass",
    });
    let request = server.request("PUT", "/users/me/password").bearer(token);
    request.body("application/json", &body.to_string()).begin()
}

#[test]
fn answers_while_a_password_is_changed() {
    check_program(|| {
        changes(SLOW, "wrong", 2, "changes with a wrong current password")?;
        changes(CHEAP, "wonderland", 12, "changes with the right current password")
    });
}
