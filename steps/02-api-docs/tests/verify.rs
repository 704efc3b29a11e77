//! What step 2 asks for, one test for each requirement; `hints.md` has the hints.

mod docs;

use harness::{check, exchange};

#[test]
fn answers_the_secret_route() {
    check(|server| exchange!(server.get("/items/secret")));
}
