//! Takes what the book shows of running servers: pictures of Swagger UI and of the board, and a token. `cargo xtask screenshots`.
#![allow(clippy::disallowed_methods, reason = "a maintainer's tool: what it writes is made again")]

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use workshop_browser::{
    Browser, Failure, Scheme,
    board::{self, Room},
    course, start_solution,
    swagger::{self, ME},
    with_browser,
};

/// Wide enough for Swagger UI's own layout, and as high as its longest picture.
const WINDOW: (u32, u32) = (1000, 1408);

fn main() -> Result<(), Failure> {
    token("08-signed-tokens")?;
    with_browser(async |browser| {
        let (width, height) = WINDOW;
        browser.resize(width, height).await?;
        browser.prefer(Scheme::Light).await?;
        locked_routes_and_the_dialog(&browser).await?;
        scopes_and_what_they_forbid(&browser).await?;
        the_board(&browser).await?;
        Ok(browser)
    });
    Ok(())
}

async fn locked_routes_and_the_dialog(browser: &Browser) -> Result<(), Failure> {
    let server = start_solution("4")?;
    browser.go(&format!("http://{}/docs/", server.address())).await?;
    browser.picture_of(".opblock-tag-section", &picture("padlocks")?).await?;
    browser.resize(WINDOW.0, 760).await?;
    browser.click(".auth-wrapper .btn.authorize").await?;
    browser.element(".dialog-ux .auth-container").await?;
    browser.screenshot(&picture("authorize")?).await?;
    browser.resize(WINDOW.0, WINDOW.1).await
}

async fn scopes_and_what_they_forbid(browser: &Browser) -> Result<(), Failure> {
    let server = start_solution("9")?;
    browser.go(&format!("http://{}/docs/", server.address())).await?;
    swagger::fill_in(browser, "alice", "wonderland", &[]).await?;
    let to_the_boxes = "document.querySelector('.dialog-ux .modal-ux-content').scrollTop = 10000";
    browser.run(to_the_boxes).await?;
    browser.picture_of(".dialog-ux .modal-ux", &picture("scopes")?).await?;
    browser.go(&format!("http://{}/docs/", server.address())).await?;
    swagger::log_in(browser, "alice", "wonderland", &[]).await?;
    browser.click(".dialog-ux .btn-done").await?;
    swagger::execute(browser, ME).await?;
    browser.picture_of(ME, &picture("forbidden")?).await
}

/// A class of 28, as the instructor sees it, and as everybody in the room does.
async fn the_board(browser: &Browser) -> Result<(), Failure> {
    let room = Room::open()?;
    let count = "return document.getElementById('count').innerText";
    browser.resize(1024, 1000).await?;
    browser.go(room.address()).await?;
    board::fill(browser, &room.code, 0..28, &verdicts()?).await?;
    board::log_in(browser, &room.password).await?;
    browser.until(count, "28").await?;
    browser.type_keys("#go-to input", "4".to_owned()).await?;
    browser.click("#go-to button").await?;
    browser.until("return document.getElementById('asked').innerText", "step 4").await?;
    browser.screenshot(&picture("board")?).await?;
    browser.resize(1024, 768).await?;
    browser.go(room.address()).await?;
    browser.click("input[value=show]").await?;
    board::log_in(browser, &room.password).await?;
    browser.until(count, "28").await?;
    browser.screenshot(&picture("projector")?).await
}

/// Where the class is: most at step 3, each kept by something that keeps people there.
fn verdicts() -> Result<Value, Failure> {
    let course = course()?;
    let (second, third) = (course.step("2")?.checks()?.len(), course.step("3")?.checks()?.len());
    let fails = |missing: usize, failing: &str, finding: &str| {
        json!({"step": 3, "passed": third - missing, "checks": third, "core": missing < 3,
            "failing": failing, "finding": finding})
    };
    let mistake = |name: &str, mut verdict: Value| {
        verdict["mistake"] = json!(name);
        verdict
    };
    Ok(json!([
        fails(15, "refuses_a_request_without_a_token", "let_in"),
        fails(4, "refuses_a_scheme_without_a_token", "let_in"),
        {"step": 3, "passed": third, "checks": third, "core": true},
        mistake("no-challenge", fails(12, "refuses_a_request_without_a_token", "header")),
        fails(1, "refuses_a_token_of_two_words", "let_in"),
        {"step": 2, "passed": second, "checks": second, "core": true},
        mistake("second-word-only", fails(6, "refuses_another_scheme", "let_in")),
    ]))
}

/// A token that this solution issues to alice, as it is.
fn token(slug: &str) -> Result<(), Failure> {
    let server = start_solution(slug)?;
    let token =
        server.log_in("alice", "wonderland", "").map_err(|failure| format!("{failure:?}"))?;
    let path = course()?.root.join("book").join("tokens").join(format!("{slug}.txt"));
    fs::write(&path, format!("{}\n", token.text()))?;
    println!("{}", path.display());
    Ok(())
}

/// Where the book publishes it.
fn picture(name: &str) -> Result<PathBuf, Failure> {
    let folder = course()?.root.join("book").join("src").join("pictures");
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{name}.png"));
    println!("{}", path.display());
    Ok(path)
}
