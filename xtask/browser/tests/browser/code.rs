//! Code on a page, for the ear and for the clipboard.

use workshop_browser::{Browser, Failure, with_browser};

use crate::built::BuiltBook;

const UNFOLD: &str =
    "for (const details of document.querySelectorAll('details')) details.open = true";

#[test]
fn a_difference_can_be_heard() {
    with_browser(async |browser| {
        let book = open(&browser).await?;
        let heard = browser.heard().await?;
        for (said, sign) in [("added: ", "pre.diff ins"), ("removed: ", "pre.diff del")] {
            let (said, signs) =
                (heard.iter().filter(|text| *text == said).count(), browser.count(sign).await?);
            if signs == 0 || said != signs {
                return Err(format!("{signs} `{sign}`, and {said} of them are said").into());
            }
        }
        drop(book);
        Ok(browser)
    });
}

#[test]
fn a_difference_is_copied_as_the_new_code() {
    with_browser(async |browser| {
        let book = open(&browser).await?;
        for (way, script) in [("selected", SELECT), ("copied by its button", PRESS)] {
            let copied = browser.run_async(script, Vec::new()).await?;
            let copied = copied.as_str().ok_or("nothing was copied")?;
            let new = copied.contains("struct Secret {\n    token: String,");
            let old = copied.contains("struct Message {\n");
            let sign = copied.lines().any(|line| line.starts_with(['+', '-', '…']));
            if !new || old || sign {
                return Err(format!("{way}, the difference is this:\n{copied}").into());
            }
        }
        drop(book);
        Ok(browser)
    });
}

#[test]
fn a_snippet_is_copied_without_its_line_numbers() {
    with_browser(async |browser| {
        let book = open(&browser).await?;
        let script = SELECT.replace("pre.diff", ".snippet");
        let copied = browser.run_async(&script, Vec::new()).await?;
        let copied = copied.as_str().ok_or("nothing was copied")?;
        let is_number = |line: &str| line.trim().parse::<u32>().is_ok();
        let code = "struct ApiKey(u32);\n\nimpl<S: Send + Sync> FromRequestParts<S> for ApiKey {\n";
        if copied.contains(code) && !copied.lines().any(is_number) {
            drop(book);
            Ok(browser)
        } else {
            Err(format!("the snippet is copied as:\n{copied}").into())
        }
    });
}

const SELECT: &str = "const range = document.createRange();
    range.selectNodeContents(document.querySelector('pre.diff'));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    arguments[0](getSelection().toString());";

const PRESS: &str = "const done = arguments[0];
    document.execCommand = () => done(document.activeElement.value);
    document.querySelector('pre.diff .clip-button').click();";

/// Chapter 3 with everything unfolded.
async fn open(browser: &Browser) -> Result<BuiltBook, Failure> {
    let book = BuiltBook::build()?;
    browser.go(&book.page("03-bearer-token.html")).await?;
    browser.run(UNFOLD).await?;
    Ok(book)
}
