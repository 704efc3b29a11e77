//! The token that the book takes apart is one that the solution issued, and it still issues such.

use std::fs;

use workshop_browser::{Browser, Failure, course, start_solution, with_browser};

use crate::built::BuiltBook;

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

#[test]
fn who_changes_a_claim_sees_that_the_signature_no_longer_fits() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        browser.go(&book.page("08-signed-tokens.html")).await?;
        says(&browser, "The signature fits").await?;
        let change = "const field = document.querySelector('.token li.claims textarea');
            field.value = field.value.replace('alice', 'carol');
            field.dispatchEvent(new Event('input'));";
        browser.run(change).await?;
        says(&browser, "no longer fits").await?;
        let claims = "return document.querySelector('.token pre .claims').textContent";
        let changed = browser.run(claims).await?;
        if changed.as_str().is_none_or(|changed| recorded().is_ok_and(|old| old.contains(changed)))
        {
            return Err(format!("the token still says {changed}").into());
        }
        browser.run("document.querySelector('.token .fits + button').click()").await?;
        says(&browser, "The signature fits").await?;
        Ok(browser)
    });
}

async fn says(browser: &Browser, words: &str) -> Result<(), Failure> {
    browser.until("return document.querySelector('.token .fits').textContent", words).await
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
