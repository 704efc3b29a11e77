//! The lists and cards of a page follow the verdict, and *Compare* opens itself only where nothing on screen moves.

use serde_json::{Value, json};
use workshop_browser::{Browser, Failure, Scheme, axe, with_browser};
use xtask::verdict::Outcome;

use crate::{
    served::{ServedBook, is, picture, shows},
    tasks::{self, STEP, judged},
    verdicts::{save, verdict},
};

const CARD: &str = "\
# Tasks

## Your tasks

### Task 1. Say yes

{{#task 1}}
file: src/main.rs
item: the function `yes`
{{/task}}

{{#need}}
- `true`
{{/need}}

{{#compare 11-tasks:yes task=1}}
It is `true`.
{{/compare}}

";

const NEXT: &str = "\
### Task 2. Say no

{{#task 2}}
file: src/main.rs
item: impl No for Server
signature: fn no(&self, question: &str) -> bool
{{/task}}

{{#compare 11-tasks:no task=2}}
It depends.
{{/compare}}

{{#checks 11-tasks new}}

";

/// More than a window.
fn far() -> String {
    "A line.\n\n".repeat(60)
}

fn serve(page: &str) -> Result<ServedBook, Failure> {
    let book = ServedBook::serve_with(|checkout| {
        tasks::write_to(checkout.root());
        checkout.append("book/src/11-tasks.md", &format!("{page}\n## Explain it back\n"));
        checkout.append("book/src/SUMMARY.md", "\n[Tasks](11-tasks.md)\n");
    })?;
    judge(&book, Outcome::NotStarted, &[]);
    Ok(book)
}

fn judge(book: &ServedBook, outcome: Outcome, passing: &[&str]) {
    save(&book.course(), &judged(&book.course(), outcome, passing));
}

/// What is open, and where the second heading is on screen.
const SEEN: &str = "
    const open = [...document.querySelectorAll('.compare')].map(compare => compare.open);
    return [open, Math.round(document.querySelector('#task-2-say-no').getBoundingClientRect().top)]";

async fn until_marked(browser: &Browser, task: u8) -> Result<(), Failure> {
    browser.element(&format!(".compare[data-task='{task}'][data-state='ok']")).await?;
    // Two frames later everything has its place.
    let frames = "requestAnimationFrame(() => requestAnimationFrame(() => arguments[0](true)))";
    browser.run_async(frames, Vec::new()).await?;
    Ok(())
}

#[test]
fn lists_and_cards_say_how_the_checks_stand() {
    with_browser(async |browser| {
        let book = serve(&format!("{CARD}{NEXT}"))?;
        book.open(&browser, "11-tasks.html").await?;
        browser.element(".new-checks [data-check='says_yes'][data-state='todo']").await?;
        is(&json!(browser.text(".count").await?), &json!("0 of 4 checks"))?;
        judge(&book, Outcome::Failed, &["says_yes", "says_no_twice"]);
        browser.element(".task [data-check='says_yes'][data-state='ok']").await?;
        browser
            .until("return document.querySelector('.count').textContent", "1 of 4 checks")
            .await?;
        shows(&browser.heard().await?.join(" "), "ok  says yes")?;
        let mut faults = Vec::new();
        for scheme in [Scheme::Light, Scheme::Dark] {
            browser.prefer(scheme).await?;
            let found = axe::findings(&browser, axe::PAGE).await?;
            faults.extend(found.violations.iter().map(|rule| format!("{scheme}: {rule}")));
            picture(&browser, &format!("tasks-{scheme}")).await?;
        }
        is(&json!(faults), &json!([]))?;
        save(&book.course(), &verdict(&book.course(), STEP, Outcome::DoesNotCompile, Vec::new()));
        let unknown =
            "return document.querySelector('[data-check][data-state]') ? '' : 'nobody knows'";
        browser.until(unknown, "nobody knows").await?;
        is(&json!(browser.text(".count").await?), &json!("4 checks"))?;
        Ok(browser)
    });
}

#[test]
fn compare_is_marked_where_it_is_read_and_left_as_it_is() {
    with_browser(async |browser| {
        let book = serve(&format!("{CARD}{NEXT}"))?;
        book.open(&browser, "11-tasks.html").await?;
        let before = browser.run(SEEN).await?;
        judge(&book, Outcome::Failed, &["says_yes"]);
        until_marked(&browser, 1).await?;
        is(&before, &browser.run(SEEN).await?)?;
        is(&before[0], &json!([false, false]))?;
        is(&json!(browser.count(".compare[data-state='ok']").await?), &json!(1))?;
        Ok(browser)
    });
}

#[test]
fn compare_below_the_window_opens_itself_once() {
    with_browser(async |browser| {
        let book = serve(&format!("{}{CARD}{}{NEXT}", far(), far()))?;
        book.open(&browser, "11-tasks.html").await?;
        judge(&book, Outcome::Failed, &["says_yes"]);
        until_marked(&browser, 1).await?;
        is(&browser.run(SEEN).await?[0], &json!([true, false]))?;
        browser.run("document.querySelector('.compare').open = false").await?;
        judge(&book, Outcome::Failed, &["says_yes", "says_no"]);
        until_marked(&browser, 2).await?;
        is(&browser.run(SEEN).await?[0], &json!([false, true]))?;
        Ok(browser)
    });
}

#[test]
fn compare_above_the_window_opens_itself_and_the_reader_s_line_stays() {
    with_browser(async |browser| {
        let book = serve(&format!("{CARD}{}{NEXT}{}", far(), far()))?;
        book.open(&browser, "11-tasks.html").await?;
        browser.run("document.querySelector('#task-2-say-no').scrollIntoView()").await?;
        let before = browser.run(SEEN).await?;
        judge(&book, Outcome::Failed, &["says_yes", "says_no"]);
        until_marked(&browser, 2).await?;
        let after = browser.run(SEEN).await?;
        is(&after[1], &before[1])?;
        is(&after[0], &json!([true, false]))?;
        Ok(browser)
    });
}

#[test]
fn compare_that_its_reader_has_closed_stays_closed() {
    with_browser(async |browser| {
        let book = serve(&format!("{CARD}{}{NEXT}{}", far(), far()))?;
        book.open(&browser, "11-tasks.html").await?;
        let press = "const summary = document.querySelector('.compare summary'); summary.click(); summary.click();
             document.querySelector('#task-2-say-no').scrollIntoView()";
        browser.run(press).await?;
        judge(&book, Outcome::Failed, &["says_yes"]);
        until_marked(&browser, 1).await?;
        is(&browser.run(SEEN).await?[0], &json!([false, false]))?;
        Ok(browser)
    });
}

#[test]
fn cards_fit_a_phone() {
    with_browser(async |browser| {
        let book = serve(&format!("{CARD}{NEXT}"))?;
        browser.resize(390, 800).await?;
        book.open(&browser, "11-tasks.html").await?;
        browser
            .run("for (const details of document.querySelectorAll('details')) details.open = true")
            .await?;
        let wide = "const width = document.documentElement.clientWidth;
             return [...document.querySelectorAll('.task *, .need *, .compare, .new-checks *')]
                 .filter(part => part.getBoundingClientRect().right > width + 1)
                 .map(part => part.outerHTML.slice(0, 120))";
        is(&browser.run(wide).await?, &Value::Array(Vec::new()))?;
        picture(&browser, "tasks-narrow").await?;
        Ok(browser)
    });
}
