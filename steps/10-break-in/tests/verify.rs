//! What step 10 asks for, one test for each requirement; `hints.md` has the hints.

#[path = "../../02-api-docs/tests/docs/mod.rs"]
mod docs;
#[path = "../../07-password-hashes/tests/hashes/mod.rs"]
mod hashes;
#[path = "../../03-bearer-token/tests/header/mod.rs"]
mod header;
#[path = "../../05-token-endpoint/tests/login/mod.rs"]
mod login;
mod password;
mod password_timing;
#[path = "../../04-authorize-button/tests/scheme/mod.rs"]
mod scheme;
#[path = "../../09-scopes/tests/scopes/mod.rs"]
mod scopes;
#[path = "../../08-signed-tokens/tests/signed/mod.rs"]
mod signed;
#[path = "../../07-password-hashes/tests/timing/mod.rs"]
mod timing;
#[path = "../../06-current-user/tests/user/mod.rs"]
mod user;

/// What `/users/me` requires.
const SCOPE: &str = "me";
