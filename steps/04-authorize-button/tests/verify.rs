//! What step 4 asks for, one test for each requirement; `hints.md` has the hints.

#[path = "../../02-api-docs/tests/docs/mod.rs"]
mod docs;
#[path = "../../03-bearer-token/tests/header/mod.rs"]
mod header;

use harness::{check, exchange, operations};

#[test]
fn declares_where_a_password_becomes_a_token() {
    check(|server| {
        exchange!(server.get("/openapi.json").showing_only("/components/securitySchemes"))
    });
}

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
fn guards_what_it_documents_as_guarded() {
    check(|server| {
        for operation in operations(&server.document()?) {
            let exchange = server.request(&operation.method, &operation.path).send()?;
            let refused = exchange.answer.status == 401;
            if operation.guarded && !refused {
                return Err(
                    exchange.failure("401: the document says that this operation is guarded")
                );
            }
            if !operation.guarded && refused {
                return Err(exchange.failure(
                    "no 401, or `security` in the document: it says that this operation is open",
                ));
            }
        }
        Ok(())
    });
}

#[test]
fn accepts_a_bearer_token() {
    check(|server| exchange!(server.get("/items/secret").bearer("sesame")));
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
