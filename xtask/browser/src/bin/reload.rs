//! How long an author waits in front of the browser: from the save of a page to its new build, loaded.
#![allow(clippy::disallowed_methods, reason = "a maintainer's tool: what it writes is made again")]

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use workshop_book::server::Server;
use workshop_browser::{Browser, Failure, course, with_browser};
use xtask::{course::Course, files};

/// Saves that are timed.
const SAVES: usize = 9;

/// What the book is made from.
const PARTS: [&str; 4] = ["book", "solutions", "steps", "xtask/peers/fastapi"];

/// The page that is saved: as long as any.
const PAGE: &str = "09-scopes";

fn main() {
    with_browser(async |browser| {
        let course = course()?;
        let root = course.temporary().join("bench").join("reload");
        copy(&course.root, &root)?;
        let server = Server::bind(&Course::open(&root)?, 0)?;
        let address = server.address()?;
        // It ends with this process.
        thread::spawn(move || server.run());
        browser.go(&format!("{address}/{PAGE}.html")).await?;
        browser.element("#panel:not([hidden])").await?;
        let path = root.join("book").join("src").join(format!("{PAGE}.md"));
        let mut times = Vec::new();
        for number in 0..SAVES {
            let line = format!("This is line {number} of an author.");
            let text = files::read(&path)? + "\n" + &line + "\n";
            fs::write(&path, text)?;
            times.push(loaded(&browser, &line, SystemTime::now()).await?);
        }
        times.sort_unstable();
        let took = times[SAVES / 2];
        println!(
            "save of a page to its reload in Chromium: {took} ms (<= 500 ms), median of {SAVES}"
        );
        Ok(browser)
    });
}

/// Copies what the book is made from to an empty folder, so that no file of the learner's is touched.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    for part in PARTS {
        for file in files::below(&from.join(part))? {
            let copy = to.join(file.strip_prefix(from)?);
            files::create_folder(copy.parent().unwrap_or(to))?;
            fs::copy(&file, &copy)?;
        }
    }
    Ok(())
}

/// Milliseconds from `saved` until the page with this line was loaded, by the browser's own clock.
async fn loaded(browser: &Browser, line: &str, saved: SystemTime) -> Result<u128, Failure> {
    let main = "return document.readyState === 'complete' ? document.querySelector('main').textContent : ''";
    browser.until(main, line).await?;
    let at = browser
        .run("return performance.timeOrigin + performance.getEntriesByType('navigation')[0].loadEventEnd")
        .await?;
    let at = at.as_f64().ok_or("the browser tells no time")?;
    let saved = saved.duration_since(UNIX_EPOCH)?.as_secs_f64() * 1000.0;
    Ok(Duration::from_secs_f64((at - saved).max(0.0) / 1000.0).as_millis())
}
