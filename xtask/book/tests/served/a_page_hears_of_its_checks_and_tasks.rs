//! A step's page hears how its checks and tasks stand, for its lists and cards.

use std::io::BufRead;

use serde_json::{Value, json};
use xtask::verdict::Outcome;

use crate::{
    checkout::Checkout,
    server::{Served, wait_for},
    tasks::{self, STEP, judged},
    verdicts::{save, verdict},
};

#[test]
fn each_check_and_each_task_is_marked_and_every_verdict_changes_that() {
    let checkout = with_step();
    let course = checkout.course();
    let served = Served::start(&checkout);
    let mut live = served.live(STEP);
    assert_eq!(sent(&mut live), json!({"checks": [], "tasks": []}));
    save(&course, &judged(&course, Outcome::NotStarted, &[]));
    let marks = of_checks(&mut live);
    assert_eq!(state(&marks, "lists_the_items"), "ok");
    assert_eq!(state(&marks, "says_yes"), "todo");
    assert_eq!(marks["tasks"], json!([task(1, 0, 1, false), task(2, 0, 4, false)]));
    let mut begun = judged(&course, Outcome::Failed, &["says_yes"]);
    begun.tasks[1].begun = true;
    save(&course, &begun);
    let marks = sent(&mut live);
    assert_eq!(
        ["says_yes", "says_no", "says_no_twice"].map(|name| state(&marks, name)),
        ["ok", "fail", "fail"]
    );
    assert_eq!(marks["tasks"], json!([task(1, 1, 1, true), task(2, 0, 4, false)]));
}

#[test]
fn a_task_is_green_with_its_core_and_sharp_edges_may_be_left() {
    let checkout = with_step();
    let course = checkout.course();
    save(&course, &judged(&course, Outcome::Failed, &["says_no", "says_no_twice"]));
    let served = Served::start(&checkout);
    let marks = sent(&mut served.live(STEP));
    assert_eq!(state(&marks, "says_yes"), "todo", "task 1 is not begun");
    assert_eq!(marks["tasks"], json!([task(1, 0, 1, false), task(2, 2, 4, true)]));
}

#[test]
fn while_the_code_does_not_compile_nobody_knows_but_a_green_task_stays_green() {
    let checkout = with_step();
    let course = checkout.course();
    save(&course, &judged(&course, Outcome::Failed, &["says_yes"]));
    save(&course, &verdict(&course, STEP, Outcome::DoesNotCompile, Vec::new()));
    let served = Served::start(&checkout);
    let marks = sent(&mut served.live(STEP));
    assert_eq!(marks["checks"], json!([]));
    let unknown = |mut task: Value| {
        task["passed"] = Value::Null;
        task
    };
    let tasks = [task(1, 1, 1, true), task(2, 0, 4, false)];
    assert_eq!(marks["tasks"], json!(tasks.map(unknown)));
}

fn with_step() -> Checkout {
    let checkout = Checkout::copy();
    tasks::write_to(checkout.root());
    checkout.append(
        "book/src/11-tasks.md",
        "# Tasks\n\n### Task 1. Say yes\n\n### Task 2. Say no\n\n## Explain it back\n",
    );
    checkout.append("book/src/SUMMARY.md", "\n[Tasks](11-tasks.md)\n");
    checkout
}

fn task(number: u8, passed: usize, all: usize, core: bool) -> Value {
    json!({"number": number, "passed": passed, "all": all, "core": core})
}

fn state<'m>(marks: &'m Value, name: &str) -> &'m str {
    let checks = marks["checks"].as_array().expect("a list");
    let check = checks.iter().find(|check| check["name"] == name).expect("the check");
    check["state"].as_str().expect("a word")
}

/// The next marks that have checks: a verdict is two files, and a page may hear of it after the first.
#[track_caller]
fn of_checks(live: &mut impl BufRead) -> Value {
    loop {
        let marks = sent(live);
        if marks["checks"] != json!([]) {
            return marks;
        }
    }
}

/// The marks that the stream sends next.
#[track_caller]
fn sent(live: &mut impl BufRead) -> Value {
    wait_for(live, "event: marks");
    let data = wait_for(live, "data: ");
    serde_json::from_str(data.trim_start_matches("data: ")).expect("JSON")
}
