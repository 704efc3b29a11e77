//! Tokens that mean nothing by themselves: asked of steps 5 to 7.

use harness::{Failure, check};

#[test]
fn gives_every_login_a_token_of_its_own() {
    check(|server| {
        let first = server.log_in("alice", "wonderland", "")?;
        let second = server.log_in("alice", "wonderland", "")?;
        if first.text() == second.text() {
            Err(Failure::new("another token at every login", "the same token twice"))
        } else {
            Ok(())
        }
    });
}

/// 128 bits make 22 characters of base64url (RFC 6749 §10.10, RFC 6750 §2.1).
#[test]
fn issues_tokens_that_nobody_guesses() {
    check(|server| {
        let token = server.log_in("alice", "wonderland", "")?;
        let fits = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
        if token.text().len() < 22 || !token.text().chars().all(fits) {
            let expected = "at least 22 characters, letters, digits or -._~+/=";
            return Err(Failure::new(expected, format!("`{}`", token.text())));
        }
        if token.text().contains("alice") {
            return Err(Failure::new("a token that says nothing", "the user's name is in it"));
        }
        let next = server.log_in("alice", "wonderland", "")?;
        let pairs = token.text().bytes().zip(next.text().bytes());
        // The same one twice is told by another check.
        if next.text() != token.text() && pairs.filter(|(one, other)| one != other).count() < 16 {
            let expected = "a next token that differs in at least 16 characters";
            return Err(Failure::new(expected, "the next token is almost the same"));
        }
        Ok(())
    });
}
