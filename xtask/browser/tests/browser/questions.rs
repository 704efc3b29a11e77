//! Questions and predictions, in a browser: an answer is committed before it is shown, kept, and summed up.

use std::fs;

use fantoccini::key::Key;
use serde_json::json;
use workshop_book::render;
use workshop_browser::{Browser, Failure, Scheme, axe, with_browser};
use xtask::course::Whose;

use crate::{
    checkout::Checkout,
    console,
    served::{ServedBook, is, picture, shows},
    step_server::StepServer,
};

pub(crate) const SLUG: &str = "self-check";
pub(crate) const PAGE: &str = "self-check.html";

/// What is asked: a prediction and a question, each with one word in its right answer.
const ASKED: &str = "
{{#predict 03-bearer-token/refuses_a_request_without_a_token}}
**1. No header at all**

- [ ] 200 and a *wrong* body

  Nobody is let in.

- [x] 401, which is *true*

  Every 401 comes with a challenge.

- [ ] 404, which is *false*

  The route is there.
{{/predict}}

{{#question}}
Why is that so?

- [x] It is *true*

  So it is.

- [ ] It is *wrong*

  It is not.
{{/question}}

## Recap

";

pub(crate) const PREDICTION: &str = ".question.predict";
const QUESTION: &str = ".question:not(.predict)";

const TO_THE_QUESTION: &str = "document.querySelector('.question').scrollIntoView()";

fn ask(checkout: &Checkout) {
    checkout.append(&format!("book/src/{SLUG}.md"), ASKED);
}

#[test]
fn the_keyboard_commits_and_the_answer_outlives_a_reload() {
    with_browser(async |browser| {
        let book = ServedBook::serve_with(ask)?;
        browser.go(&book.page(PAGE)).await?;
        score(&browser, "You have not answered the questions on this page yet.").await?;
        is(&seen(&browser, "Every 401 comes").await?, &json!(false))?;
        browser.run(TO_THE_QUESTION).await?;
        picture(&browser, "questions-open").await?;
        commit(&browser, PREDICTION, "wrong").await?;
        let outcome = "return document.activeElement.matches('.outcome[role=status]')
             && document.activeElement.textContent";
        shows(browser.run(outcome).await?.as_str().unwrap_or_default(), "The right answer is")?;
        for words in ["Nobody is let in.", "Every 401 comes", "www-authenticate: Bearer"] {
            is(&seen(&browser, words).await?, &json!(true))?;
        }
        is(&seen(&browser, "The route is there.").await?, &json!(false))?;
        shows(&browser.text(&format!("{PREDICTION} > details[open]:has(em)")).await?, "(")?;
        score(&browser, "You have answered 1 of 2 questions, 0 of them as we do.").await?;
        commit(&browser, QUESTION, "true").await?;
        score(&browser, "You answered 1 of 2 as we do.").await?;
        browser.element(".not-kept[hidden]").await?;
        browser.go(&book.page(PAGE)).await?;
        score(&browser, "You answered 1 of 2 as we do.").await?;
        shows(&browser.text(".score").await?, "Look at these again:\n1. No header at all")?;
        is(&seen(&browser, "Every 401 comes").await?, &json!(true))?;
        browser.run(TO_THE_QUESTION).await?;
        picture(&browser, "questions-committed").await?;
        browser.click(".score button").await?;
        score(&browser, "You have not answered").await?;
        is(&browser.run("return document.activeElement.type").await?, &json!("radio"))?;
        browser.go(&book.page(PAGE)).await?;
        score(&browser, "You have not answered").await?;
        Ok(browser)
    });
}

#[test]
fn answers_that_cannot_be_kept_are_reported_and_shown() {
    with_browser(async |browser| {
        let book = ServedBook::serve_with(ask)?;
        let path = book.checkout.root().join(".workshop").join("answers.json");
        fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        fs::write(&path, "{")?;
        browser.go(&book.page(PAGE)).await?;
        let told = "return document.querySelector('.not-kept').textContent";
        browser.until(told, "answers.json away").await?;
        commit(&browser, QUESTION, "true").await?;
        is(&seen(&browser, "So it is.").await?, &json!(true))?;
        is(&json!(fs::read_to_string(path)?), &json!("{"))?;
        Ok(browser)
    });
}

#[test]
fn a_prediction_shows_what_our_server_responds_now() {
    with_browser(async |browser| {
        let book = ServedBook::serve_with(ask)?;
        let attack = "HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Bearer\r\n\r\n<img src=x>";
        let server = StepServer::answering(attack);
        let note = server.note(&book.course(), "03-bearer-token", Whose::Reference);
        browser.go(&book.page(PAGE)).await?;
        commit(&browser, PREDICTION, "true").await?;
        let live = format!("{PREDICTION} .live");
        shows(&browser.text(&format!("{live} pre")).await?, "<img src=x>")?;
        let said = format!("401 Unauthorized, from our server on port {}.", server.port);
        shows(&browser.text(&format!("{live} .said")).await?, &said)?;
        is(&json!(browser.count(&format!("{live} img")).await?), &json!(0))?;
        drop(note);
        browser.click(&format!("{live} button")).await?;
        let said = format!("return document.querySelector('{live} .said').textContent");
        browser.until(&said, "Our server of step 3 does not run").await?;
        Ok(browser)
    });
}

#[test]
fn a_token_that_was_issued_goes_into_the_next_prediction() {
    with_browser(async |browser| {
        let asked = ["answers_a_good_login_with_a_token", "answers_who_is_asking"].map(|name| {
            let choices = "- [x] *true*\n\n  So it is.\n\n- [ ] *wrong*\n\n  No.\n";
            format!("\n{{{{#predict 06-current-user/{name}}}}}\n**{name}**\n\n{choices}{{{{/predict}}}}\n")
        });
        let book = ServedBook::serve_with(|checkout| {
            checkout.append(&format!("book/src/{SLUG}.md"), &asked.concat());
        })?;
        let server = StepServer::answering(&console::answer(r#"{"access_token":"a-token"}"#));
        let _note = server.note(&book.course(), "06-current-user", Whose::Reference);
        browser.go(&book.page(PAGE)).await?;
        for name in ["answers_a_good_login_with_a_token", "answers_who_is_asking"] {
            let question = format!("[data-exchange=\"06-current-user/{name}\"]");
            commit(&browser, &question, "true").await?;
            browser.element(&format!("{question} .live pre")).await?;
        }
        let sent: Vec<String> = server.received.try_iter().collect();
        shows(sent.last().map_or("", String::as_str), "authorization: Bearer a-token")?;
        Ok(browser)
    });
}

#[test]
fn a_page_of_a_folder_keeps_answers_in_the_browser() {
    with_browser(async |browser| {
        let checkout = Checkout::copy();
        ask(&checkout);
        let html = checkout.root().join("html");
        render::build(checkout.root(), &html)?;
        let page = format!("file://{}", html.join(PAGE).display());
        browser.go(&page).await?;
        commit(&browser, QUESTION, "wrong").await?;
        browser.go(&page).await?;
        score(&browser, "You have answered 1 of 2 questions, 0 of them as we do.").await?;
        is(&seen(&browser, "It is not.").await?, &json!(true))?;
        is(&json!(browser.count(".live, .not-kept:not([hidden])").await?), &json!(0))?;
        browser.click(".score button").await?;
        score(&browser, "You have not answered").await?;
        Ok(browser)
    });
}

#[test]
fn a_changed_question_forgets_its_answer() {
    with_browser(async |browser| {
        let book = ServedBook::serve_with(ask)?;
        browser.go(&book.page(PAGE)).await?;
        commit(&browser, QUESTION, "true").await?;
        score(&browser, "1 of 2 questions").await?;
        let path = book.checkout.root().join("book/src/self-check.md");
        let changed = fs::read_to_string(&path)?.replace("Why is that so?", "Why is it so?");
        fs::write(&path, changed)?;
        browser.until("return document.querySelector('main').textContent", "Why is it so?").await?;
        score(&browser, "You have not answered").await?;
        Ok(browser)
    });
}

#[test]
fn questions_break_no_rule_open_or_committed_and_fit_320_pixels() {
    with_browser(async |browser| {
        let book = ServedBook::serve_with(ask)?;
        let server = StepServer::answering(&console::answer("{}"));
        let _note = server.note(&book.course(), "03-bearer-token", Whose::Reference);
        browser.prefer(Scheme::Light).await?;
        browser.go(&book.page(PAGE)).await?;
        let mut faults = Vec::new();
        for state in ["open", "committed"] {
            if state == "committed" {
                commit(&browser, PREDICTION, "wrong").await?;
                browser.element(".live pre").await?;
            }
            for scheme in [Scheme::Light, Scheme::Dark] {
                browser.prefer(scheme).await?;
                let found = axe::findings(&browser, axe::PAGE).await?;
                if found.passes == 0 || found.scheme != scheme.to_string() {
                    return Err(format!("the page was not judged in {scheme}").into());
                }
                let broken = found.violations.iter();
                faults.extend(broken.map(|rule| format!("{state}, {scheme}: {rule}")));
            }
        }
        browser.resize(320, 640).await?;
        browser.go(&book.page(PAGE)).await?;
        score(&browser, "You have answered 1 of 2").await?;
        let wide = "
            const width = document.documentElement.clientWidth;
            return [...document.querySelectorAll('.question, .question *, .score *')]
                .filter(part => part.getBoundingClientRect().right > width + 1 && !part.closest('pre'))
                .map(part => part.outerHTML.slice(0, 120));";
        let wide: Vec<String> = serde_json::from_value(browser.run(wide).await?)?;
        faults.extend(wide);
        if faults.is_empty() { Ok(browser) } else { Err(Failure::from(faults.join("\n"))) }
    });
}

/// Chooses the answer with this word in it, and commits to it, by the keyboard alone.
pub(crate) async fn commit(browser: &Browser, question: &str, word: &str) -> Result<(), Failure> {
    browser
        .run(&format!(
            "document.querySelector('{question} input').focus({{ preventScroll: true }})"
        ))
        .await?;
    let here = "return document.activeElement.closest('label').querySelector('em').textContent";
    browser.press(Key::Space + "").await?;
    for _ in 0..3 {
        if browser.run(here).await? == word {
            browser.press(Key::Enter + "").await?;
            return Ok(());
        }
        browser.press(Key::Down + "").await?;
    }
    Err(format!("no answer with `{word}`").into())
}

/// Waits until the page sums up with these words.
pub(crate) async fn score(browser: &Browser, words: &str) -> Result<(), Failure> {
    browser.until("return document.querySelector('h2#recap + .score').textContent", words).await
}

/// Whether a reader sees a text with these words in a question.
pub(crate) async fn seen(browser: &Browser, words: &str) -> Result<serde_json::Value, Failure> {
    let script = format!(
        "const texts = [...document.querySelectorAll('.question :is(p, code)')];
         return texts.some(text => text.textContent.includes('{words}')
             && text.checkVisibility({{ contentVisibilityAuto: true }}))"
    );
    browser.run(&script).await
}
