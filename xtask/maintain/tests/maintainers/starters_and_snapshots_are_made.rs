//! What keeps the course consistent: starters and snapshots are made, never written.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use xtask::{
    course::{marks::View, starter},
    files,
};

use crate::support::{
    output::Output,
    checkout::{Checkout, bytes, finish},
};

const MINE: &str = "// mine\n";

#[test]
fn starters_check_names_the_file_that_drifted() {
    let checkout = Checkout::new();
    let path = "steps/01-open-route/src/main.rs is not what the solution makes";
    checkout.xtask(&["starters", "--check"]).never_says(path);
    let before = fs::read_to_string(checkout.main_rs()).expect("it is text");
    checkout.save(&format!("{before}// more\n"));
    checkout.xtask(&["starters", "--check"]).exits(1).says(path);
    let kept = fs::read_to_string(checkout.main_rs()).expect("it is text");
    assert!(kept.ends_with("// more\n"), "--check has written");
}

#[test]
fn starters_check_names_dependencies_that_differ() {
    let checkout = Checkout::new();
    let manifest = checkout.root.join("solutions/01-open-route/Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("it is text");
    let more = text.replace("[dependencies]\n", "[dependencies]\nutoipa.workspace = true\n");
    fs::write(&manifest, more).expect("the checkout can be written");
    let output = checkout.xtask(&["starters", "--check"]);
    output.exits(1)
        .says("steps/01-open-route and solutions/01-open-route have different dependencies");
}

/// `starters` in a checkout that git, looking no further up, finds to be no repository or one of its own.
fn starters(checkout: &Checkout) -> Output {
    let above = checkout.root.parent().expect("it is not the root");
    finish(checkout.command(&["starters"]).env("GIT_CEILING_DIRECTORIES", above))
}

fn git(folder: &Path, arguments: &[&str]) {
    let status = Command::new("git")
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org"])
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "git {arguments:?} failed");
}

#[test]
fn starters_writes_only_what_git_has() {
    let checkout = Checkout::new();
    let refused = "steps/01-open-route/src has changes that are not in git, so it is left alone.";
    let starter = starter::sources(&checkout.step(), View::Starter).expect("there is a solution");
    checkout.save(MINE);
    let is_mine = || bytes(&checkout.main_rs()) == MINE.as_bytes();

    starters(&checkout).exits(4).says("only what git can bring back").says("not a git repository");
    assert!(is_mine(), "overwritten without a repository");

    git(&checkout.root, &["init", "--quiet"]);
    starters(&checkout).exits(4).says(refused).says("cargo xtask reset 1");
    assert!(is_mine(), "overwritten though git does not know it");

    fs::write(checkout.root.join(".gitignore"), "/target/\n/steps/\n").expect("it can be written");
    starters(&checkout).exits(4).says(refused);
    assert!(is_mine(), "overwritten though git ignores it");

    git(&checkout.root, &["add", "--force", "steps/01-open-route"]);
    git(&checkout.root, &["commit", "--quiet", "-m", "mine"]);
    starters(&checkout).exits(0).says("steps/01-open-route/src/main.rs is made anew");
    assert!(bytes(&checkout.main_rs()) == starter[0].text.as_bytes(), "it is not the starter");
}

#[test]
fn snapshots_are_what_the_solution_answers() {
    let checkout = Checkout::new();
    let shipped = checkout.snapshots();
    let snapshot = checkout.step().snapshots().join("lists_the_items.snap");
    let stale = snapshot.with_file_name("is_no_check_any_more.snap");
    fs::copy(&snapshot, &stale).expect("the checkout can be written");
    let text = fs::read_to_string(&snapshot).expect("it is text");
    fs::write(&snapshot, text.replace("Teapot", "Kettle")).expect("the checkout can be written");
    checkout.xtask(&["verify", "1", "--solutions"]).exits(1).says("Kettle");
    checkout.xtask(&["snapshots", "1"]).exits(0).says("01-open-route: 3 snapshots");
    assert!(checkout.snapshots() == shipped, "they are not what was checked in");
    let shown = checkout.root.join("book/verdicts/01-open-route.txt");
    assert!(files::read(&shown).is_ok_and(|text| text.contains("Not started yet")));
}

#[test]
fn snapshots_leaves_the_books_verdict_alone_if_the_starter_is_edited() {
    let checkout = Checkout::new();
    let shown = checkout.root.join("book/verdicts/01-open-route.txt");
    let before = bytes(&shown);
    checkout.save_solution_but("Teapot", "Kettle");
    checkout.xtask(&["snapshots", "1"]).exits(0).says("is not the untouched starter");
    assert!(bytes(&shown) == before, "the book shows a learner's verdict");
}

#[test]
fn steady_counts_the_checks_that_cry_wolf() {
    let checkout = Checkout::new();
    checkout.xtask(&["steady", "1", "--runs", "1"]).exits(0).says("1 runs, 0 checks that failed");
    let path = checkout.root.join("solutions/01-open-route/src/main.rs");
    let solution = fs::read_to_string(&path).expect("it is text");
    fs::write(&path, solution.replace("Teapot", "Kettle")).expect("the checkout can be written");
    let output = checkout.xtask(&["steady", "1", "--runs", "2"]);
    output.exits(1)
        .says("2 runs, 1 checks that failed")
        .says("lists_the_items: 2 times")
        .says("Kettle");
}

#[test]
fn bundle_asks_for_a_repository() {
    let checkout = Checkout::new();
    let above = checkout.root.parent().expect("it is not the root");
    let output = finish(checkout.command(&["bundle"]).env("GIT_CEILING_DIRECTORIES", above));
    output.exits(4).says("is not a git repository");
}
