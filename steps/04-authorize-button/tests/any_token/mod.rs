//! The secret while every token opens it: asked of steps 4 and 5.

use harness::{check, exchange};

#[test]
fn documents_the_guard_on_the_secret_only() {
    check(|server| {
        let document = server.get("/openapi.json");
        exchange!(document.showing_only("/paths/~1items~1secret/get/security"))?;
        let document = server.get("/openapi.json");
        exchange!(document.showing_only("/paths/~1items/get/security"))
    });
}

#[test]
fn accepts_a_bearer_token() {
    check(|server| exchange!(server.get("/items/secret").bearer("sesame")));
}

#[test]
fn takes_the_token_as_it_came() {
    check(|server| exchange!(server.get("/items/secret").bearer("Open.Sesame-1_2~3+4/5==")));
}

#[test]
fn accepts_the_scheme_in_any_letter_case() {
    check(|server| {
        exchange!(server.get("/items/secret").header("authorization", "bearer sesame"))?;
        exchange!(server.get("/items/secret").header("authorization", "BEARER sesame"))
    });
}

#[test]
fn accepts_several_blanks_after_the_scheme() {
    check(|server| {
        exchange!(
            server.get("/items/secret").header("authorization", "Bearer   sesame").byte_by_byte()
        )
    });
}
