//! Solution 4 in Swagger UI: what a learner sees at the end of step 4.

use workshop_browser::{Failure, start_solution, with_browser};

const SECRET: &str = "[id$='-secret'].opblock";
const ITEMS: &str = "[id$='-items'].opblock";

#[test]
fn the_authorize_button_is_on_the_page() {
    with_browser(async |browser| {
        let server = start_solution("4")?;
        browser.go(&format!("http://{}/docs/", server.address())).await?;
        let label = browser.text(".auth-wrapper .btn.authorize").await?;
        expect("the button's label", label.as_str(), "Authorize")?;
        Ok(browser)
    });
}

#[test]
fn the_padlock_is_on_the_secret_and_not_on_the_items() {
    with_browser(async |browser| {
        let server = start_solution("4")?;
        browser.go(&format!("http://{}/docs/", server.address())).await?;
        browser.element(&format!("{SECRET} .authorization__btn")).await?;
        browser.element(ITEMS).await?;
        expect(
            "padlocks on /items",
            &browser.count(&format!("{ITEMS} .authorization__btn")).await?,
            &0,
        )?;
        Ok(browser)
    });
}

#[test]
fn the_dialog_shows_the_password_flow_and_where_it_leads() {
    with_browser(async |browser| {
        let server = start_solution("4")?;
        browser.go(&format!("http://{}/docs/", server.address())).await?;
        browser.click(".auth-wrapper .btn.authorize").await?;
        let dialog = browser.text(".dialog-ux .auth-container").await?;
        for part in
            ["OAuth2PasswordBearer (OAuth2, password)", "Token URL: /token", "Flow: password"]
        {
            if !dialog.contains(part) {
                return Err(
                    format!("expected `{part}` in the dialog, which says:\n{dialog}").into()
                );
            }
        }
        Ok(browser)
    });
}

#[test]
fn without_a_token_execute_shows_401() {
    with_browser(async |browser| {
        let server = start_solution("4")?;
        browser.go(&format!("http://{}/docs/", server.address())).await?;
        browser.click(&format!("{SECRET} .opblock-summary-control")).await?;
        browser.click(&format!("{SECRET} .try-out__btn")).await?;
        browser.click(&format!("{SECRET} .execute")).await?;
        let answer = format!("{SECRET} .live-responses-table .response");
        let status = browser.text(&format!("{answer} .response-col_status")).await?;
        expect("the status", status.lines().next().unwrap_or_default(), "401")?;
        let body = browser.text(&answer).await?;
        if !body.contains("Not authenticated") {
            return Err(
                format!("expected `Not authenticated` in the answer, which says:\n{body}").into()
            );
        }
        Ok(browser)
    });
}

#[test]
fn the_page_asks_no_other_host() {
    with_browser(async |browser| {
        let server = start_solution("4")?;
        browser.go(&format!("http://{}/docs/", server.address())).await?;
        browser.element(SECRET).await?;
        let origins = browser.origins().await?;
        if origins.is_empty() {
            return Err("the page made no request at all, so nothing was seen".into());
        }
        let ours = format!("http://{}", server.address());
        for origin in origins {
            expect("the host of every request", &origin, &ours)?;
        }
        Ok(browser)
    });
}

fn expect<T: PartialEq + std::fmt::Display + ?Sized>(
    what: &str,
    found: &T,
    expected: &T,
) -> Result<(), Failure> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what}: expected {expected}, found {found}").into())
    }
}
