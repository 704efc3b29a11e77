//! How scopes are written (RFC 6749 §3.3): words with one space between them.

use harness::{check, exchange};

use super::login;

#[test]
fn refuses_scopes_without_single_spaces_between_them() {
    check(|server| {
        for scope in ["me\titems", "me  items", " me", "me "] {
            exchange!(login(server, "alice", scope))?;
        }
        Ok(())
    });
}

#[test]
fn grants_each_scope_once() {
    check(|server| exchange!(login(server, "alice", "me items me")));
}
