//! What one token is made of (RFC 6750 §2.1, `b64token`).

use harness::{check, draw, exchange};

#[test]
fn refuses_a_token_with_other_characters() {
    check(|server| {
        exchange!(server.get("/items/secret").bearer("ses,ame"))?;
        let refused = exchange!(server.get("/items/secret").bearer("ses=ame"))?;
        exchange!(server.get("/items/secret").bearer("=="))?;
        let place = draw::below("sesame".len());
        for other in "!\"#$%&'()*,:;<>?@[\\]^`{|}".chars() {
            let mut token = "sesame".to_owned();
            token.insert(place, other);
            refused.same_for(server.get("/items/secret").bearer(token.as_str()))?;
        }
        refused.same_for(server.get("/items/secret").bearer("=sesame"))
    });
}
