//! What the instructor asks of the class, and the learner's hand, on a page in a browser.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;
use workshop_browser::{Scheme, axe, with_browser};
use xtask::class::{board::Notice, membership::Membership, outbox, sender, session::Said};

use crate::served::{ServedBook, is, picture, shows};

const LINE: &str = "return document.querySelector('.class').innerText.replace(/\\s+/g, ' ')";

#[test]
fn a_page_shows_what_the_class_is_asked_and_raises_the_hand() {
    with_browser(async |browser| {
        let book = ServedBook::serve()?;
        let course = book.course();
        book.open(&browser, "03-bearer-token.html").await?;
        is(&json!(browser.count(".class:not([hidden])").await?), &json!(0))?;
        let membership = Membership {
            board: "http://127.0.0.1:9".to_owned(),
            name: "Ada".to_owned(),
            key: "k".to_owned(),
            authority: None,
        };
        membership.save(&course)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let asked = Notice { go_to: Some(4), timer_ends: Some(now + 7 * 60) };
        sender::note(&course, &Said::Notice(asked), true);
        browser.until(LINE, "Your instructor asks everybody to go to step 4,").await?;
        let line = browser.text(".class").await?;
        shows(&line, "7 min left.")?;
        let target = "return document.querySelector('.class a').getAttribute('href')";
        is(&browser.run(target).await?, &json!("04-authorize-button.html"))?;
        picture(&browser, "class").await?;
        for (scheme, rules) in [(Scheme::Light, axe::PAGE), (Scheme::Dark, axe::COLOURS)] {
            browser.prefer(scheme).await?;
            let found = axe::findings(&browser, rules).await?;
            let broken: Vec<String> = found.violations.iter().map(ToString::to_string).collect();
            if found.passes == 0 || !broken.is_empty() {
                return Err(broken.join("\n").into());
            }
        }
        browser.click(".class .hand").await?;
        browser.until(LINE, "Take your hand down").await?;
        is(&json!(outbox::hand_is_up(&course)), &json!(true))?;
        browser.click(".class .hand").await?;
        browser.until(LINE, "Raise your hand").await?;
        is(&json!(outbox::hand_is_up(&course)), &json!(false))?;
        let over = Notice { go_to: None, timer_ends: Some(now - 1) };
        sender::note(&course, &Said::Notice(over), true);
        browser.until(LINE, "Your instructor has set a timer. The time is up.").await?;
        Ok(browser)
    });
}
