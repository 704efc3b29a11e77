//! Tokens that mean nothing by themselves: asked of steps 5 to 7.

use std::collections::BTreeSet;

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
        let mut tokens = vec![token.text().to_owned()];
        for _ in 1..TOKENS {
            tokens.push(server.log_in("alice", "wonderland", "")?.text().to_owned());
        }
        // One token for every login is what `gives_every_login_a_token_of_its_own` is about.
        let is_always_the_same = tokens.iter().all(|other| *other == tokens[0]);
        if !is_always_the_same && bits(&tokens) < FEWEST {
            let expected = "a token of at least 128 random bits";
            let actual = format!("too little of it changes from token to token, of {TOKENS}");
            return Err(Failure::new(expected, actual));
        }
        Ok(())
    });
}

/// How many tokens are compared.
const TOKENS: usize = 8;

/// RFC 6749 §10.10 asks for 128. A UUID has 122, and what is counted here is a guess: this is far enough from it.
const FEWEST: f64 = 96.0;

/// How many bits of these tokens change, at most: a place where they differ has one of so many characters.
fn bits(tokens: &[String]) -> f64 {
    let mut places = 0.0;
    let mut characters = BTreeSet::new();
    for place in 0..tokens[0].len() {
        let here: BTreeSet<u8> =
            tokens.iter().filter_map(|token| token.as_bytes().get(place).copied()).collect();
        if here.len() > 1 {
            places += 1.0;
            characters.extend(here);
        }
    }
    places * f64::from(u32::try_from(characters.len()).unwrap_or_default().max(1)).log2()
}
