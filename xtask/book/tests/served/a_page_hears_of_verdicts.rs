//! A step's page hears of its verdicts.

use std::io::BufRead;

use serde_json::{Value, json};
use xtask::{
    course::{Whose, hints::Tier},
    files,
    session::{live_server::Servers, watched},
    verdict::{self, CheckResult, Outcome, diagnosis::Diagnosis},
};

use crate::{
    checkout::Checkout,
    server::{Served, wait_for},
    verdicts::{failed, passed, save, verdict},
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
fn a_known_mistake_is_named() {
    let checkout = Checkout::copy();
    let known = Diagnosis {
        name: "first-header-only".to_owned(),
        says: "You read the first.".to_owned(),
        why: "RFC 9110 §5.3".to_owned(),
        read: "03-bearer-token.html#what-each-line-does".to_owned(),
        file: Some("steps/03-bearer-token/src/main.rs".to_owned()),
        line: Some(87),
        code: Some("get(header::AUTHORIZATION)".to_owned()),
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
    drop(note);
    assert_eq!(panel_sent(&mut live)["elsewhere"], Value::Null);
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
    wait_for(live, "event: panel");
    let data = wait_for(live, "data: ");
    serde_json::from_str(data.trim_start_matches("data: ")).expect("JSON")
}
