//! The secret while every token opens it: asked of steps 4 and 5.

use harness::{check, draw, exchange};

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
    check(|server| {
        exchange!(server.get("/items/secret").bearer("Open.Sesame-1_2~3+4/5=="))?;
        for length in [1, 2 + draw::below(30), 72 + draw::below(60), 4000] {
            let token = draw::b64token("token", length);
            exchange!(server.get("/items/secret").bearer(token.as_str()))?;
        }
        Ok(())
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
