//! The console in a browser: nothing is shown before the reader asks, a token stays in the page's memory, and an
//! answer stays text.

use fantoccini::key::Key;
use serde_json::json;
use workshop_browser::{Browser, Failure, with_browser};
use xtask::course::Whose;

use crate::{
    built::BuiltBook,
    served::{ServedBook, is, picture, shows},
    step_server::StepServer,
};

const PAGE: &str = "06-current-user.html";
pub(crate) const LOGIN: &str =
    ".try[data-exchange='06-current-user/answers_a_good_login_with_a_token']";
const ME: &str = ".try[data-exchange='06-current-user/answers_who_is_asking']";

#[test]
fn the_answer_comes_when_it_is_asked_for() {
    with_browser(async |browser| {
        let book = ServedBook::serve()?;
        let step = StepServer::answering(&answer(r#"{"access_token":"a-token-of-alice"}"#));
        let _note = step.note(&book.course(), "06-current-user", Whose::Learner);
        book.open(&browser, PAGE).await?;
        shows(&browser.text(&format!("{LOGIN} pre")).await?, "POST /token HTTP/1.1")?;
        is(&json!(browser.count(&format!("{LOGIN} .shown pre")).await?), &json!(0))?;
        press(&browser, LOGIN).await?;
        shows(
            &browser.text(&format!("{LOGIN} .shown pre")).await?,
            "\"access_token\": \"a-token-of-alice\"",
        )?;
        shows(&browser.text(&format!("{LOGIN} .said")).await?, "200 OK, from your server on port")?;
        picture(&browser, "console").await?;
        let field =
            browser.run(&format!("return document.querySelector(\"{ME} input\").value")).await?;
        is(&field, &json!("a-token-of-alice"))?;
        press(&browser, ME).await?;
        browser.element(&format!("{ME} .shown pre")).await?;
        let sent: Vec<String> = step.received.try_iter().collect();
        let me = sent.last().map(String::as_str).unwrap_or_default();
        shows(me, "GET /users/me HTTP/1.1")?;
        shows(me, "authorization: Bearer a-token-of-alice")?;
        let kept = "return JSON.stringify([location.href, document.cookie, {...localStorage}, {...sessionStorage}])";
        match browser.run(kept).await?.as_str() {
            Some(kept) if !kept.contains("a-token-of-alice") => Ok(browser),
            kept => Err(format!("the token is kept: {kept:?}").into()),
        }
    });
}

#[test]
fn an_answer_stays_text() {
    with_browser(async |browser| {
        let book = ServedBook::serve()?;
        let attack =
            "<script>document.title='taken'</script><img src=x onerror=document.title='taken'>";
        let step = StepServer::answering(&answer(&json!({"access_token": attack}).to_string()));
        let _note = step.note(&book.course(), "06-current-user", Whose::Learner);
        book.open(&browser, PAGE).await?;
        press(&browser, LOGIN).await?;
        shows(&browser.text(&format!("{LOGIN} .shown pre")).await?, "<script>")?;
        is(&json!(browser.count(".try script, .try img").await?), &json!(0))?;
        let title = browser.run("return document.title").await?;
        if title == "taken" { Err("the answer ran".into()) } else { Ok(browser) }
    });
}

#[test]
fn a_server_that_does_not_run_is_told_in_one_line() {
    with_browser(async |browser| {
        let book = ServedBook::serve()?;
        book.open(&browser, PAGE).await?;
        press(&browser, LOGIN).await?;
        browser
            .until(
                &format!("return document.querySelector(\"{LOGIN} .said\").textContent"),
                "Next: cargo xtask learn 6",
            )
            .await?;
        Ok(browser)
    });
}

#[test]
fn a_book_of_files_has_no_console() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        browser.go(&book.page(PAGE)).await?;
        is(&json!(browser.count(".try button").await?), &json!(0))?;
        let height = browser
            .run(&format!("return document.querySelector(\"{LOGIN}\").offsetHeight"))
            .await?;
        is(&height, &json!(0))?;
        Ok(browser)
    });
}

/// Presses a console's first button by the keyboard, which must not lie behind the panel (WCAG 2.4.11).
pub(crate) async fn press(browser: &Browser, console: &str) -> Result<(), Failure> {
    let settled = "const height = document.querySelector('.foot').offsetHeight + 'px';
         return document.documentElement.style.scrollPaddingBottom === height ? 'settled' : ''";
    browser.until(settled, "settled").await?;
    let seen = format!(
        "const button = document.querySelector(\"{console} button\"); button.focus();
         const [low, high] = [button, document.querySelector('.foot')].map(part => part.getBoundingClientRect());
         return low.bottom <= high.top"
    );
    is(&browser.run(&seen).await?, &json!(true))?;
    browser.press(Key::Enter + "").await
}

pub(crate) fn answer(json: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{json}")
}
