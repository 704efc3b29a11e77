//! What must hold on every page of the book, in one look at each.

use std::{collections::BTreeSet, fs};

use serde_json::json;
use workshop_browser::{Browser, Failure, Scheme, axe, course, with_browser};
use xtask::course::hints::Check;

use crate::built::BuiltBook;

/// As narrow as WCAG 2.2 asks for (1.4.10), and a phone.
const NARROW: (u32, u32) = (320, 640);

/// axe does not look into what is folded away.
const UNFOLD: &str =
    "for (const details of document.querySelectorAll('details')) details.open = true";

#[test]
fn no_page_breaks_a_rule_of_accessibility() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        let mut broken = Vec::new();
        for page in book.pages()? {
            // A frame for readers without JavaScript has the heading of the page around it.
            let rules = if page == "toc.html" { axe::WCAG } else { axe::PAGE };
            browser.prefer(Scheme::Light).await?;
            browser.go(&book.page(&page)).await?;
            browser.run(UNFOLD).await?;
            for (scheme, rules) in [(Scheme::Light, rules), (Scheme::Dark, axe::COLOURS)] {
                browser.prefer(scheme).await?;
                let found = axe::findings(&browser, rules).await?;
                if found.passes == 0 || found.scheme != scheme.to_string() {
                    return Err(format!("{page} was not judged in {scheme}").into());
                }
                let broken_rules = found.violations.iter();
                broken.extend(broken_rules.map(|rule| format!("{page}, {scheme}: {rule}")));
            }
        }
        none(&broken)?;
        Ok(browser)
    });
}

#[test]
fn the_search_finds_what_is_inside_a_longer_word() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        browser.go(&book.page("glossary.html")).await?;
        browser.click("#mdbook-search-toggle").await?;
        for (words, page) in [
            ("invalid_token", "06-current-user.html"),
            ("WWW-Authenticate", "03-bearer-token.html"),
            ("refuses another scheme", "03-bearer-token.html"),
        ] {
            let search = format!(
                "const field = document.getElementById('mdbook-searchbar');
                 field.value = '{words}';
                 field.dispatchEvent(new KeyboardEvent('keyup'));"
            );
            browser.run(&search).await?;
            let found = "return [...document.querySelectorAll('#mdbook-searchresults li a')].map(a => a.href).join(' ')";
            browser.until(found, page).await.map_err(|failure| format!("{words}: {failure}"))?;
        }
        Ok(browser)
    });
}

#[test]
fn the_search_finds_each_check_on_every_page_that_shows_it() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        let mut words: BTreeSet<String> =
            ["invalid_token", "www-authenticate", "e0277"].map(str::to_owned).into();
        for step in &course()?.steps {
            words.extend(step.checks()?.iter().map(Check::words));
        }
        browser.go(&book.page("glossary.html")).await?;
        browser.click("#mdbook-search-toggle").await?;
        browser.type_keys("#mdbook-searchbar", "token".to_owned()).await?;
        browser.element("#mdbook-searchresults li a").await?;
        let search = "
            const [all, done] = arguments;
            const { index, doc_urls, search_options, results_options } = window.search;
            const loaded = elasticlunr.Index.load(index);
            const page = ({ ref }) => doc_urls[ref].split('#')[0];
            const search = words => loaded.search(words, search_options);
            done(all.map(words => search(words).slice(0, results_options.limit_results).map(page)));";
        let found = browser.run_async(search, vec![json!(words)]).await?;
        let found: Vec<BTreeSet<String>> = serde_json::from_value(found)?;
        let searched: BTreeSet<&String> = found.iter().flatten().collect();
        let mut missing = Vec::new();
        for page in book.pages()?.iter().filter(|page| searched.contains(page)) {
            let html = fs::read_to_string(book.page(page).trim_start_matches("file://"))?;
            let text = html.split("<main>").nth(1).unwrap_or_default().to_lowercase();
            let shown = words.iter().zip(&found).filter(|(words, _)| text.contains(*words));
            let lost = shown.filter(|(_, pages)| !pages.contains(page));
            missing.extend(lost.map(|(words, _)| format!("{page}: {words}")));
        }
        none(&missing)?;
        Ok(browser)
    });
}

#[test]
fn what_opens_breaks_no_rule_either() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        browser.prefer(Scheme::Light).await?;
        browser.go(&book.page("glossary.html")).await?;
        browser.click("#mdbook-search-toggle").await?;
        browser.type_keys("#mdbook-searchbar", "token".to_owned()).await?;
        browser.element("#mdbook-searchresults li a").await?;
        browser.click("#mdbook-theme-toggle").await?;
        let mut broken = Vec::new();
        for (scheme, rules) in [(Scheme::Light, axe::PAGE), (Scheme::Dark, axe::COLOURS)] {
            browser.prefer(scheme).await?;
            let found = axe::findings(&browser, rules).await?;
            broken.extend(found.violations.iter().map(|rule| format!("{scheme}: {rule}")));
        }
        none(&broken)?;
        Ok(browser)
    });
}

#[test]
fn nothing_scrolls_sideways_at_320_pixels_but_code_and_no_page_asks_a_host() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        let (width, height) = NARROW;
        browser.resize(width, height).await?;
        let mut faults = Vec::new();
        for page in book.pages()? {
            browser.go(&book.page(&page)).await?;
            browser.run(UNFOLD).await?;
            let wide = too_wide(&browser).await?;
            faults.extend(wide.iter().map(|what| format!("{page} is too narrow for {what}")));
            let hosts = browser.origins().await?;
            faults.extend(hosts.iter().map(|host| format!("{page} asks {host}")));
        }
        none(&faults)?;
        Ok(browser)
    });
}

/// The tests above can fail.
#[test]
fn a_planted_fault_is_seen() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        let (width, height) = NARROW;
        browser.resize(width, height).await?;
        browser.prefer(Scheme::Dark).await?;
        browser.go(&book.page("glossary.html")).await?;
        browser
            .run_async(
                "const done = arguments[0];
                 document.querySelector('main').innerHTML = '<p style=\"color: #333\">grey on black</p>'
                     + '<p style=\"width: 500px\">wide</p>';
                 const picture = new Image();
                 picture.alt = 'none';
                 picture.onerror = () => done(null);
                 picture.src = 'http://127.0.0.1:9/picture.png';",
                Vec::new(),
            )
            .await?;
        let found = axe::findings(&browser, axe::WCAG).await?;
        let rules: Vec<&str> = found.violations.iter().map(|broken| broken.rule.as_str()).collect();
        if !rules.contains(&"color-contrast") {
            return Err(format!("axe does not see grey on black, only {rules:?}").into());
        }
        if too_wide(&browser).await?.is_empty() {
            return Err("500 pixels on 320 were not seen".into());
        }
        if browser.origins().await? != ["http://127.0.0.1:9"] {
            return Err("the request for a picture was not seen".into());
        }
        Ok(browser)
    });
}

/// The elements that stick out to the right, unless something around them scrolls or hides them; and tables that scroll.
async fn too_wide(browser: &Browser) -> Result<Vec<String>, Failure> {
    let script = "
        const width = document.documentElement.clientWidth;
        const hides = element => getComputedStyle(element).overflowX !== 'visible';
        const inside = element => {
            for (let around = element.parentElement; around && around !== document.body; around = around.parentElement) {
                const kept = !around.matches('.page-wrapper, .content, #mdbook-body-container');
                if (kept && hides(around)) return true;
            }
            return false;
        };
        const sticksOut = element => element.getBoundingClientRect().right > width + 1 && !inside(element);
        const scrolls = element => element.matches('.table-wrapper') && element.scrollWidth > element.clientWidth + 1;
        return [...document.querySelectorAll('#mdbook-page-wrapper *')]
            .filter(element => sticksOut(element) || scrolls(element))
            .map(element => element.outerHTML.slice(0, 120));";
    Ok(serde_json::from_value(browser.run(script).await?)?)
}

fn none(faults: &[String]) -> Result<(), Failure> {
    match faults.len() {
        0 => Ok(()),
        count => Err(format!("{count} faults:\n{}", faults.join("\n")).into()),
    }
}
