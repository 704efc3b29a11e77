//! The console's requests: to servers that the workshop keeps, and for nobody but the book's own pages.

use std::fs;

use serde_json::{Value, json};
use xtask::{course::Whose, session::alive};

use crate::{
    checkout::Checkout,
    server::{Served, all_of, command},
    step_server::{SILENCE, StepServer},
};

const OPEN: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-powered-by: x\r\ncache-control: no-store\r\n\r\n{\"token_type\":\"bearer\",\"access_token\":\"abc\"}";

#[test]
fn the_request_of_the_snapshot_reaches_the_server_and_its_answer_the_page() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    let step = StepServer::answering(OPEN);
    let _note = step.note(&checkout.course(), "05-token-endpoint", Whose::Learner);
    let said = ask(&served, "05-token-endpoint/answers_a_good_login_with_a_token", "");
    let received = step.received.recv().expect("a request");
    assert!(received.starts_with("POST /token HTTP/1.1\r\n"), "{received}");
    assert!(
        received.ends_with("\r\n\r\ngrant_type=password&username=alice&password=wonderland"),
        "{received}"
    );
    assert_eq!(
        said["answer"],
        "HTTP/1.1 200 OK\ncontent-type: application/json\ncache-control: no-store\n\n\
         {\n  \"access_token\": \"abc\",\n  \"token_type\": \"bearer\"\n}"
    );
    assert_eq!(
        (&said["token"], &said["from"]),
        (&json!("abc"), &json!(format!("your server on port {}", step.port)))
    );
}

#[test]
fn a_token_goes_where_the_snapshot_leaves_one_out() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    let step = StepServer::answering(OPEN);
    let _note = step.note(&checkout.course(), "06-current-user", Whose::Learner);
    let place = "06-current-user/answers_who_is_asking";
    assert!(
        trouble(&ask(&served, place, ""))
            .contains("This request carries the token of alice: log in first")
    );
    assert!(trouble(&ask(&served, place, "a\r\nx: y")).contains("cannot be sent"));
    assert!(step.received.try_recv().is_err(), "nothing was sent without a token");
    ask(&served, place, "abc");
    let received = step.received.recv().expect("a request");
    assert!(received.contains("authorization: Bearer abc\r\n"), "{received}");
}

#[test]
fn only_the_book_s_own_pages_may_ask() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    let step = StepServer::answering(OPEN);
    let _note = step.note(&checkout.course(), "03-bearer-token", Whose::Learner);
    let here = served.address();
    let own = format!("http://{here}");
    for (host, kind, headers, expected) in [
        (here, "application/json", vec![], 403),
        (here, "application/json", vec![("origin", "http://evil.example")], 403),
        (here, "application/json", vec![("origin", "null")], 403),
        // Another port of this machine is another origin: a page that the step's server serves, say.
        (here, "application/json", vec![("origin", "http://127.0.0.1:3000")], 403),
        (here, "application/json", vec![("origin", &own), ("origin", "http://evil.example")], 403),
        (here, "application/json", vec![("origin", &own), ("sec-fetch-site", "cross-site")], 403),
        (
            here,
            "application/json",
            vec![
                ("origin", &own),
                ("sec-fetch-site", "same-origin"),
                ("sec-fetch-site", "cross-site"),
            ],
            403,
        ),
        // The name leads here, and the page of that name thinks that it is at home.
        (
            "evil.example:4000",
            "application/json",
            vec![("origin", "http://evil.example:4000")],
            421,
        ),
        // What a form of another page can send without being asked for leave.
        (here, "text/plain", vec![("origin", &own)], 415),
    ] {
        let answer =
            post(&served, host, kind, &headers, &body("03-bearer-token/lists_the_items", ""));
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {expected} ")),
            "{host} {headers:?}: {answer}"
        );
    }
    assert!(step.received.try_recv().is_err(), "a refused request went on to the server");
    let read = all_of(served.send("GET /try HTTP/1.1", here, ""));
    assert!(read.starts_with("HTTP/1.1 403"), "a link or an image is no console: {read}");
}

#[test]
fn in_a_codespace_its_forwarded_page_may_ask_too() {
    let checkout = Checkout::copy();
    let mut command = command(&checkout);
    let codespace = [
        ("CODESPACES", "true"),
        ("CODESPACE_NAME", "fuzzy-fork"),
        ("GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN", "app.github.dev"),
    ];
    command.envs(codespace);
    let served = Served::begin(command);
    for (host, origin, expected) in [
        ("fuzzy-fork-4000.app.github.dev", "https://fuzzy-fork-4000.app.github.dev", 200),
        ("fuzzy-fork-4000.app.github.dev", "https://other-4000.app.github.dev", 403),
        ("other-4000.app.github.dev", "https://other-4000.app.github.dev", 421),
    ] {
        let body = body("03-bearer-token/lists_the_items", "");
        let answer = post(&served, host, "application/json", &[("origin", origin)], &body);
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected} ")), "{host} {origin}: {answer}");
    }
}

#[test]
fn a_server_that_has_ended_is_reported_with_the_next_command() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    let step = StepServer::answering(OPEN);
    let note = step.note(&checkout.course(), "03-bearer-token", Whose::Learner);
    drop(note);
    let said = ask(&served, "03-bearer-token/lists_the_items", "");
    assert_eq!(said["trouble"], "Your server of step 3 does not run, or does not compile.");
    assert_eq!(said["command"], "cargo xtask learn 3");
    let said = ask_whose(&served, "03-bearer-token/lists_the_items", "", "reference");
    assert_eq!(said["trouble"], "Our server of step 3 does not run.");
    assert_eq!(said["command"], "cargo xtask run 3 --solution --port 3001");
}

#[test]
fn a_note_that_nobody_holds_is_not_believed() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    let step = StepServer::answering(OPEN);
    let folder = folder(&checkout);
    fs::create_dir_all(&folder).expect("a folder");
    let note = json!({"step": "03-bearer-token", "whose": "learner", "port": step.port});
    fs::write(folder.join("1-0.json"), note.to_string()).expect("a note");
    assert!(trouble(&ask(&served, "03-bearer-token/lists_the_items", "")).contains("does not run"));
    assert!(step.received.try_recv().is_err(), "a port that nobody vouches for was asked");
}

#[test]
fn a_server_of_another_step_is_reported_and_not_asked() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    let step = StepServer::answering(OPEN);
    let _note = step.note(&checkout.course(), "04-authorize-button", Whose::Learner);
    let said = ask(&served, "03-bearer-token/lists_the_items", "");
    let expected = format!(
        "Your server on port {} is that of step 4, and this request is for step 3.",
        step.port
    );
    assert_eq!(said["trouble"], expected.as_str());
    assert!(step.received.try_recv().is_err());
}

#[test]
fn an_answer_that_does_not_come_or_does_not_end_is_reported() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(512 * 1024));
    for (answer, expected) in [
        ("", "the connection was closed, perhaps since it stopped at a line of the code"),
        (endless.as_str(), "it began, but did not end within 256 KiB"),
        (SILENCE, "none came in 5 s"),
    ] {
        let step = StepServer::answering(answer);
        let _note = step.note(&checkout.course(), "03-bearer-token", Whose::Learner);
        let said = trouble(&ask(&served, "03-bearer-token/lists_the_items", ""));
        assert_eq!(said, format!("No answer from your server on port {}: {expected}.", step.port));
    }
}

#[test]
fn what_a_browser_would_obey_does_not_reach_the_page_and_an_answer_is_not_without_end() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    let head =
        "HTTP/1.1 200 OK\r\nwww-authenticate: B\u{202e}earer\r\ncontent-type: application/json\r\n";
    let numbers = "0,".repeat(100_000);
    let body =
        format!("{{\"access_token\":\"a\u{200b}b\",\"x\":\"\u{9b}31m\",\"y\":[{numbers}0]}}");
    let step = StepServer::answering(&format!("{head}\r\n{body}"));
    let _note = step.note(&checkout.course(), "03-bearer-token", Whose::Learner);
    let said = ask(&served, "03-bearer-token/lists_the_items", "");
    let answer = said["answer"].as_str().expect("an answer");
    for shown in [r"B\u{202e}earer", r"a\u{200b}b", r"\u{9b}31m", "lines more"] {
        assert!(answer.contains(shown), "no {shown}: {answer}");
    }
    assert!(!answer.contains(['\u{202e}', '\u{200b}', '\u{9b}']), "{answer:?}");
    assert!(answer.lines().count() < 500, "{} lines", answer.lines().count());
    assert!(said["token"].is_null(), "a token that cannot be sent is none");
}

#[test]
fn an_exchange_that_is_not_in_the_course_is_refused() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    for place in ["03-bearer-token/lost", "03-bearer-token/../../hints", "..", "99-lost/x"] {
        let answer = post(
            &served,
            served.address(),
            "application/json",
            &[("origin", &format!("http://{}", served.address()))],
            &body(place, ""),
        );
        assert!(answer.starts_with("HTTP/1.1 400"), "{place}: {answer}");
    }
}

fn folder(checkout: &Checkout) -> std::path::PathBuf {
    alive::folder(&checkout.course()).join("servers")
}

fn body(place: &str, token: &str) -> String {
    json!({"exchange": place, "whose": "learner", "token": token}).to_string()
}

/// Asks as the console on a page does.
#[track_caller]
fn ask(served: &Served, place: &str, token: &str) -> Value {
    ask_whose(served, place, token, "learner")
}

#[track_caller]
fn ask_whose(served: &Served, place: &str, token: &str, whose: &str) -> Value {
    let origin = format!("http://{}", served.address());
    let headers = [("origin", origin.as_str()), ("sec-fetch-site", "same-origin")];
    let body = json!({"exchange": place, "whose": whose, "token": token}).to_string();
    let answer = post(served, served.address(), "application/json", &headers, &body);
    let (_, json) = answer.split_once("\r\n\r\n").expect("an answer");
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

fn post(served: &Served, host: &str, kind: &str, headers: &[(&str, &str)], body: &str) -> String {
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| format!("\r\n{name}: {value}")).collect();
    let headers = headers.concat();
    all_of(served.send(&format!("POST /try HTTP/1.1\r\ncontent-type: {kind}{headers}"), host, body))
}

#[track_caller]
fn trouble(said: &Value) -> String {
    said["trouble"].as_str().unwrap_or_else(|| panic!("no trouble: {said:#}")).to_owned()
}
