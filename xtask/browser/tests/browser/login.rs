//! Solution 9 in Swagger UI: a login, what it opens, and what it does not.

use harness::Server;
use workshop_browser::{
    Browser, Failure, start_solution,
    swagger::{ME, OWN_ITEMS, execute, fill_in, log_in},
    with_browser,
};

#[test]
fn alice_logs_in_and_reads_her_items() {
    with_browser(async |browser| {
        let _server = open_docs(&browser).await?;
        log_in(&browser, "alice", "wonderland", &["me", "items"]).await?;
        browser.click(".dialog-ux .btn-done").await?;
        browser.element(&format!("{OWN_ITEMS} .authorization__btn .locked")).await?;
        let answer = execute(&browser, OWN_ITEMS).await?;
        shows(&answer, "200")?;
        shows(&answer, r#""owner": "alice""#)?;
        Ok(browser)
    });
}

#[test]
fn carol_is_told_which_scopes_she_lacks() {
    with_browser(async |browser| {
        let _server = open_docs(&browser).await?;
        log_in(&browser, "carol", "christmas", &["me"]).await?;
        browser.click(".dialog-ux .btn-done").await?;
        let answer = execute(&browser, OWN_ITEMS).await?;
        shows(&answer, "403")?;
        shows(&answer, r#"www-authenticate: Bearer error="insufficient_scope",scope="me items""#)?;
        Ok(browser)
    });
}

#[test]
fn boxes_start_unticked_so_a_closed_padlock_may_still_mean_403() {
    with_browser(async |browser| {
        let _server = open_docs(&browser).await?;
        log_in(&browser, "alice", "wonderland", &[]).await?;
        browser.click(".dialog-ux .btn-done").await?;
        browser.element(&format!("{ME} .authorization__btn .locked")).await?;
        shows(&execute(&browser, ME).await?, "403")?;
        Ok(browser)
    });
}

#[test]
fn a_wrong_password_is_told_in_the_dialog() {
    with_browser(async |browser| {
        let _server = open_docs(&browser).await?;
        fill_in(&browser, "alice", "wrong", &[]).await?;
        browser.click(".dialog-ux .auth-btn-wrapper .authorize").await?;
        let error = browser.text(".dialog-ux .errors").await?;
        shows(&error, "Incorrect username or password")?;
        Ok(browser)
    });
}

#[test]
fn after_logging_out_there_is_no_way_in() {
    with_browser(async |browser| {
        let _server = open_docs(&browser).await?;
        log_in(&browser, "alice", "wonderland", &["me"]).await?;
        browser.click(".dialog-ux .auth-btn-wrapper button:not(.btn-done)").await?;
        browser.element(".dialog-ux #oauth_username").await?;
        browser.click(".dialog-ux .btn-done").await?;
        browser.element(&format!("{ME} .authorization__btn .unlocked")).await?;
        shows(&execute(&browser, ME).await?, "401")?;
        Ok(browser)
    });
}

fn shows(text: &str, expected: &str) -> Result<(), Failure> {
    if text.contains(expected) {
        Ok(())
    } else {
        Err(format!("expected `{expected}`, found:\n{text}").into())
    }
}

/// The solution's documentation, with the server that is to stay while it is used.
async fn open_docs(browser: &Browser) -> Result<Server, Failure> {
    let server = start_solution("9")?;
    browser.go(&format!("http://{}/docs/", server.address())).await?;
    Ok(server)
}
