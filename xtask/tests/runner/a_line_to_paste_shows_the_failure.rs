//! A line to paste is sent to a server that has just been started, and is shown only if that one fails, too.

use std::fs;

use serde_json::Value;

use crate::support::checkout::Checkout;

/// Makes a check ask for the list, and then for a POST that is answered like it: no right server does that.
fn ask_the_impossible(checkout: &Checkout) {
    let checks = checkout.root.join("steps/01-open-route/tests/verify.rs");
    let text = fs::read_to_string(&checks).expect("it is text");
    let (asks, impossible) = ("first.same_again(server.get", "first.same_for(server.post");
    assert!(text.contains(asks), "{text}");
    fs::write(&checks, text.replace(asks, impossible)).expect("the checkout can be written");
}

/// The check's lines to paste, and what it received.
fn lines_and_answer(checkout: &Checkout) -> [Value; 2] {
    let output = checkout.xtask(&["verify", "1", "--json"]);
    output.exits(1);
    let verdict = output.json();
    let mut checks = verdict["checks"].as_array().expect("the schema says so").iter();
    let check = checks.find(|check| check["name"] == "lists_the_items").expect("it is a check");
    ["reproduce", "actual"].map(|key| check.get(key).expect("the schema says so").clone())
}

#[test]
fn it_is_shown_if_a_new_server_fails_in_the_same_way() {
    let checkout = Checkout::new();
    ask_the_impossible(&checkout);
    checkout.save_solution();
    let [lines, answer] = lines_and_answer(&checkout);
    assert!(answer.to_string().contains("405"), "{answer}");
    assert!(lines.as_str().is_some_and(|lines| lines.contains("-X POST")), "{lines}");
}

#[test]
fn it_is_not_shown_if_only_a_server_that_was_asked_before_fails() {
    let checkout = Checkout::new();
    ask_the_impossible(&checkout);
    let remembers = "\
static ASKED: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

async fn asked() -> axum::http::StatusCode {
    let asked = ASKED.load(std::sync::atomic::Ordering::Relaxed);
    if asked { axum::http::StatusCode::CONFLICT } else { axum::http::StatusCode::METHOD_NOT_ALLOWED }
}

async fn items() -> Json<Vec<Item>> {
    ASKED.store(true, std::sync::atomic::Ordering::Relaxed);
";
    let solution = checkout.solution().replace("get(items)", "get(items).post(asked)");
    let handler = "async fn items() -> Json<Vec<Item>> {\n";
    assert!(solution.contains(handler), "{solution}");
    let solution = solution.replace("#[debug_handler]\n", "");
    checkout.save(&solution.replace(handler, remembers));
    let [lines, answer] = lines_and_answer(&checkout);
    assert!(answer.to_string().contains("409"), "{answer}");
    assert_eq!(lines, Value::Null);
}
