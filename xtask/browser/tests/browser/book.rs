//! The built book in a browser, opened as a file: no server, no network.

use workshop_browser::with_browser;

use crate::built::BuiltBook;

#[test]
fn the_book_works_as_a_file_and_asks_no_host() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
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
