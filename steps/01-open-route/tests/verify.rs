//! What step 1 asks for, one test for each requirement; `hints.md` has the hints.

use harness::{check, exchange};

#[test]
fn lists_the_items() {
    check(|server| {
        let first = exchange!(server.get("/items"))?;
        first.same_again(server.get("/items"))
    });
}

#[test]
fn answers_404_where_nothing_is() {
    check(|server| exchange!(server.get("/nowhere")));
}

#[test]
fn names_the_method_that_works() {
    check(|server| exchange!(server.post("/items")));
}
