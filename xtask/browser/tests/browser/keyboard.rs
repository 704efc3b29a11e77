//! The book without a mouse.

use fantoccini::key::Key;
use workshop_browser::{Browser, Failure, Scheme, with_browser};

use crate::built::BuiltBook;

#[test]
fn the_first_tab_leads_past_the_contents() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        browser.go(&book.page("glossary.html")).await?;
        press(&browser, Key::Tab).await?;
        is(&browser, "document.activeElement.textContent", "Skip to the text").await?;
        is(&browser, "document.activeElement.getBoundingClientRect().left >= 0", "true").await?;
        press(&browser, Key::Enter).await?;
        is(&browser, "document.activeElement.localName", "main").await?;
        Ok(browser)
    });
}

#[test]
fn the_contents_close_and_open() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        browser.go(&book.page("glossary.html")).await?;
        let shown = "getComputedStyle(document.querySelector('#mdbook-sidebar li a')).visibility";
        let expanded = "document.activeElement.getAttribute('aria-expanded')";
        browser.run("document.getElementById('contents-toggle').focus()").await?;
        is(&browser, expanded, "true").await?;
        for (key, open, visibility) in
            [(Key::Enter, "false", "hidden"), (Key::Space, "true", "visible")]
        {
            press(&browser, key).await?;
            is(&browser, expanded, open).await?;
            is(&browser, shown, visibility).await?;
        }
        is(&browser, "document.getElementById('mdbook-sidebar').style.display", "").await?;
        Ok(browser)
    });
}

#[test]
fn a_bare_key_turns_no_page_and_opens_no_search() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        browser.go(&book.page("glossary.html")).await?;
        for keys in
            [Key::Right + "", Key::Left + "", "s".to_owned(), "/".to_owned(), "?".to_owned()]
        {
            browser.type_keys("body", keys).await?;
        }
        is(&browser, "location.pathname.split('/').pop()", "glossary.html").await?;
        is(&browser, "document.activeElement.localName", "body").await?;
        is(&browser, "document.querySelector('#mdbook-search-wrapper.hidden') !== null", "true")
            .await?;
        is(
            &browser,
            "getComputedStyle(document.getElementById('mdbook-help-container')).display",
            "none",
        )
        .await?;
        Ok(browser)
    });
}

#[test]
fn arrow_keys_choose_light_or_dark() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        browser.prefer(Scheme::Light).await?;
        browser.go(&book.page("glossary.html")).await?;
        browser.run("document.getElementById('mdbook-theme-toggle').focus()").await?;
        press(&browser, Key::Enter).await?;
        is(&browser, "document.activeElement.textContent", "Light").await?;
        press(&browser, Key::Down).await?;
        is(&browser, "document.activeElement.textContent", "Dark").await?;
        press(&browser, Key::Enter).await?;
        is(&browser, "getComputedStyle(document.documentElement).colorScheme", "dark").await?;
        Ok(browser)
    });
}

#[test]
fn wide_code_can_be_reached_and_narrow_code_is_no_stop() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        browser.go(&book.page("03-bearer-token.html")).await?;
        for width in [320, 2000] {
            browser.resize(width, 1000).await?;
            let drawn = format!(
                "const codes = [...document.querySelectorAll('pre > code')].filter(code => code.checkVisibility());
                 const isWide = code => code.scrollWidth > code.clientWidth;
                 return String(innerWidth === {width} && (innerWidth > 320 || codes.some(isWide))
                     && codes.every(code => isWide(code) === code.matches('[tabindex=\"0\"][aria-label]')))"
            );
            browser.until(&drawn, "true").await?;
        }
        Ok(browser)
    });
}

/// Presses the key where the focus is.
async fn press(browser: &Browser, key: Key) -> Result<(), Failure> {
    browser.press(key + "").await
}

/// Fails unless the JavaScript expression gives this, as text.
async fn is(browser: &Browser, expression: &str, expected: &str) -> Result<(), Failure> {
    let found = browser.run(&format!("return String({expression})")).await?;
    if found == expected {
        Ok(())
    } else {
        Err(format!("`{expression}`: expected {expected}, found {found}").into())
    }
}
