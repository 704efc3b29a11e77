//! What step 3 asks for, one test for each requirement; `hints.md` has the hints.

#[path = "../../02-api-docs/tests/docs/mod.rs"]
mod docs;
mod header;

use harness::{check, exchange};

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
