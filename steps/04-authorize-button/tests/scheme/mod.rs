//! The security scheme: asked of step 4 and of every step after it.

use harness::{check, exchange, operations};

#[test]
fn declares_where_a_password_becomes_a_token() {
    check(|server| {
        exchange!(server.get("/openapi.json").showing_only("/components/securitySchemes"))
    });
}

#[test]
fn guards_what_it_documents_as_guarded() {
    check(|server| {
        for operation in operations(&server.document()?) {
            let exchange = server.request(&operation.method, &operation.path).send()?;
            let refused = exchange.response.status == 401;
            if operation.guarded && !refused {
                return Err(exchange.failure(
                    "status 401, since the document says that this operation is guarded",
                ));
            }
            if !operation.guarded && refused {
                return Err(exchange.failure(
                    "no 401, since the document says that this operation can be called without a token",
                ));
            }
        }
        Ok(())
    });
}
