//! What step 6 asks for, one test for each requirement; `hints.md` has the hints.

#[path = "../../02-api-docs/tests/docs/mod.rs"]
mod docs;
#[path = "../../03-bearer-token/tests/header/mod.rs"]
mod header;
#[path = "../../05-token-endpoint/tests/login/mod.rs"]
mod login;
#[path = "../../05-token-endpoint/tests/opaque/mod.rs"]
mod opaque;
#[path = "../../04-authorize-button/tests/scheme/mod.rs"]
mod scheme;
mod user;

/// There are no scopes before step 9.
const SCOPE: &str = "";
