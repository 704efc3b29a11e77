//! What a learner answers on a page is kept in the checkout, by the book's own pages alone, and never lost.

use std::fs;

use serde_json::{Value, json};

use crate::{
    checkout::Checkout,
    server::{Served, all_of},
};

const FILE: &str = ".workshop/answers.json";

#[test]
fn an_answer_outlives_the_server_until_the_page_is_to_be_answered_again() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    assert_eq!(kept(&served), json!({"answers": {}}));
    assert_eq!(say(&served, &committed("03-bearer-token", "why")), json!({}));
    assert_eq!(say(&served, &committed("04-authorize-button", "why")), json!({}));
    drop(served);
    let served = Served::start(&checkout);
    let both = json!({"03-bearer-token/why": "1f", "04-authorize-button/why": "1f"});
    assert_eq!(kept(&served), json!({ "answers": both }));
    assert_eq!(say(&served, &json!({"page": "03-bearer-token"})), json!({}));
    assert_eq!(kept(&served), json!({"answers": {"04-authorize-button/why": "1f"}}));
}

#[test]
fn a_file_that_cannot_be_read_is_reported_and_left_alone() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    let path = checkout.root().join(FILE);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let broken = "{\"version\": 1, \"answers\": {\"03-bearer-token/why\":";
    fs::write(&path, broken).expect("a file");
    for told in [kept(&served), say(&served, &committed("03-bearer-token", "why"))] {
        let trouble = told["trouble"].as_str().expect("trouble");
        assert!(trouble.contains("answers.json away, then answer again"), "{trouble}");
    }
    assert_eq!(fs::read_to_string(path).expect("it is there"), broken);
}

#[test]
fn only_the_book_s_own_pages_may_answer() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    let own = format!("http://{}", served.address());
    let body = committed("03-bearer-token", "why").to_string();
    for (kind, headers, expected) in [
        ("application/json", String::new(), 403),
        ("application/json", "\r\norigin: http://evil.example".to_owned(), 403),
        ("application/json", "\r\norigin: http://127.0.0.1:3000".to_owned(), 403),
        ("application/json", format!("\r\norigin: {own}\r\nsec-fetch-site: cross-site"), 403),
        ("text/plain", format!("\r\norigin: {own}"), 415),
    ] {
        let head = format!("POST /answers HTTP/1.1\r\ncontent-type: {kind}{headers}");
        let answer = all_of(served.send(&head, served.address(), &body));
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected} ")), "{headers}: {answer}");
    }
    let foreign = all_of(served.send("GET /answers HTTP/1.1", "evil.example", ""));
    assert!(foreign.starts_with("HTTP/1.1 421"), "{foreign}");
    let embedded = "GET /answers HTTP/1.1\r\nsec-fetch-site: cross-site";
    let embedded = all_of(served.send(embedded, served.address(), ""));
    assert!(embedded.starts_with("HTTP/1.1 403"), "{embedded}");
    assert!(!checkout.root().join(FILE).exists(), "a refused request was kept");
}

#[test]
fn what_is_too_long_or_no_name_is_refused() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    for (question, expected) in [("../x", 400), ("", 400), ("x".repeat(4096).as_str(), 413)] {
        let answer = post(&served, &committed("03-bearer-token", question));
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected} ")), "{answer}");
    }
    assert!(!checkout.root().join(FILE).exists(), "it was kept");
}

fn committed(page: &str, question: &str) -> Value {
    json!({"page": page, "question": question, "choice": "1f"})
}

#[track_caller]
fn kept(served: &Served) -> Value {
    json_of(&served.page("/answers"))
}

#[track_caller]
fn say(served: &Served, said: &Value) -> Value {
    json_of(&post(served, said))
}

/// Asks as a page does.
fn post(served: &Served, said: &Value) -> String {
    let origin = format!("origin: http://{}\r\nsec-fetch-site: same-origin", served.address());
    let head = format!("POST /answers HTTP/1.1\r\ncontent-type: application/json\r\n{origin}");
    all_of(served.send(&head, served.address(), &said.to_string()))
}

#[track_caller]
fn json_of(answer: &str) -> Value {
    let (_, json) = answer.split_once("\r\n\r\n").expect("an answer");
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {answer}"))
}
