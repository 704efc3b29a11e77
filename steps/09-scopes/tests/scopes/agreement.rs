//! The document and the doors: each operation asks for the scopes that it documents, and for no other.

use forgery::Forgery;
use harness::{Failure, Operation, Server, check, operations};
use serde_json::json;

#[test]
fn asks_for_the_scopes_that_it_documents() {
    check(|server| {
        for operation in operations(&server.document()?).iter().filter(|it| it.guarded) {
            let scopes: Vec<&str> = operation.scopes.iter().map(String::as_str).collect();
            let let_in = call(server, operation, &scopes)?;
            if [401, 403].contains(&let_in.response.status) {
                return Err(let_in.failure(format!("no 401 and no 403: {}", documented(&scopes))));
            }
            for missing in &scopes {
                let rest: Vec<&str> = scopes.iter().copied().filter(|it| it != missing).collect();
                let refused = call(server, operation, &rest)?;
                if refused.response.status != 403 {
                    let expected =
                        format!("403, since `{missing}` is missing: {}", documented(&scopes));
                    return Err(refused.failure(expected));
                }
            }
        }
        Ok(())
    });
}

fn documented(scopes: &[&str]) -> String {
    format!("the document asks for the scopes `{}`", scopes.join(" "))
}

fn call(
    server: &Server,
    operation: &Operation,
    scopes: &[&str],
) -> Result<harness::Exchange, Failure> {
    let token = Forgery::of("alice").claim("scope", json!(scopes.join(" "))).token();
    server.request(&operation.method, &operation.path).bearer(token).send()
}
