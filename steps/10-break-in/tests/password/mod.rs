//! Changing one's password, and what must not come of it.

use std::{thread, time::SystemTime};

use forgery::Forgery;
use harness::{
    Exchange, Failure, Request, Secret, Server, Setup, Token, check_afresh, check_program, draw,
    exchange, no_traces,
};
use serde_json::json;

const NEW: &str = "through the looking-glass";

/// The request of somebody who holds this token and says that this is the current password.
fn change<'s>(
    server: &'s Server,
    token: impl Into<Token>,
    current: &str,
    new: &str,
) -> Request<'s> {
    let body = json!({"current_password": current, "new_password": new}).to_string();
    server.request("PUT", "/users/me/password").bearer(token).body("application/json", &body)
}

fn log_in<'s>(server: &'s Server, username: &str, password: &str) -> Request<'s> {
    let form = [("grant_type", "password"), ("username", username), ("password", password)];
    server.post("/token").form(&form)
}

/// Changes alice's password to [`NEW`]; the token is from before.
fn changed(server: &Server) -> Result<Token, Failure> {
    let alice = server.log_in("alice", "wonderland", "me")?;
    is(204, &change(server, &alice, "wonderland", NEW).send()?)?;
    Ok(alice)
}

fn is(status: u16, exchange: &Exchange) -> Result<(), Failure> {
    if exchange.response.status == status {
        Ok(())
    } else {
        Err(exchange.failure(format!("the status {status}")))
    }
}

#[test]
fn changes_a_password() {
    check_afresh(|server| {
        let alice = server.log_in("alice", "wonderland", "me")?;
        exchange!(change(server, &alice, "wonderland", NEW))?;
        let alice = server.log_in("alice", NEW, "me")?;
        exchange!(server.get("/users/me").bearer(&alice))?;
        let carol = server.log_in("carol", "christmas", "me")?;
        is(204, &change(server, &carol, "christmas", NEW).send()?)?;
        server.log_in("carol", NEW, "me")?;
        let (server, [.., after]) = changed_within_a_second()?;
        is(200, &server.get("/users/me").bearer(&after).send()?)
    });
}

#[test]
fn changes_a_password_more_than_once() {
    check_afresh(|server| {
        changed(server)?;
        let second = server.log_in("alice", NEW, "me")?;
        exchange!(change(server, &second, NEW, "what Alice found there"))?;
        exchange!(server.get("/users/me").bearer(&second))?;
        let third = server.log_in("alice", "what Alice found there", "me")?;
        is(200, &server.get("/users/me").bearer(&third).send()?)
    });
}

#[test]
fn takes_the_old_password_no_longer() {
    check_afresh(|server| {
        changed(server)?;
        exchange!(log_in(server, "alice", "wonderland"))
    });
}

/// If you change a leaked password, you want the intruder out.
#[test]
fn ends_the_tokens_from_before_the_change() {
    check_program(|| {
        let (server, [elsewhere, here, _]) = changed_within_a_second()?;
        exchange!(server.get("/users/me").bearer(&here))?;
        exchange!(server.get("/users/me/items").bearer(&elsewhere))?;
        exchange!(change(&server, &here, NEW, "what Alice found there"))?;
        for token in [&here, &elsewhere] {
            exchange!(server.get("/items/secret").bearer(token))?;
        }
        let carol = server.log_in("carol", "christmas", "me")?;
        is(204, &change(&server, &carol, "christmas", NEW).send()?)?;
        is(401, &server.get("/users/me").bearer(&carol).send()?)
    });
}

/// Two tokens of alice's from before the change and one from after it, all of the very second in which it was made: `iat`
/// counts seconds.
fn changed_within_a_second() -> Result<(Server, [Token; 3]), Failure> {
    const TRIES: usize = 10;
    let mut tries = 0;
    loop {
        tries += 1;
        let server = Setup::new().start()?;
        let began = seconds();
        let elsewhere = server.log_in("alice", "wonderland", "me items")?;
        let here = changed(&server)?;
        let after = server.log_in("alice", NEW, "me")?;
        // On a machine too slow for that, older tokens have to do.
        if seconds() == began || tries == TRIES {
            return Ok((server, [elsewhere, here, after]));
        }
    }
}

fn seconds() -> u64 {
    SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs())
}

#[test]
fn changes_nobody_elses_password() {
    check_afresh(|server| {
        let carol = server.log_in("carol", "christmas", "me")?;
        changed(server)?;
        exchange!(server.get("/users/me").bearer(&carol))?;
        server.log_in("carol", "christmas", "me")
    });
}

#[test]
fn refuses_a_wrong_current_password() {
    check_afresh(|server| {
        let alice = server.log_in("alice", "wonderland", "me")?;
        exchange!(change(server, &alice, "christmas", NEW))?;
        exchange!(change(server, &alice, "", NEW))?;
        let refused = change(server, &alice, "christmas", NEW).send()?;
        for near in near("wonderland") {
            refused.same_for(change(server, &alice, &near, NEW))?;
        }
        let carol = server.log_in("carol", "christmas", "me")?;
        refused.same_for(change(server, &carol, "wonderland", NEW))?;
        is(200, &server.get("/users/me").bearer(&alice).send()?)?;
        is(400, &log_in(server, "alice", NEW).send()?)?;
        server.log_in("alice", "wonderland", "me")
    });
}

/// Other passwords that a careless comparison takes for this one.
fn near(right: &str) -> [String; 5] {
    let length = 1 + draw::below(right.len() - 1);
    [
        draw::noted("beginning", right[..length].to_owned()),
        draw::noted("longer password", format!("{right}{}", draw::letters("end", 1))),
        format!(" {right}"),
        right.to_uppercase(),
        draw::secret("password"),
    ]
}

/// NIST SP 800-63B-4 §3.1.1.2: at least 15 characters, and every character counts as one.
#[test]
fn refuses_a_short_new_password() {
    check_afresh(|server| {
        let alice = server.log_in("alice", "wonderland", "me")?;
        let refused = exchange!(change(server, &alice, "wonderland", ""))?;
        let carol = server.log_in("carol", "christmas", "me")?;
        refused.same_for(change(server, &carol, "christmas", "fourteen chars"))?;
        exchange!(change(server, &alice, "wonderland", "fourteen chars"))?;
        exchange!(change(server, &alice, "wonderland", &"é".repeat(14)))?;
        exchange!(change(server, &alice, "wonderland", "fifteen letters"))
    });
}

#[test]
fn refuses_a_new_password_without_end() {
    check_afresh(|server| {
        let alice = server.log_in("alice", "wonderland", "me")?;
        let refused = change(server, &alice, "wonderland", &"é".repeat(129)).send()?;
        is(400, &refused)?;
        let longest = "é".repeat(128);
        is(204, &change(server, &alice, "wonderland", &longest).send()?)?;
        server.log_in("alice", &longest, "me")
    });
}

#[test]
fn asks_for_a_token_to_change_a_password() {
    check_afresh(|server| {
        let body = json!({"current_password": "wonderland", "new_password": NEW}).to_string();
        let request = server.request("PUT", "/users/me/password");
        exchange!(request.body("application/json", &body))?;
        exchange!(change(server, "sesame", "wonderland", NEW))?;
        server.log_in("alice", "wonderland", "me")
    });
}

/// A proxy in front may look at the other one of the two.
#[test]
fn refuses_a_change_with_two_tokens() {
    check_afresh(|server| {
        let alice = server.log_in("alice", "wonderland", "me")?;
        exchange!(change(server, &alice, "wonderland", NEW).bearer("sesame"))?;
        server.log_in("alice", "wonderland", "me")
    });
}

#[test]
fn asks_for_the_scope_me_to_change_a_password() {
    check_afresh(|server| {
        let token = Forgery::of("alice").claim("scope", json!("items")).token();
        exchange!(change(server, &token, "wonderland", NEW))?;
        let unreadable = server.request("PUT", "/users/me/password").bearer(&token);
        exchange!(unreadable.body("application/json", "["))?;
        server.log_in("alice", "wonderland", "me")
    });
}

#[test]
fn compares_scopes_as_whole_words_at_a_change() {
    check_afresh(|server| {
        let with_scope = |scope: &str| Forgery::of("alice").claim("scope", json!(scope)).token();
        let refused = exchange!(change(server, with_scope("names"), "wonderland", NEW))?;
        let end = draw::letters("end", 2);
        for scope in
            [format!("me{end}"), format!("{end}me"), format!("me-{end} items"), "Me".to_owned()]
        {
            let token = with_scope(&draw::noted("scope", scope));
            refused.same_for(change(server, token, "wonderland", NEW))?;
        }
        server.log_in("alice", "wonderland", "me")
    });
}

#[test]
fn refuses_a_change_that_it_cannot_read() {
    check_afresh(|server| {
        let alice = server.log_in("alice", "wonderland", "me")?;
        let request = || server.request("PUT", "/users/me/password").bearer(&alice);
        exchange!(request())?;
        exchange!(request().form(&[("current_password", "wonderland"), ("new_password", NEW)]))?;
        let twice = format!(
            r#"{{"current_password": "guess", "current_password": "wonderland", "new_password": "{NEW}"}}"#
        );
        for body in [r#"{"current_password": "wonderland"}"#, &twice, "{", "[]", ""] {
            exchange!(request().body("application/json", body))?;
        }
        server.log_in("alice", "wonderland", "me")
    });
}

#[test]
fn lets_one_of_several_changes_win() {
    check_afresh(|server| {
        const CHANGES: usize = 4;
        let alice = server.log_in("alice", "wonderland", "me")?;
        let mut won = Vec::new();
        thread::scope(|scope| {
            let changes: [_; CHANGES] = std::array::from_fn(|number| {
                let new = format!("the new password number {number}");
                let request = change(server, &alice, "wonderland", &new);
                scope.spawn(|| Ok((new, request.send()?)))
            });
            for change in changes {
                let sent = change.join().map_err(|_| Failure::ours("a change panicked"))?;
                let (new, exchange) = sent?;
                if exchange.response.status == 204 {
                    won.push(new);
                }
            }
            Ok(())
        })?;
        let [new] = won.as_slice() else {
            let expected = format!("one 204 for {CHANGES} changes of the same password");
            return Err(Failure::new(expected, format!("{} of them", won.len())));
        };
        server.log_in("alice", new, "me")
    });
}

#[test]
fn keeps_changed_passwords_out_of_its_output() {
    check_afresh(|server| {
        let drawn = |of: &str| Secret::new(of, draw::secret(of));
        let new = drawn("a new password");
        let alice = server.log_in("alice", "wonderland", "me")?;
        is(204, &change(server, &alice, "wonderland", &new.value).send()?)?;
        let again = server.log_in("alice", &new.value, "me")?;
        let (wrong, refused) = (drawn("a wrong current password"), drawn("a new one beside it"));
        change(server, &again, &wrong.value, &refused.value).send()?;
        let long = Secret::new("a new password that is too long", draw::secret("long").repeat(7));
        change(server, &again, &new.value, &long.value).send()?;
        change(server, &again, &new.value, "short-123").send()?;
        let late = drawn("a new password sent with an old token");
        change(server, &alice, &new.value, &late.value).send()?;
        let unread = drawn("a password in JSON that cannot be read");
        let body = format!(r#"{{"current_password": "{}""#, unread.value);
        let request = server.request("PUT", "/users/me/password").bearer(&again);
        request.body("application/json", &body).send()?;
        let secrets = [
            Secret::new("the password `wonderland`", "wonderland"),
            Secret::new("a new password that is too short", "short-123"),
            Secret::new("a password's hash", "$argon2"),
            Secret::new("a token", alice.text()),
            Secret::new("a token", again.text()),
            new,
            wrong,
            refused,
            long,
            late,
            unread,
        ];
        no_traces("no password, no hash and no token", &server.printed()?, &secrets)
    });
}
