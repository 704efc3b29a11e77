//! Prints the book to `target/workshop/book.pdf`: `cargo xtask pdf`.
#![allow(clippy::disallowed_methods, reason = "a maintainer's tool: what it writes is made again")]

use std::fs;

use workshop_book::render;
use workshop_browser::{Failure, course, with_browser};

fn main() -> Result<(), Failure> {
    let course = course()?;
    let folder = course.temporary().join("book-on-paper");
    render::build(&course.root, &folder)?;
    let page = format!("file://{}", folder.join("print.html").display());
    let file = course.temporary().join("book.pdf");
    with_browser(async |browser| {
        browser.go(&page).await?;
        fs::write(&file, browser.pdf().await?)?;
        println!("The book on paper is {}", file.display());
        Ok(browser)
    });
    Ok(())
}
