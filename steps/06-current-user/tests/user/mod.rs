//! The user behind the token: asked of step 6 and of every step after it.

use harness::{check, exchange};

#[test]
fn answers_who_is_asking() {
    check(|server| {
        let alice = server.log_in("alice", "wonderland", "me")?;
        server.log_in("alice", "wonderland", "me")?;
        let carol = server.log_in("carol", "christmas", "me")?;
        exchange!(server.get("/users/me").bearer(&alice))?;
        exchange!(server.get("/users/me").bearer(&carol))
    });
}

#[test]
fn asks_for_a_token_at_users_me() {
    check(|server| exchange!(server.get("/users/me")));
}

#[test]
fn refuses_a_token_that_it_never_issued() {
    check(|server| {
        exchange!(server.get("/users/me").bearer("sesame"))?;
        exchange!(server.get("/items/secret").bearer("sesame"))
    });
}

#[test]
fn refuses_a_name_in_place_of_a_token() {
    check(|server| {
        server.log_in("alice", "wonderland", "me")?;
        exchange!(server.get("/users/me").bearer("alice"))
    });
}

#[test]
fn refuses_a_disabled_user() {
    check(|server| {
        let form = [("grant_type", "password"), ("username", "bob"), ("password", "builder")];
        exchange!(server.post("/token").form(&form))
    });
}

#[test]
fn tells_no_password() {
    check(|server| {
        let alice = server.log_in("alice", "wonderland", "me")?;
        let exchange = server.get("/users/me").bearer(&alice).send()?;
        let body = String::from_utf8_lossy(&exchange.response.body).to_lowercase();
        if body.contains("password") || body.contains("wonderland") || body.contains("$argon2") {
            Err(exchange.failure("an answer without the password"))
        } else {
            Ok(())
        }
    });
}

#[test]
fn accepts_a_bearer_token() {
    check(|server| {
        let alice = server.log_in("alice", "wonderland", "")?;
        exchange!(server.get("/items/secret").bearer(&alice))
    });
}

#[test]
fn accepts_the_scheme_in_any_letter_case() {
    check(|server| {
        let alice = server.log_in("alice", "wonderland", "")?;
        exchange!(server.get("/items/secret").credentials("bearer ", &alice))?;
        exchange!(server.get("/items/secret").credentials("BEARER ", &alice))
    });
}

#[test]
fn accepts_several_blanks_after_the_scheme() {
    check(|server| {
        let alice = server.log_in("alice", "wonderland", "")?;
        exchange!(server.get("/items/secret").credentials("Bearer   ", &alice).byte_by_byte())
    });
}
