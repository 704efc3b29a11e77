//! Takes what the book shows of running servers: pictures of Swagger UI and of the board, and a token. `cargo xtask screenshots`.
#![allow(clippy::disallowed_methods, reason = "a maintainer's tool: what it writes is made again")]

use std::{fs, path::PathBuf};

use workshop_browser::{
    Browser, Failure, Scheme,
    board::{self, Process},
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
    browser.go(&format!("{}/docs/", server.address())).await?;
    browser.picture_of(".opblock-tag-section", &picture("padlocks")?).await?;
    browser.resize(WINDOW.0, 760).await?;
    browser.click(".auth-wrapper .btn.authorize").await?;
    browser.element(".dialog-ux .auth-container").await?;
    browser.screenshot(&picture("authorize")?).await?;
    browser.resize(WINDOW.0, WINDOW.1).await
}

async fn scopes_and_what_they_forbid(browser: &Browser) -> Result<(), Failure> {
    let server = start_solution("9")?;
    browser.go(&format!("{}/docs/", server.address())).await?;
    swagger::fill_in(browser, "alice", "wonderland", &[]).await?;
    let to_the_boxes = "document.querySelector('.dialog-ux .modal-ux-content').scrollTop = 10000";
    browser.run(to_the_boxes).await?;
    browser.picture_of(".dialog-ux .modal-ux", &picture("scopes")?).await?;
    browser.go(&format!("{}/docs/", server.address())).await?;
    swagger::log_in(browser, "alice", "wonderland", &[]).await?;
    browser.click(".dialog-ux .btn-done").await?;
    swagger::execute(browser, ME).await?;
    browser.picture_of(ME, &picture("forbidden")?).await
}

/// A class of 28, as the instructor sees it, and as everybody in the room does.
async fn the_board(browser: &Browser) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let board = Process::start(&board::program()?, &folder, "127.0.0.1:0")?;
    let (address, password) = (board.said("Listening")?, board.said("The instructor's password")?);
    let count = "return document.getElementById('count').innerText";
    browser.resize(1024, 1000).await?;
    browser.go(address).await?;
    board::fill(browser, board.said("Code")?, 0..28).await?;
    board::log_in(browser, password).await?;
    browser.until(count, "28").await?;
    browser.type_keys("#go-to input", "4".to_owned()).await?;
    browser.click("#go-to button").await?;
    browser.until("return document.getElementById('asked').innerText", "step 4").await?;
    browser.screenshot(&picture("board")?).await?;
    browser.resize(1024, 768).await?;
    browser.go(address).await?;
    browser.click("input[value=show]").await?;
    board::log_in(browser, password).await?;
    browser.until(count, "28").await?;
    browser.screenshot(&picture("projector")?).await
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
