//! Swagger UI as a reader uses it: the dialog, the login, one operation tried out.

use crate::{Browser, Failure};

/// The operation `/users/me`, as a CSS selector.
pub const ME: &str = "[id$='-me'].opblock";

/// The operation `/users/me/items`.
pub const OWN_ITEMS: &str = "[id$='-own_items'].opblock";

/// Opens the dialog, ticks the scopes, and fills in the form.
pub async fn fill_in(
    browser: &Browser,
    username: &str,
    password: &str,
    scopes: &[&str],
) -> Result<(), Failure> {
    browser.click(".auth-wrapper .btn.authorize").await?;
    for scope in ["me", "items"] {
        let id = format!("#{scope}-password-checkbox-OAuth2PasswordBearer");
        let ticked = browser.run(&format!("return document.querySelector('{id}').checked")).await?;
        if ticked != false {
            return Err(
                format!("the box of `{scope}` is there and unticked: found {ticked}").into()
            );
        }
    }
    for scope in scopes {
        browser
            .click(&format!("label[for='{scope}-password-checkbox-OAuth2PasswordBearer'] .item"))
            .await?;
    }
    browser.type_keys("#oauth_username", username.to_owned()).await?;
    browser.type_keys("#oauth_password", password.to_owned()).await
}

/// Logs in and waits until the dialog says so.
pub async fn log_in(
    browser: &Browser,
    username: &str,
    password: &str,
    scopes: &[&str],
) -> Result<(), Failure> {
    fill_in(browser, username, password, scopes).await?;
    browser.click(".dialog-ux .auth-btn-wrapper .authorize").await?;
    let title = browser.text(".dialog-ux .auth-container h6").await?;
    if title.contains("Authorized") {
        Ok(())
    } else {
        Err(format!("expected `Authorized` in the dialog, found: {title}").into())
    }
}

/// Presses "Try it out" and "Execute", and gives the answer as the page shows it.
pub async fn execute(browser: &Browser, operation: &str) -> Result<String, Failure> {
    browser.click(&format!("{operation} .opblock-summary-control")).await?;
    browser.click(&format!("{operation} .try-out__btn")).await?;
    browser.click(&format!("{operation} .execute")).await?;
    browser.text(&format!("{operation} .live-responses-table .response")).await
}
