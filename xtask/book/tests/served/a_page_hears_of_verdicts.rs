//! A step's page hears of its verdicts.

use std::{io::BufRead, sync::mpsc};

use serde_json::{Value, json};
use xtask::{
    course::{Whose, hints::Tier},
    files,
    session::{checking, live_server::Servers, watched},
    verdict::{self, CheckResult, Outcome, diagnosis::Diagnosis},
};

use crate::{
    checkout::Checkout,
    server::{LIMIT, Served, all_of, wait_for},
    verdicts::{failed, passed, save, verdict, with_tasks},
};

const STEP: &str = "03-bearer-token";

#[test]
fn a_page_hears_how_its_step_stands_and_of_every_new_verdict() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    let mut live = served.live(STEP);
    let first = panel_sent(&mut live);
    assert_eq!(first["summary"], "Step 3 has not been checked yet.");
    assert_eq!(first["command"], "cargo xtask verify 3");
    let course = checkout.course();
    save(&course, &verdict(&course, STEP, Outcome::Failed, vec![refuses_two()]));
    let red = panel_sent(&mut live);
    assert_eq!(red["summary"], "Step 3: 0 of 1 checks pass.");
    assert_eq!((&red["mood"], &red["note"]), (&json!("bad"), &json!("First: refuses two")));
    assert_eq!(red["took"], "compiled in 0.7 s, checked in 0.2 s");
    assert!(red["judged_at"].is_u64() && red["next"].is_null(), "{red:#}");
    save(&course, &verdict(&course, STEP, Outcome::Solved, vec![passed("refuses_two")]));
    let green = panel_sent(&mut live);
    assert_eq!(green["mood"], "good");
    assert_eq!(green["next"]["href"], "04-authorize-button.html");
}

#[test]
fn a_page_hears_what_the_quick_checks_say_while_slow_ones_run() {
    let checkout = Checkout::copy();
    let course = checkout.course();
    save(&course, &verdict(&course, STEP, Outcome::Failed, vec![refuses_two()]));
    let served = Served::start(&checkout);
    let mut live = served.live(STEP);
    assert_eq!(panel_sent(&mut live)["checking"], Value::Null);
    let note = |slug: &str, words: &str| {
        let step = course.step(slug).unwrap_or_else(|trouble| panic!("{trouble}"));
        checking::note(&course, step, words).unwrap_or_else(|trouble| panic!("{trouble}"))
    };
    let _elsewhere = note("05-token-endpoint", "nothing that this page hears");
    let first = note(STEP, "18 checks pass, 3 still running");
    let panel = panel_sent(&mut live);
    assert_eq!(panel["checking"], "Checking: 18 checks pass, 3 still running");
    assert_eq!(panel["summary"], "Step 3: 0 of 1 checks pass.", "the last verdict stays");
    let second = note(STEP, "19 checks pass, 2 still running");
    drop(first);
    assert_eq!(panel_sent(&mut live)["checking"], "Checking: 19 checks pass, 2 still running");
    drop(second);
    assert_eq!(panel_sent(&mut live)["checking"], Value::Null);
}

#[test]
fn a_failure_is_shown_as_in_the_terminal() {
    let checkout = Checkout::copy();
    let course = checkout.course();
    save(&course, &verdict(&course, STEP, Outcome::Failed, vec![refuses_two()]));
    let served = Served::start(&checkout);
    let panel = panel_sent(&mut served.live(STEP));
    let comparison = json!({
        "request": ["GET /"],
        "expected": ["401 Unauthorized"],
        "got": ["200 OK"],
        "places": [],
    });
    assert_eq!(panel["failure"]["comparison"], comparison);
}

#[test]
fn the_tasks_are_those_of_the_terminal() {
    let checkout = Checkout::copy();
    let course = checkout.course();
    save(&course, &with_tasks(&course, STEP, true));
    let served = Served::start(&checkout);
    let mut live = served.live(STEP);
    let begun = panel_sent(&mut live);
    let groups = json!([
        {"state": "ok", "words": "Task 1  Ask for it", "note": null},
        {"state": "fail", "words": "Task 2  Let them in", "note": "1 of 2"},
        {"state": "ok", "words": "1 check that passed from the start", "note": null},
    ]);
    assert_eq!(begun["groups"], groups);
    assert_eq!(begun["bar"], json!({"passed": 3, "all": 4}));
    assert_eq!(begun["task"]["href"], "03-bearer-token.html#task-2-let-them-in");
    assert_eq!((&begun["mood"], &begun["note"]), (&json!("bad"), &json!("First: refuses two")));
    save(&course, &with_tasks(&course, STEP, false));
    let unbegun = panel_sent(&mut live);
    assert_eq!(unbegun["groups"][1]["state"], "todo");
    assert_eq!(unbegun["failure"]["expected"], true);
    assert_eq!((&unbegun["mood"], &unbegun["note"]), (&json!("calm"), &json!("Next: refuses two")));
}

#[test]
fn the_contents_hear_what_is_done_and_what_is_worked_on() {
    let checkout = Checkout::copy();
    let course = checkout.course();
    let served = Served::start(&checkout);
    let mut live = served.live("welcome");
    let states = |progress: &Value| -> Vec<String> {
        let steps = progress.as_array().expect("one for each step").iter();
        steps.map(|step| step["state"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let first = sent(&mut live, "progress");
    assert_eq!(first[2], json!({"page": "03-bearer-token.html", "state": "open"}));
    assert_eq!(states(&first)[..2], ["current", "open"]);
    let solved = verdict(&course, "01-open-route", Outcome::Solved, vec![passed("lists")]);
    save(&course, &solved);
    assert_eq!(states(&sent(&mut live, "progress"))[0], "done");
    let step = course.step(STEP).unwrap_or_else(|trouble| panic!("{trouble}"));
    let _note = watched::note(&course, step).unwrap_or_else(|trouble| panic!("{trouble}"));
    assert_eq!(states(&sent(&mut live, "progress"))[..4], ["done", "open", "current", "open"]);
}

#[test]
fn a_known_mistake_is_named() {
    let checkout = Checkout::copy();
    let known = Diagnosis {
        name: "first-header-only".to_owned(),
        says: "You read the first.".to_owned(),
        why: "RFC 9110 §5.3".to_owned(),
        read: "03-bearer-token.html#task-3-let-the-right-requests-in".to_owned(),
        file: Some("steps/03-bearer-token/src/main.rs".to_owned()),
        line: Some(87),
        code: Some("get(header::AUTHORIZATION)".to_owned()),
        error: None,
    };
    let check = CheckResult { mistake: Some(known.clone()), ..refuses_two() };
    let course = checkout.course();
    save(&course, &verdict(&course, STEP, Outcome::Failed, vec![check]));
    let served = Served::start(&checkout);
    assert_eq!(panel_sent(&mut served.live(STEP))["failure"]["mistake"], json!(known));
}

#[test]
fn one_may_go_on_with_sharp_edges_left() {
    let checkout = Checkout::copy();
    let edge = CheckResult { tier: Tier::Edge, ..refuses_two() };
    let course = checkout.course();
    save(&course, &verdict(&course, STEP, Outcome::Failed, vec![passed("lists"), edge]));
    let served = Served::start(&checkout);
    let panel = panel_sent(&mut served.live(STEP));
    assert_eq!(panel["note"], "You can go on; 1 sharp edge left.");
    assert_eq!(panel["next"]["href"], "04-authorize-button.html");
}

#[test]
fn rustc_s_words_are_shown() {
    let checkout = Checkout::copy();
    let course = checkout.course();
    let mut verdict = verdict(&course, STEP, Outcome::DoesNotCompile, Vec::new());
    verdict.compiler = Some("error[E0425]: cannot find value \u{202e}".to_owned());
    save(&course, &verdict);
    let served = Served::start(&checkout);
    let panel = panel_sent(&mut served.live(STEP));
    assert_eq!(panel["compiler"], r"error[E0425]: cannot find value \u{202e}");
    assert_eq!(panel["took"], "compiled in 0.7 s");
}

#[test]
fn a_verdict_that_cannot_be_read_is_reported() {
    let checkout = Checkout::copy();
    let course = checkout.course();
    let step = course.step(STEP).unwrap_or_else(|trouble| panic!("{trouble}"));
    let path = verdict::path(&course, step, Whose::Learner);
    files::write(&path, b"{\"version\": 99}").unwrap_or_else(|trouble| panic!("{trouble}"));
    let served = Served::start(&checkout);
    let panel = panel_sent(&mut served.live(STEP));
    assert_eq!(panel["summary"], "The last verdict on step 3 cannot be read.");
}

#[test]
fn a_learner_who_works_on_another_step_finds_the_way_there() {
    let checkout = Checkout::copy();
    let course = checkout.course();
    let other = course.step("05-token-endpoint").unwrap_or_else(|trouble| panic!("{trouble}"));
    let served = Served::start(&checkout);
    let mut live = served.live(STEP);
    assert_eq!(panel_sent(&mut live)["elsewhere"], Value::Null);
    let note = watched::note(&course, other).unwrap_or_else(|trouble| panic!("{trouble}"));
    let panel = panel_sent(&mut live);
    assert_eq!(panel["elsewhere"]["href"], "05-token-endpoint.html");
    assert_eq!(panel["elsewhere"]["switch"], "Work on step 3 instead");
    let (sender, asked_for) = mpsc::channel();
    let tell = move |slug| sender.send(slug).expect("the test listens");
    let _listening = watched::listen(&course, tell).unwrap_or_else(|trouble| panic!("{trouble}"));
    let here = format!("http://{}", served.address());
    let ask_from = |origin: &str| {
        let head = format!("POST /watch/{STEP} HTTP/1.1\r\norigin: {origin}");
        all_of(served.send(&head, served.address(), ""))
    };
    let foreign = ask_from("http://evil.example");
    assert!(foreign.starts_with("HTTP/1.1 403"), "{foreign}");
    let switched = ask_from(&here);
    assert!(switched.starts_with("HTTP/1.1 202"), "{switched}");
    assert_eq!(asked_for.recv_timeout(LIMIT).as_deref(), Ok(STEP));
    drop(note);
    assert_eq!(panel_sent(&mut live)["elsewhere"], Value::Null);
    let nobody = ask_from(&here);
    assert!(nobody.contains("No step is watched. Start it: cargo xtask learn 3"), "{nobody}");
}

#[test]
fn command_lines_name_the_port_that_the_learner_s_server_has_now() {
    let checkout = Checkout::copy();
    let course = checkout.course();
    let curl = |port: u16| format!("curl -i \"http://127.0.0.1:{port}/items\"");
    let check = CheckResult { reproduce: Some(curl(3000)), ..refuses_two() };
    save(&course, &verdict(&course, STEP, Outcome::Failed, vec![check]));
    let served = Served::start(&checkout);
    let mut live = served.live(STEP);
    let panel = panel_sent(&mut live);
    assert_eq!(
        (&panel["failure"]["reproduce"], &panel["port"]),
        (&json!(curl(3000)), &Value::Null)
    );
    let servers = Servers::in_checkout(&course);
    let note =
        servers.note(STEP, Whose::Learner, 3001).unwrap_or_else(|trouble| panic!("{trouble}"));
    let panel = panel_sent(&mut live);
    assert_eq!(
        (&panel["failure"]["reproduce"], &panel["port"]),
        (&json!(curl(3001)), &json!(3001))
    );
    drop(note);
    assert_eq!(panel_sent(&mut live)["port"], Value::Null);
}

/// A check that should refuse, and lets in.
fn refuses_two() -> CheckResult {
    let exchange = |status: &str| format!("GET / HTTP/1.1\n\nHTTP/1.1 {status}");
    failed("refuses_two", &exchange("401 Unauthorized"), &exchange("200 OK"))
}

/// The panel that the stream sends next.
#[track_caller]
fn panel_sent(live: &mut impl BufRead) -> Value {
    sent(live, "panel")
}

/// The data of the next event of this name.
#[track_caller]
fn sent(live: &mut impl BufRead, name: &str) -> Value {
    wait_for(live, &format!("event: {name}"));
    let data = wait_for(live, "data: ");
    serde_json::from_str(data.trim_start_matches("data: ")).expect("JSON")
}
