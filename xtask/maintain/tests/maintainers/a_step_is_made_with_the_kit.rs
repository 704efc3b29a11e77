//! `new` makes a step that is whole, and `ci STEP` tells its author what is wrong, with file and line.

use std::{fs, path::Path, process::Command};

use workshop_book::render;
use xtask::files;

use crate::{
    bank::only_step_1,
    support::{
        checkout::{Checkout, finish, remove},
        output::Output,
    },
};

const SNAPSHOT: &str = "---\ndescription: x\n---\nGET /tea-time HTTP/1.1\n\nHTTP/1.1 200 OK\ncontent-type: text/plain\n\nTea time\n";

/// `cargo xtask` does so before it calls the verb.
fn name_packages_in_the_lock_file(checkout: &Checkout) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--offline", "--format-version", "1"]).current_dir(&checkout.root);
    finish(&mut cargo).exits(0);
}

#[test]
fn a_step_goes_from_nothing_to_solved() {
    let checkout = Checkout::new();
    only_step_1(&checkout);
    let output = checkout.xtask(&["new", "02-tea-time", "Tea time"]);
    output.exits(0).says("Step 02 is there").says("Next:  cargo xtask snapshots 02");
    name_packages_in_the_lock_file(&checkout);

    checkout.xtask(&["starters", "2", "--check"]).exits(0);
    checkout.xtask(&["snapshots", "2"]).exits(0);
    let snapshots = checkout.root.join("steps/02-tea-time/tests/snapshots");
    let written = files::read(&snapshots.join("answers_tea_time.snap")).expect("it was written");
    assert!(written.contains("HTTP/1.1 200 OK") && written.contains("Tea time"), "{written}");

    checkout.xtask(&["verify", "2", "--solutions"]).exits(0).says("Solved: all 4 checks pass.");
    let starter = checkout.xtask(&["verify", "2", "--json"]);
    assert_eq!(starter.exits(1).json()["outcome"], "not_started");
    starter.says("501 Not Implemented");
    checkout.xtask(&["solution", "2", "--apply"]).exits(0);
    checkout.xtask(&["verify", "2"]).exits(0).says("Solved: all 4 checks pass.");
}

#[test]
fn a_new_step_keeps_the_checks_of_the_last_one_and_has_a_page() {
    let checkout = Checkout::new();
    let title = "Tea & milk: 'time' to *drink* – #5, for €2 (50%)";
    checkout.xtask(&["new", "11-tea-time", title]).exits(0);
    let course = checkout.course();
    let (step, before) =
        (course.step("11").expect("it is there"), course.step("10").expect("it is"));
    let count = |step: &xtask::course::Step| step.checks().expect("there are hints").len();
    assert_eq!(count(step), count(before) + 1);
    let folder = step.snapshots();
    fs::write(folder.join("answers_tea_time.snap"), SNAPSHOT).expect("it can be written");
    render::build(&checkout.root, &checkout.root.join("target").join("built"))
        .unwrap_or_else(|trouble| panic!("{trouble}"));
    let page = files::read(&checkout.root.join("target/built/11-tea-time.html"));
    assert!(page.expect("there is a page").contains("Task 1. Add the route"));

    checkout.xtask(&["new", "12-Tea", "Tea"]).exits(2).says("cannot be the next step");
    checkout.xtask(&["new", "11-tea-time", "Tea"]).exits(2).says("called `12-`");
    checkout.xtask(&["new", "12-tea"]).exits(2).says("a slug and a title");
}

#[test]
fn what_would_not_compile_or_be_no_page_is_refused_before_anything_is_made() {
    let checkout = Checkout::new();
    let before = files::below(&checkout.root.join("steps")).expect("it can be read");
    checkout.xtask(&["new", "12-tea-time", "Tea"]).exits(2).says("its folder is called `11-`");
    checkout.xtask(&["new", "10-break-in", "Tea"]).exits(2).says("its folder is called `11-`");
    for word in ["type", "items", "docs", "password"] {
        let output = checkout.xtask(&["new", &format!("11-{word}"), "Tea"]);
        output.exits(2).says(format!("Choose other words: `11-a-second-{word}`"));
    }
    for title in [" ", "\"Tea\"", "{{#slides}}", "a | b", "<b>Tea</b>", "[Tea](x)", "Tea\u{7}"] {
        checkout.xtask(&["new", "11-tea", title]).exits(2).says("is no title");
    }
    assert_eq!(files::below(&checkout.root.join("steps")).expect("it can be read"), before);
}

#[test]
fn an_author_is_told_file_line_and_what_to_do() {
    let checkout = Checkout::new();
    checkout.xtask(&["new", "11-tea-time", "Tea time"]).exits(0);
    let is_told = |file: &str, old: &str, new: &str, wanted: &str| {
        let path = checkout.root.join(file);
        let text = files::read(&path).expect("it is there");
        assert!(text.contains(old), "`{old}` is not in {file}");
        fs::write(&path, text.replacen(old, new, 1)).expect("the checkout can be written");
        let output: Output = checkout.xtask(&["ci", "11"]);
        fs::write(&path, text).expect("the checkout can be written");
        assert_ne!(output.code, 0, "{}", output.text);
        output.says(wanted);
    };
    let snapshot = "steps/11-tea-time/tests/tea_time/mod.rs:6: `answers_tea_time` has no snapshot yet: `cargo xtask snapshots 11`";
    let hints = "steps/11-tea-time/hints.md";
    is_told(hints, "---", "---", snapshot);
    let snapshots = Path::new("steps/11-tea-time/tests/snapshots");
    fs::write(checkout.root.join(snapshots).join("answers_tea_time.snap"), SNAPSHOT)
        .expect("it can be written");
    let other = checkout.root.join(snapshots).join("pours_tea.snap");
    fs::write(&other, SNAPSHOT).expect("it can be written");
    is_told(hints, "---", "---", "tests/snapshots/pours_tea.snap:1: no test is called `pours_tea`");
    remove(&other);

    is_told(
        hints,
        "## Answers tea time",
        "## Pours tea",
        "hints.md:1: no test is called `pours_tea`",
    );
    is_told(
        hints,
        "## Answers tea time",
        "## Pours tea",
        "mod.rs:6: hints.md has no heading for this test: add `## Answers tea time`",
    );
    is_told(hints, "task 1", "task 2", "hints.md:1: there is no task `2`");
    is_told(hints, "new, task 1", "new", "hints.md:1: no task turns this new check green");
    let solution = "solutions/11-tea-time/src/main.rs";
    is_told(solution, "    // END SOLUTION\n", "", "solutions/11-tea-time/src/main.rs:");
    let manifest = "steps/11-tea-time/Cargo.toml";
    is_told(
        manifest,
        "core = 10",
        "core = 16",
        "Cargo.toml:11: the core takes 16 minutes and all of it 15",
    );
    is_told(
        manifest,
        "minutes = ",
        "hours = ",
        "Cargo.toml cannot be used: line 10: missing field `minutes`",
    );
    is_told(
        manifest,
        "[\"Add the route\"]",
        "[\"Add the route\", \"Pour\"]",
        "Cargo.toml:12: task 2 turns no check green",
    );
}
