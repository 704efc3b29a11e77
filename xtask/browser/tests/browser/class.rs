//! What the instructor asks of the class, and the learner's hand, on a page in a browser.

use std::{
    sync::{Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::json;
use workshop_browser::{
    Failure, Scheme, axe,
    board::{Room, csv, log_in},
    with_browser,
};
use xtask::class::{
    board::{Answer, Notice},
    membership::Membership,
    outbox, sender,
    session::Said,
};

use crate::served::{ServedBook, is, picture, shows};

/// A process reports for one learner, as `learn` does: one test after the other.
static LEARNER: Mutex<()> = Mutex::new(());

const PAGE: &str = "03-bearer-token.html";
const LINE: &str = "return document.querySelector('.class').innerText.replace(/\\s+/g, ' ')";

#[test]
fn a_page_shows_what_the_class_is_asked_and_raises_the_hand() {
    let _learner = LEARNER.lock().unwrap_or_else(PoisonError::into_inner);
    with_browser(async |browser| {
        let book = ServedBook::serve()?;
        let course = book.course();
        book.open(&browser, PAGE).await?;
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

/// The book of somebody who joins the class, as `learn` lets them.
fn join(room: &Room, name: &str) -> Result<ServedBook, Failure> {
    let book = ServedBook::serve()?;
    let Answer::Good(joined) = room.board.join(&room.code, name)? else {
        return Err(format!("the board does not let {name} in").into());
    };
    let membership = Membership {
        board: room.address().to_owned(),
        name: name.to_owned(),
        key: joined["key"].as_str().ok_or("no key")?.to_owned(),
        authority: None,
    };
    membership.save(&book.course())?;
    Ok(book)
}

#[test]
fn two_learners_and_the_instructor_see_each_other() {
    let _learner = LEARNER.lock().unwrap_or_else(PoisonError::into_inner);
    with_browser(async |browser| {
        let mut room = Room::open()?;
        let (ada, bob) = (join(&room, "Ada")?, join(&room, "Bob")?);
        let says = |id: &str| format!("return document.getElementById('{id}').innerText");
        let instructor = browser.tab().await?;
        browser.go(room.address()).await?;
        log_in(&browser, &room.password).await?;
        browser.until(&says("connection"), "Live.").await?;
        browser.click("#names").await?;

        let adas = browser.open_tab().await?;
        ada.open(&browser, PAGE).await?;
        browser.open_tab().await?;
        bob.open(&browser, PAGE).await?;
        browser.click(".class .hand").await?;
        browser.look_at(&instructor).await?;
        browser.until(&says("needy"), "Bob: hand up").await?;
        browser.type_keys("#go-to input", "4".to_owned()).await?;
        browser.click("#go-to button").await?;
        browser.until(&says("asked"), "step 4").await?;
        // As at her next verdict.
        sender::wake(&ada.course())?;
        browser.look_at(&adas).await?;
        browser.until(LINE, "Your instructor asks everybody to go to step 4,").await?;

        room.cut();
        browser.click(".class .hand").await?;
        browser.until(LINE, "Take your hand down").await?;
        ada.open(&browser, PAGE).await?;
        browser.until(LINE, "Take your hand down").await?;
        browser.look_at(&instructor).await?;
        browser.until(&says("connection"), "trying again").await?;
        room.start_again()?;
        sender::wake(&ada.course())?;
        browser.until(&says("needy"), "Ada: hand up").await?;
        let csv = csv(&browser).await?;
        let hands = csv.lines().filter(|line| line.ends_with("\"true\"")).count();
        is(&json!(hands), &json!(2)).map_err(|failure| format!("{failure}\n{csv}"))?;

        browser.click("button[aria-label='Remove Ada']").await?;
        browser.click("#sure button[value=yes]").await?;
        browser.until(&says("count"), "1").await?;
        sender::wake(&ada.course())?;
        browser.look_at(&adas).await?;
        browser.until(LINE, "The class does not know you any more").await?;
        Ok(browser)
    });
}
