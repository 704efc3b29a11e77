//! Answers that are typed, in a browser: a status or a header is compared, and its reader judges anything else.

use fantoccini::key::Key;
use serde_json::json;
use workshop_book::render;
use workshop_browser::{Browser, Failure, Scheme, axe, with_browser};

use crate::{
    checkout::Checkout,
    questions::{PAGE, SLUG, score, seen},
    served::{ServedBook, is, picture, shows},
};

const ASKED: &str = "
{{#predict 03-bearer-token/refuses_a_request_without_a_token typed=status}}
**1. No header at all**

- [x] 401

  Every 401 comes with a challenge.

- [ ] 403

  Which asks for nothing.

- [ ] 404

  The route is there.
{{/predict}}

{{#question typed=header}}
Which header?

- [x] WWW-Authenticate: Bearer

  It is the challenge.
{{/question}}

## Recap

";

const STATUS: &str = ".question[data-typed=status]";
const HEADER: &str = ".question[data-typed=header]";

fn ask(checkout: &Checkout) {
    checkout.append(&format!("book/src/{SLUG}.md"), ASKED);
}

#[test]
fn a_typed_answer_is_compared_and_outlives_a_reload() {
    with_browser(async |browser| {
        let book = ServedBook::serve_with(ask)?;
        browser.go(&book.page(PAGE)).await?;
        is(&seen(&browser, "Every 401 comes").await?, &json!(false))?;
        commit(&browser, STATUS, " ").await?;
        outcome(&browser, STATUS, "Type an answer first.").await?;
        commit(&browser, STATUS, "403 Forbidden").await?;
        outcome(&browser, STATUS, "You typed “403 Forbidden”. The right answer is “401”.").await?;
        for words in ["Every 401 comes", "Which asks for nothing.", "www-authenticate: Bearer"] {
            is(&seen(&browser, words).await?, &json!(true))?;
        }
        is(&seen(&browser, "The route is there.").await?, &json!(false))?;
        commit(&browser, HEADER, "www-authenticate:  Bearer ").await?;
        outcome(&browser, HEADER, ", which is right.").await?;
        score(&browser, "You answered 1 of 2 as we do.").await?;
        picture(&browser, "typed").await?;
        browser.element(".not-kept[hidden]").await?;
        browser.go(&book.page(PAGE)).await?;
        score(&browser, "You answered 1 of 2 as we do.").await?;
        shows(&browser.text(".score").await?, "Look at these again:\n1. No header at all")?;
        outcome(&browser, STATUS, "You typed “403 Forbidden”.").await?;
        is(&seen(&browser, "Which asks for nothing.").await?, &json!(true))?;
        browser.click(".score button").await?;
        score(&browser, "You have not answered").await?;
        is(&seen(&browser, "It is the challenge.").await?, &json!(false))?;
        commit(&browser, STATUS, "401").await?;
        outcome(&browser, STATUS, "You typed “401”, which is right.").await?;
        Ok(browser)
    });
}

#[test]
fn its_reader_judges_what_cannot_be_compared() {
    with_browser(async |browser| {
        let book = ServedBook::serve_with(ask)?;
        browser.go(&book.page(PAGE)).await?;
        commit(&browser, STATUS, "<b>unauthorised</b>").await?;
        outcome(&browser, STATUS, "You typed “<b>unauthorised</b>”. The answer is “401”.").await?;
        score(&browser, "You have answered 1 of 2 questions, 0 of them as we do.").await?;
        browser.click(&format!("{STATUS} .judging button")).await?;
        score(&browser, "You have answered 1 of 2 questions, 1 of them as we do.").await?;
        commit(&browser, HEADER, "no header at all").await?;
        browser.click(&format!("{HEADER} .judging button:last-child")).await?;
        score(&browser, "You answered 1 of 2 as we do.").await?;
        browser.go(&book.page(PAGE)).await?;
        score(&browser, "You answered 1 of 2 as we do.").await?;
        outcome(&browser, STATUS, "which is right.").await?;
        is(&json!(browser.count(".judging:not([hidden])").await?), &json!(0))?;
        Ok(browser)
    });
}

#[test]
fn a_page_of_a_folder_compares_too_and_breaks_no_rule() {
    with_browser(async |browser| {
        let checkout = Checkout::copy();
        ask(&checkout);
        let html = checkout.root().join("html");
        render::build(checkout.root(), &html)?;
        browser.go(&format!("file://{}", html.join(PAGE).display())).await?;
        browser.prefer(Scheme::Light).await?;
        for state in ["open", "committed"] {
            if state == "committed" {
                commit(&browser, HEADER, "Allow").await?;
                outcome(&browser, HEADER, "The right answer is “WWW-Authenticate: Bearer”.")
                    .await?;
            }
            let found = axe::findings(&browser, axe::PAGE).await?;
            if found.passes == 0 || !found.violations.is_empty() {
                let broken = found.violations.iter().map(ToString::to_string).collect::<Vec<_>>();
                return Err(format!("{state}: {}", broken.join("\n")).into());
            }
        }
        Ok(browser)
    });
}

/// Types an answer and commits to it, by the keyboard alone.
async fn commit(browser: &Browser, question: &str, answer: &str) -> Result<(), Failure> {
    let focus = format!(
        "const input = document.querySelector('{question} input');
         input.value = '';
         input.focus({{ preventScroll: true }})"
    );
    browser.run(&focus).await?;
    browser.press(format!("{answer}{}", Key::Enter)).await
}

/// Waits until the question says these words of the answer.
async fn outcome(browser: &Browser, question: &str, words: &str) -> Result<(), Failure> {
    let said = format!("return document.querySelector('{question} .outcome').textContent");
    browser.until(&said, words).await
}
