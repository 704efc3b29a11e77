//! The panel on a step's page, in a browser: it follows the verdict, and nothing in a verdict becomes part of
//! the page.

use std::{sync::mpsc, time::Duration};

use fantoccini::key::Key;
use serde_json::json;
use workshop_browser::{Browser, Failure, with_browser};
use xtask::{
    session::{checking, watched},
    verdict::{CheckResult, Outcome, Verdict},
};

use crate::{
    built::BuiltBook,
    served::{ServedBook, is, picture, shows},
    verdicts::{failed, passed, save, verdict, with_tasks},
};

const STEP: &str = "03-bearer-token";

/// How long a press of a button may take to be noticed.
const LIMIT: Duration = Duration::from_secs(30);

#[test]
fn a_button_has_the_step_of_the_page_watched() {
    with_browser(async |browser| {
        let book = ServedBook::serve()?;
        let before = book.watch("05-token-endpoint")?;
        let (sender, asked_for) = mpsc::channel();
        let _listening = watched::listen(&book.course(), move |slug| {
            // The test may have ended.
            sender.send(slug).ok();
        })?;
        book.open(&browser, "03-bearer-token.html").await?;
        shows(&browser.text("#panel .quiet").await?, "You work on step 5")?;
        browser.click("#panel .switch").await?;
        is(&json!(asked_for.recv_timeout(LIMIT)?), &json!(STEP))?;
        drop(before);
        let _after = book.watch(STEP)?;
        let hidden = "return String(document.querySelector('#panel .quiet').hidden)";
        browser.until(hidden, "true").await?;
        Ok(browser)
    });
}

#[test]
fn the_panel_turns_green_when_the_verdict_does() {
    with_browser(async |browser| {
        let book = ServedBook::serve()?;
        save(&book.course(), &one_of_two_passes(&book, refuses("refuses two")));
        book.open(&browser, "03-bearer-token.html").await?;
        browser.element("#panel[data-mood='bad']").await?;
        shows(&browser.text("#panel .summary").await?, "Step 3: 1 of 2 checks pass.")?;
        browser.click("#panel .toggle").await?;
        shows(&browser.text("#panel .failed").await?, "FAIL refuses two")?;
        shows(&browser.text("#panel .passed").await?, "ok lists the items")?;
        browser.element("#panel .expected pre").await?;
        picture(&browser, "panel-red").await?;
        let said = "18 checks pass, 3 still running";
        let course = book.course();
        let running = checking::note(&course, course.step(STEP)?, said)?;
        let checking = "return document.querySelector('#panel .checking')?.textContent ?? 'none'";
        browser.until(checking, &format!("Checking: {said}")).await?;
        drop(running);
        browser.until(checking, "none").await?;
        let solved = vec![passed("lists_the_items")];
        save(&book.course(), &verdict(&book.course(), STEP, Outcome::Solved, solved));
        browser.element("#panel[data-mood='good']").await?;
        shows(&browser.text("#panel .summary").await?, "Step 3 is solved")?;
        shows(&browser.text("#panel a.next").await?, "Next: step 4")?;
        picture(&browser, "panel-green").await?;
        Ok(browser)
    });
}

#[test]
fn the_panel_takes_a_third_of_the_window_and_one_line_on_a_phone() {
    with_browser(async |browser| {
        let book = ServedBook::serve()?;
        let course = book.course();
        save(&course, &with_tasks(&course, STEP, true));
        let _watched = book.watch(STEP)?;
        browser.resize(1200, 600).await?;
        book.open(&browser, "03-bearer-token.html").await?;
        browser.click("#panel .toggle").await?;
        shows(&browser.text("#panel .groups .failed").await?, "Task 2  Let them in, 1 of 2")?;
        shows(&browser.text("#panel a.task").await?, "Task 2. Let them in")?;
        let third =
            "return 3 * document.querySelector('.foot').offsetHeight <= window.innerHeight + 3";
        is(&browser.run(third).await?, &json!(true))?;
        let scrolls = "const body = document.querySelector('#panel .body'); \
                       return body.scrollHeight > body.clientHeight && body.clientHeight > 40";
        is(&browser.run(scrolls).await?, &json!(true))?;
        shows(&browser.text("#mdbook-sidebar [data-step='current']").await?, "now")?;
        picture(&browser, "panel-tasks").await?;
        browser.click("#panel .toggle").await?;
        browser.resize(390, 844).await?;
        let line = "return String(document.querySelector('.foot').offsetHeight < 60)";
        browser.until(line, "true").await?;
        picture(&browser, "panel-phone").await?;
        Ok(browser)
    });
}

#[test]
fn a_verdict_s_text_stays_text() {
    with_browser(async |browser| {
        let book = ServedBook::serve()?;
        let attack = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\">";
        let side = |name: &str| exchange(&format!("200 OK\n{name}: {attack}"));
        let check = CheckResult {
            reproduce: Some(attack.to_owned()),
            ..failed(&attack.replace(' ', "_"), &side("expected"), &side("actual"))
        };
        let mut verdict = one_of_two_passes(&book, check);
        verdict.compiler = Some(attack.to_owned());
        save(&book.course(), &verdict);
        book.open(&browser, "03-bearer-token.html").await?;
        browser.click("#panel .toggle").await?;
        for place in [".got pre", "h2", ".failed"] {
            shows(&browser.text(&format!("#panel {place}")).await?, "<script>")?;
        }
        let count = browser.count("#panel script, #panel img").await?;
        let title = browser.run("return document.title").await?;
        match (count, title == "taken") {
            (0, false) => Ok(browser),
            _ => Err(format!("{count} elements came in, the title is {title}").into()),
        }
    });
}

#[test]
fn the_keyboard_opens_the_panel_and_is_not_thrown_out_by_a_new_verdict() {
    with_browser(async |browser| {
        let book = ServedBook::serve()?;
        save(&book.course(), &one_of_two_passes(&book, refuses("refuses two")));
        book.open(&browser, "03-bearer-token.html").await?;
        browser.element("#panel[data-mood='bad']").await?;
        let toggled =
            "const at = document.activeElement; return at.className || at.parentElement.className";
        tab_to(&browser, "skip-link", "#panel").await?;
        browser.press(Key::Enter + "").await?;
        browser.press(Key::Tab + "").await?;
        browser.until(toggled, "toggle").await?;
        is(&browser.run(toggled).await?, &json!("toggle"))?;
        browser.press(Key::Enter + "").await?;
        browser.element("#panel .toggle[aria-expanded='true']").await?;
        browser.press(Key::Tab + "").await?;
        browser.press(Key::Tab + "").await?;
        browser.until(toggled, "request").await?;
        is(&browser.run(toggled).await?, &json!("request"))?;
        let (refused, fault) =
            (exchange("401 Unauthorized"), exchange("500 Internal Server Error"));
        let other = failed("refuses_three", &refused, &fault);
        save(&book.course(), &one_of_two_passes(&book, other));
        browser
            .until("return document.querySelector('#panel h2').textContent", "refuses three")
            .await?;
        browser.until(toggled, "request").await?;
        is(&browser.run(toggled).await?, &json!("request"))?;
        Ok(browser)
    });
}

#[test]
fn a_new_build_keeps_the_panel_as_it_was() {
    with_browser(async |browser| {
        let book = ServedBook::serve()?;
        save(&book.course(), &one_of_two_passes(&book, refuses("refuses two")));
        book.open(&browser, "03-bearer-token.html").await?;
        browser.click("#panel .toggle").await?;
        book.checkout.append("book/src/03-bearer-token.md", "\nA sentence that is new.\n");
        browser
            .until("return document.querySelector('main').textContent", "A sentence that is new.")
            .await?;
        browser.element("#panel .toggle[aria-expanded='true']").await?;
        // The page is another one, and has to hear of the verdict first.
        let summary = "return document.querySelector('#panel .summary').innerText";
        browser.until(summary, "Step 3: 1 of 2 checks pass.").await?;
        book.checkout.append("book/src/03-bearer-token.md", "\n{{#lost}}\n");
        browser
            .until("return document.querySelector('.problem').textContent", "no directive `lost`")
            .await?;
        let failed = "return document.querySelector('#panel .failed').innerText";
        browser.until(failed, "FAIL refuses two").await?;
        picture(&browser, "panel-problem").await?;
        Ok(browser)
    });
}

#[test]
fn a_book_of_files_shows_the_command_and_no_panel() {
    with_browser(async |browser| {
        let book = BuiltBook::build()?;
        browser.go(&book.page("03-bearer-token.html")).await?;
        shows(&browser.text("main").await?, "cargo xtask verify 3")?;
        match browser.count(".foot, #panel, [src*='panel'], [href*='panel']").await? {
            0 => Ok(browser),
            count => {
                Err(format!("{count} parts of the panel are on a page without a server").into())
            }
        }
    });
}

/// Presses Tab until the link with this class and this address has the focus.
async fn tab_to(browser: &Browser, class: &str, href: &str) -> Result<(), Failure> {
    let here = format!("return document.activeElement.matches('.{class}[href=\"{href}\"]')");
    for _ in 0..10 {
        browser.press(Key::Tab + "").await?;
        if browser.run(&here).await? == true {
            return Ok(());
        }
    }
    Err(format!("ten tabs do not lead to .{class} {href}").into())
}

/// One check fails and one passes.
fn one_of_two_passes(book: &ServedBook, failing: CheckResult) -> Verdict {
    let checks = vec![failing, passed("lists_the_items")];
    verdict(&book.course(), STEP, Outcome::Failed, checks)
}

/// A check that should refuse, and lets in.
pub(crate) fn refuses(words: &str) -> CheckResult {
    let name = words.replace(' ', "_");
    failed(&name, &exchange("401 Unauthorized"), &exchange("200 OK"))
}

fn exchange(status: &str) -> String {
    format!("GET / HTTP/1.1\n\nHTTP/1.1 {status}")
}
