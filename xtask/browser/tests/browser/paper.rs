//! The book on paper: all of it, in order, with nothing folded away or cut off.

use std::fs;

use serde_json::Value;
use workshop_browser::{Failure, course, with_browser};

use crate::built::BuiltBook;

#[test]
fn the_print_view_holds_every_chapter_in_order() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        browser.go(&book.page("print.html")).await?;
        let titles = browser
            .run("return [...document.querySelectorAll('main h1')].map(title => title.textContent)")
            .await?;
        let expected: Vec<String> = chapters()?;
        let mut found = Vec::new();
        for page in &expected {
            browser.go(&book.page(page)).await?;
            found.push(browser.run("return document.querySelector('main h1').textContent").await?);
        }
        same(&titles, &Value::Array(found))?;
        Ok(browser)
    });
}

#[test]
fn paper_hides_no_answer_cuts_no_code_and_loses_no_link() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        browser.print_media().await?;
        browser.go(&book.page("print.html")).await?;
        let faults = browser
            .run(
                "const names = list => [...list].map(element => element.outerHTML.slice(0, 120));
                 const answers = [...document.querySelectorAll('details:not(.instructor, .instructor *)')];
                 const seen = details => [...details.children].every(part => part.checkVisibility({ contentVisibilityAuto: true }));
                 const code = [...document.querySelectorAll('pre > code')].filter(code => code.checkVisibility());
                 const links = [...document.querySelectorAll('main a[href^=\"#\"]')];
                 return {
                     answers: answers.length,
                     folded: names(answers.filter(details => !seen(details))),
                     cut: names(code.filter(code => code.scrollWidth > code.clientWidth + 1)),
                     lost: names(links.filter(link => !document.getElementById(link.hash.slice(1)))),
                     outside: names(document.querySelectorAll('main a:not([href^=\"#\"], [href*=\"://\"])')),
                 };",
            )
            .await?;
        if faults["answers"].as_u64().is_none_or(|count| count < 50) {
            return Err(format!("too few answers were looked at: {faults:#}").into());
        }
        for kind in ["folded", "cut", "lost", "outside"] {
            if faults[kind] != Value::Array(Vec::new()) {
                return Err(format!("{kind}: {:#}", faults[kind]).into());
            }
        }
        Ok(browser)
    });
}

#[test]
fn the_pdf_has_pages_and_an_outline() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        browser.go(&book.page("print.html")).await?;
        let pdf = browser.pdf().await?;
        let text = String::from_utf8_lossy(&pdf);
        let pages = text.matches("/Type /Page\n").count();
        if !text.starts_with("%PDF") || pages < chapters()?.len() || !text.contains("/Outlines") {
            return Err(format!("{} bytes with {pages} pages are no book", pdf.len()).into());
        }
        Ok(browser)
    });
}

/// The pages of the book as SUMMARY.md lists them.
fn chapters() -> Result<Vec<String>, Failure> {
    let summary = course()?.root.join("book").join("src").join("SUMMARY.md");
    let text = fs::read_to_string(summary)?;
    let links = text.lines().filter_map(|line| line.split_once("](")?.1.strip_suffix(".md)"));
    Ok(links.map(|name| format!("{name}.html")).collect())
}

fn same(found: &Value, expected: &Value) -> Result<(), Failure> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("expected {expected:#}, found {found:#}").into())
    }
}
