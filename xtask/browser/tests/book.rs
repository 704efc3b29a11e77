//! The built book in a browser, opened as a file: no server, no network, a keyboard.

use fantoccini::key::Key;
use workshop_book::render;
use workshop_browser::{Failure, course, with_browser};

#[test]
fn the_book_works_as_a_file_and_asks_no_host() {
    with_browser(async |browser| {
        let book = Book::build()?;
        browser.go(&book.page("03-bearer-token.html")).await?;
        let title = browser.text("main h1").await?;
        if title != "3. An extractor is a guard" {
            return Err(format!("the page has another title: {title}").into());
        }
        browser.element(".exchange pre").await?;
        browser.element("pre.diff ins").await?;
        match browser.origins().await?.first() {
            Some(origin) => Err(format!("the page asked {origin}").into()),
            None => Ok(browser),
        }
    });
}

#[test]
fn the_keyboard_reaches_the_text_and_the_contents() {
    with_browser(async |browser| {
        let book = Book::build()?;
        browser.go(&book.page("glossary.html")).await?;
        browser.element(".skip-link").await?;
        browser.element("#mdbook-sidebar-toggle[tabindex='0'][role='button']").await?;
        browser.type_keys("body", Key::Right + "").await?;
        let place = browser.run("return location.pathname").await?;
        if place.as_str().is_some_and(|place| place.ends_with("glossary.html")) {
            Ok(browser)
        } else {
            Err(format!("a bare arrow key turned the page to {place}").into())
        }
    });
}

/// The book, built for one test.
struct Book {
    folder: tempfile::TempDir,
}

impl Book {
    fn build() -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        render::build(&course()?.root, folder.path())?;
        Ok(Self { folder })
    }

    fn page(&self, name: &str) -> String {
        format!("file://{}", self.folder.path().join(name).display())
    }
}
