//! What one token is made of (RFC 6750 §2.1, `b64token`).

use harness::{check, exchange};

#[test]
fn refuses_a_token_with_other_characters() {
    check(|server| {
        exchange!(server.get("/items/secret").bearer("ses,ame"))?;
        exchange!(server.get("/items/secret").bearer("ses=ame"))?;
        exchange!(server.get("/items/secret").bearer("=="))
    });
}
