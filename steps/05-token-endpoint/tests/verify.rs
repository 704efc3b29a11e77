//! What step 5 asks for, one test for each requirement; `hints.md` has the hints.

#[path = "../../04-authorize-button/tests/any_token/mod.rs"]
mod any_token;
#[path = "../../02-api-docs/tests/docs/mod.rs"]
mod docs;
#[path = "../../03-bearer-token/tests/header/mod.rs"]
mod header;
mod login;
mod opaque;
#[path = "../../04-authorize-button/tests/scheme/mod.rs"]
mod scheme;
