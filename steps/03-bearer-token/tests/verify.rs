//! What step 3 asks for, one test for each requirement; `hints.md` has the hints.

#[path = "../../02-api-docs/tests/docs/mod.rs"]
mod docs;
mod header;

use harness::{check, draw, exchange, same_at_once};

#[test]
fn accepts_a_bearer_token() {
    check(|server| exchange!(server.get("/items/secret").bearer("sesame")));
}

#[test]
fn takes_the_token_as_it_came() {
    check(|server| {
        exchange!(server.get("/items/secret").bearer("Open.Sesame-1_2~3+4/5=="))?;
        for length in [1, 2 + draw::below(30), 72 + draw::below(60), 4000] {
            let token = draw::b64token("token", length);
            exchange!(server.get("/items/secret").bearer(token.as_str()))?;
        }
        let tokens = ["one token", "another token", "a third token"];
        let tokens = tokens.map(|what| draw::letters(what, 12));
        same_at_once(&tokens, |token| server.get("/items/secret").bearer(token.as_str()))
    });
}

#[test]
fn accepts_the_scheme_in_any_letter_case() {
    check(|server| {
        exchange!(server.get("/items/secret").header("authorization", "bearer sesame"))?;
        let shouted = server.get("/items/secret").header("authorization", "BEARER sesame");
        let accepted = exchange!(shouted)?;
        let scheme = draw::one_of("scheme", &["bEARER", "BeArEr", "bearEr", "BEARer", "bEaReR"]);
        let credentials = format!("{scheme} sesame");
        accepted.same_for(server.get("/items/secret").header("authorization", credentials))
    });
}

#[test]
fn accepts_several_spaces_after_the_scheme() {
    check(|server| {
        let request = || server.get("/items/secret");
        let accepted = exchange!(request().header("authorization", "Bearer   sesame"))?;
        let spaces = " ".repeat(2 + draw::below(9));
        let other = request().header("authorization", format!("Bearer{spaces}sesame"));
        accepted.same_for(other)
    });
}
