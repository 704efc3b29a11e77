//! The open routes and the documentation: asked of step 2 and of every step after it.

use harness::{Failure, check, exchange, operations};

#[test]
fn lists_the_items() {
    check(|server| {
        let listed = exchange!(server.get("/items"))?;
        listed.same_again(server.get("/items"))?;
        // It is open: no header closes it, not even one that the guard of another route refuses.
        for authorization in ["Basic Og==", "Bearer", "Bearer a b", "sesame"] {
            listed.same_for(server.get("/items").header("authorization", authorization))?;
        }
        Ok(())
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

#[test]
fn serves_the_openapi_document() {
    check(|server| exchange!(server.get("/openapi.json")));
}

#[test]
fn answers_every_documented_operation() {
    check(|server| {
        for operation in operations(&server.document()?) {
            if let Some(name) = operation.stray_parameters.first() {
                let expected = format!("only parameters that have a place in {}", operation.path);
                return Err(Failure::new(expected, format!("a path parameter `{name}`")));
            }
            let exchange = server.request(&operation.method, &operation.path).send()?;
            if !operation.statuses.contains(&exchange.response.status) {
                let expected =
                    format!("a status that the document lists: {:?}", operation.statuses);
                return Err(exchange.failure(expected));
            }
        }
        Ok(())
    });
}

#[test]
fn serves_swagger_ui_at_docs() {
    check(|server| {
        exchange!(server.get("/docs"))?;
        exchange!(server.get("/docs/"))
    });
}

#[test]
fn shows_our_document_in_swagger_ui() {
    check(|server| {
        let exchange = server.get("/docs/swagger-initializer.js").send()?;
        let script = String::from_utf8_lossy(&exchange.response.body);
        if script.contains("\"/openapi.json\"") {
            Ok(())
        } else {
            Err(exchange.failure("a script that names \"/openapi.json\""))
        }
    });
}
