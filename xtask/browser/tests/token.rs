//! The token that the book takes apart is one that the solution issued, and it still issues such.
#![allow(clippy::disallowed_methods, reason = "a test writes files as anybody may")]

use std::fs;

use workshop_browser::{Failure, course, start_solution};

const STEP: &str = "08-signed-tokens";

#[test]
fn the_book_s_token_was_signed_by_a_solution() -> Result<(), Failure> {
    let token = recorded()?;
    if !forgery::is_signed_with_the_secret(&token) {
        return Err(format!("nobody with the key of the checks signed {token}").into());
    }
    let (start, last) = token.split_at(token.len() - 2);
    let changed = format!("{start}{}", if last == "AA" { "BB" } else { "AA" });
    if forgery::is_signed_with_the_secret(&changed) {
        return Err(format!("a changed signature was taken for a good one: {changed}").into());
    }
    Ok(())
}

#[test]
fn the_solution_still_issues_such_tokens() -> Result<(), Failure> {
    let server = start_solution(STEP)?;
    let issued = server.log_in("alice", "wonderland", "");
    let issued = issued.map_err(|failure| format!("{failure:?}"))?;
    let (old, new) = (described(&recorded()?)?, described(issued.text())?);
    if old == new {
        Ok(())
    } else {
        Err(format!("the book shows {old:?}, the solution says {new:?}: `cargo xtask screenshots`")
            .into())
    }
}

fn recorded() -> Result<String, Failure> {
    let path = course()?.root.join("book").join("tokens").join(format!("{STEP}.txt"));
    Ok(fs::read_to_string(path)?.trim().to_owned())
}

/// The header as it is, and the names of the claims: what is the same in every token.
fn described(token: &str) -> Result<(String, Vec<String>), Failure> {
    let header = token.split('.').next().unwrap_or_default().to_owned();
    let claims = forgery::claims(token).ok_or("no claims")?;
    Ok((header, claims.keys().cloned().collect()))
}
