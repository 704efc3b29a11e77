//! Who has joined a class sees on every page what the instructor asks for, and can raise a hand there; nobody else can.

use std::{fs, io::BufRead};

use serde_json::{Value, json};
use xtask::class::{board::Notice, membership::Membership, outbox, sender, session::Said};

use crate::{
    checkout::Checkout,
    server::{Served, all_of, wait_for},
};

#[test]
fn a_page_says_what_the_instructor_asks_for_in_words_of_its_own() {
    let checkout = Checkout::copy();
    let course = checkout.course();
    let served = Served::start(&checkout);
    // A page that is no step's hears of it, too.
    let mut live = served.live("glossary");
    assert_eq!(sent(&mut live), Value::Null, "nobody has joined");
    join(&checkout);
    assert_eq!(sent(&mut live), class(None, None, None));
    let say = |go_to, timer_ends| {
        sender::note(&course, &Said::Notice(Notice { go_to, timer_ends }), true);
    };
    say(Some(4), Some(1_900_000_000));
    let step = json!({"words": "step 4, The Authorize button", "href": "04-authorize-button.html"});
    let asks = "Your instructor asks everybody to go to";
    wait_until(&mut live, &class(Some(asks), Some(&step), Some(1_900_000_000)));
    // There is no such step, and so nothing to go to.
    say(Some(99), None);
    wait_until(&mut live, &class(None, None, None));
    say(None, Some(7));
    let timer = "Your instructor has set a timer.";
    wait_until(&mut live, &class(Some(timer), None, Some(7)));
    sender::note(&course, &Said::Unreachable, true);
    let lost = "The class cannot be reached; what you do is kept, and reported later.";
    wait_until(&mut live, &class(Some(lost), None, None));
    Membership::forget(&course).expect("it can be deleted");
    wait_until(&mut live, &Value::Null);
}

#[test]
fn a_hand_is_raised_and_taken_down_on_a_page_and_every_page_shows_it() {
    let checkout = Checkout::copy();
    let course = checkout.course();
    let served = Served::start(&checkout);
    assert!(raise(&served, r#"{"up": true}"#).starts_with("HTTP/1.1 404 "), "nobody would see it");
    join(&checkout);
    let mut live = served.live("03-bearer-token");
    assert_eq!(sent(&mut live)["hand"], false);
    assert!(raise(&served, r#"{"up": true}"#).starts_with("HTTP/1.1 202 "));
    assert_eq!(sent(&mut live)["hand"], true);
    assert!(outbox::hand_is_up(&course));
    // Twice is not the opposite of once.
    assert!(raise(&served, r#"{"up": true}"#).starts_with("HTTP/1.1 202 "));
    assert!(outbox::hand_is_up(&course));
    assert!(raise(&served, r#"{"up": false}"#).starts_with("HTTP/1.1 202 "));
    assert_eq!(sent(&mut live)["hand"], false);
    assert!(outbox::turn_hand(&course).expect("it can be written"), "in a terminal");
    assert_eq!(sent(&mut live)["hand"], true);
    let hands: Vec<Value> = outbox::oldest(&course)
        .expect("they can be read")
        .into_iter()
        .map(|(_, event)| event)
        .collect();
    let hand = |seq, up| json!({"seq": seq, "hand": up});
    assert_eq!(hands, [hand(1, true), hand(2, true), hand(3, false), hand(4, true)]);
}

#[test]
fn only_the_book_s_own_pages_may_raise_it() {
    let checkout = Checkout::copy();
    join(&checkout);
    let served = Served::start(&checkout);
    let here = served.address();
    let own = format!("\r\norigin: http://{here}");
    for (host, kind, headers, expected) in [
        (here, "application/json", String::new(), 403),
        (here, "application/json", "\r\norigin: http://evil.example".to_owned(), 403),
        (here, "application/json", "\r\norigin: http://127.0.0.1:3000".to_owned(), 403),
        (here, "application/json", format!("{own}\r\nsec-fetch-site: cross-site"), 403),
        ("evil.example", "application/json", own.clone(), 421),
        (here, "text/plain", own.clone(), 415),
    ] {
        let head = format!("POST /hand HTTP/1.1\r\ncontent-type: {kind}{headers}");
        let answer = all_of(served.send(&head, host, r#"{"up": true}"#));
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected} ")), "{headers}: {answer}");
    }
    for (body, expected) in [
        (r#"{"up": "yes"}"#.to_owned(), 422),
        (r#"{"up": true, "text": "<b>"}"#.to_owned(), 422),
        (format!(r#"{{"up": {}true}}"#, " ".repeat(100)), 413),
    ] {
        let answer = raise(&served, &body);
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected} ")), "{body}: {answer}");
    }
    assert!(!checkout.root().join(".workshop/outbox").exists(), "a refused request raised it");
}

/// A board at a port where nobody listens: whatever is raised stays in the outbox.
fn join(checkout: &Checkout) {
    let membership = Membership {
        board: "http://127.0.0.1:9".to_owned(),
        name: "Ada".to_owned(),
        key: "k".to_owned(),
        authority: None,
    };
    fs::create_dir_all(checkout.root().join(".workshop")).expect("a folder");
    membership.save(&checkout.course()).expect("it can be written");
}

fn class(words: Option<&str>, step: Option<&Value>, timer_ends: Option<u64>) -> Value {
    json!({"words": words, "step": step, "timer_ends": timer_ends, "hand": false})
}

/// Asks as a page does.
fn raise(served: &Served, body: &str) -> String {
    let origin = format!("origin: http://{}\r\nsec-fetch-site: same-origin", served.address());
    let head = format!("POST /hand HTTP/1.1\r\ncontent-type: application/json\r\n{origin}");
    all_of(served.send(&head, served.address(), body))
}

/// One note gives way to another in two moves, and a page may hear of each.
#[track_caller]
fn wait_until(live: &mut impl BufRead, wanted: &Value) {
    while sent(live) != *wanted {}
}

/// The class that the stream sends next.
#[track_caller]
fn sent(live: &mut impl BufRead) -> Value {
    wait_for(live, "event: class");
    let data = wait_for(live, "data: ");
    serde_json::from_str(data.trim_start_matches("data: ")).expect("JSON")
}
