//! A step's page hears of its verdicts.

use std::io::BufRead;

use serde_json::{Value, json};
use xtask::{
    course::Course,
    files,
    session::alive::{self, Alive},
};

use crate::{
    clone::Clone,
    server::{Served, wait_for},
};

const STEP: &str = "03-bearer-token";

#[test]
fn a_page_hears_how_its_step_stands_and_of_every_new_verdict() {
    let clone = Clone::new();
    let served = Served::start(&clone);
    let mut live = served.live(STEP);
    let first = panel_told(&mut live);
    assert_eq!(first["summary"], "Step 3 has not been checked yet.");
    assert_eq!(first["command"], "cargo xtask verify 3");
    judge(&clone, &verdict("failed", &[check("refuses_two", "core", false)]));
    let red = panel_told(&mut live);
    assert_eq!(red["summary"], "Step 3: 0 of 1 checks pass.");
    assert_eq!((&red["mood"], &red["note"]), (&json!("bad"), &json!("First: refuses two")));
    assert_eq!(red["took"], "compiled in 0.7 s, checked in 0.2 s");
    assert!(red["judged_at"].is_u64() && red["next"].is_null(), "{red:#}");
    judge(&clone, &verdict("solved", &[check("refuses_two", "core", true)]));
    let green = panel_told(&mut live);
    assert_eq!(green["mood"], "good");
    assert_eq!(green["next"]["href"], "04-authorize-button.html");
}

#[test]
fn a_failure_is_compared_line_by_line_as_in_the_terminal() {
    let clone = Clone::new();
    let mut check = check("refuses_two", "core", false);
    check["expected"] = json!("GET / HTTP/1.1\n\nHTTP/1.1 401 Unauthorized\n");
    check["actual"] = json!("GET / HTTP/1.1\n\nHTTP/1.1 200 OK\n");
    judge(&clone, &verdict("failed", &[check]));
    let served = Served::start(&clone);
    let told = panel_told(&mut served.live(STEP));
    let lines = json!([
        {"kind": "same", "text": "GET / HTTP/1.1"},
        {"kind": "same", "text": ""},
        {"kind": "old", "text": "HTTP/1.1 401 Unauthorized"},
        {"kind": "new", "text": "HTTP/1.1 200 OK"},
    ]);
    assert_eq!(told["failure"]["difference"], lines);
    assert_eq!(told["failure"]["expected"], Value::Null);
}

#[test]
fn a_known_mistake_is_named() {
    let clone = Clone::new();
    let mut check = check("refuses_two", "core", false);
    let known = json!({
        "mistake": "first-header-only", "says": "You read the first.", "why": "RFC 9110 §5.3",
        "read": "03-bearer-token.html#what-each-line-does",
    });
    check["diagnosis"] = known.clone();
    judge(&clone, &verdict("failed", &[check]));
    let served = Served::start(&clone);
    assert_eq!(panel_told(&mut served.live(STEP))["failure"]["diagnosis"], known);
}

#[test]
fn one_may_go_on_with_sharp_edges_left() {
    let clone = Clone::new();
    let checks = [check("lists", "core", true), check("refuses_two", "edge", false)];
    judge(&clone, &verdict("failed", &checks));
    let served = Served::start(&clone);
    let told = panel_told(&mut served.live(STEP));
    assert_eq!(told["note"], "You can go on; 1 sharp edge left.");
    assert_eq!(told["next"]["href"], "04-authorize-button.html");
}

#[test]
fn rustc_s_words_come_without_colours() {
    let clone = Clone::new();
    let mut verdict = verdict("does_not_compile", &[]);
    verdict["compiler"] = json!("\u{1b}[31merror[E0425]\u{1b}[0m: cannot find value");
    judge(&clone, &verdict);
    let served = Served::start(&clone);
    let told = panel_told(&mut served.live(STEP));
    assert_eq!(told["compiler"], "error[E0425]: cannot find value");
    assert_eq!(told["took"], "compiled in 0.7 s");
}

#[test]
fn a_verdict_that_cannot_be_read_is_told() {
    let clone = Clone::new();
    judge(&clone, &json!({"version": 99}));
    let served = Served::start(&clone);
    let told = panel_told(&mut served.live(STEP));
    assert_eq!(told["summary"], "The last verdict on step 3 cannot be read.");
}

#[test]
fn a_learner_who_works_on_another_step_finds_the_way_there() {
    let clone = Clone::new();
    let course = Course::open(clone.root()).unwrap_or_else(|trouble| panic!("{trouble}"));
    let served = Served::start(&clone);
    let mut live = served.live(STEP);
    assert_eq!(panel_told(&mut live)["elsewhere"], Value::Null);
    let watched = alive::folder(&course).join("watched");
    let note = Alive::note(&watched, &"05-token-endpoint").unwrap_or_else(|t| panic!("{t}"));
    let told = panel_told(&mut live);
    assert_eq!(told["elsewhere"]["href"], "05-token-endpoint.html");
    drop(note);
    assert_eq!(panel_told(&mut live)["elsewhere"], Value::Null);
}

/// The panel that the stream tells of next.
#[track_caller]
fn panel_told(live: &mut impl BufRead) -> Value {
    wait_for(live, "event: panel");
    let data = wait_for(live, "data: ");
    serde_json::from_str(data.trim_start_matches("data: ")).expect("JSON")
}

/// Writes the verdict as `verify` does.
#[track_caller]
fn judge(clone: &Clone, verdict: &Value) {
    let path = clone.root().join("target/workshop").join(format!("{STEP}.json"));
    files::write(&path, verdict.to_string().as_bytes()).unwrap_or_else(|t| panic!("{t}"));
}

fn verdict(outcome: &str, checks: &[Value]) -> Value {
    json!({
        "version": 1, "step": STEP, "outcome": outcome, "problem": null, "compiler": null,
        "compiler_diagnosis": null, "inputs": "", "checks": checks, "compile_ms": 700, "checks_ms": 210,
    })
}

fn check(name: &str, tier: &str, passed: bool) -> Value {
    json!({
        "name": name, "tier": tier, "passed": passed, "expected": null, "actual": null,
        "reproduce": null, "diagnosis": null,
    })
}
