//! Panel, consoles and banner are for everybody: axe-core judges them, light and dark, and they fit 320 pixels.

use workshop_browser::{Failure, Scheme, axe, with_browser};
use xtask::{
    course::Whose,
    verdict::{CheckResult, Outcome, diagnosis::Diagnosis},
};

use crate::{
    console::{self, LOGIN},
    panel,
    served::{ServedBook, picture},
    step_server::StepServer,
    verdicts::{passed, save, verdict},
};

const PAGE: &str = "06-current-user.html";

/// Elements of ours that stick out of the window, unless something around them scrolls.
const TOO_WIDE: &str = "
    const width = document.documentElement.clientWidth;
    return [...document.querySelectorAll('.foot, .foot *, .try, .try *')]
        .filter(part => part.getBoundingClientRect().right > width + 1 && !part.closest('pre'))
        .map(part => part.outerHTML.slice(0, 120));";

#[test]
fn what_a_served_page_adds_breaks_no_rule_and_fits_320_pixels() {
    with_browser(async |browser| {
        let book = ServedBook::serve()?;
        let step =
            StepServer::answering(&console::answer(r#"{"access_token":"a-token-of-alice"}"#));
        let _note = step.note(&book.course(), "06-current-user", Whose::Learner);
        let _watched = book.watch("03-bearer-token")?;
        let known = Diagnosis {
            name: "x".to_owned(),
            says: "You read the first.".to_owned(),
            why: "RFC 9110 §5.3".to_owned(),
            read: "06-current-user.html#task-2-find-the-user".to_owned(),
            file: Some("steps/06-current-user/src/main.rs".to_owned()),
            line: Some(87),
            code: Some("get(header::AUTHORIZATION)".to_owned()),
            error: None,
        };
        let words = "refuses a header that is longer than any header should be";
        let check = CheckResult { mistake: Some(known), ..panel::refuses(words) };
        let checks = vec![check, passed("lists_the_items")];
        let verdict = verdict(&book.course(), "06-current-user", Outcome::Failed, checks);
        save(&book.course(), &verdict);
        browser.prefer(Scheme::Light).await?;
        book.open(&browser, PAGE).await?;
        browser.run("document.querySelector('#panel .toggle').click()").await?;
        console::press(&browser, LOGIN).await?;
        browser.element(&format!("{LOGIN} .shown pre")).await?;
        book.checkout.append("book/src/glossary.md", "\n{{#lost}}\n");
        browser.element(".problem pre").await?;
        let mut faults = Vec::new();
        for scheme in [Scheme::Light, Scheme::Dark] {
            browser.prefer(scheme).await?;
            let found = axe::findings(&browser, axe::PAGE).await?;
            if found.passes == 0 || found.scheme != scheme.to_string() {
                return Err(format!("the page was not judged in {scheme}").into());
            }
            faults.extend(found.violations.iter().map(|rule| format!("{scheme}: {rule}")));
            picture(&browser, &format!("live-{scheme}")).await?;
        }
        browser.resize(320, 640).await?;
        book.open(&browser, PAGE).await?;
        browser.element(".problem pre").await?;
        console::press(&browser, LOGIN).await?;
        browser.element(&format!("{LOGIN} .shown pre")).await?;
        let wide: Vec<String> = serde_json::from_value(browser.run(TOO_WIDE).await?)?;
        picture(&browser, "live-narrow").await?;
        faults.extend(wide);
        if faults.is_empty() { Ok(browser) } else { Err(Failure::from(faults.join("\n"))) }
    });
}
