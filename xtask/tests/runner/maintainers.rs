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

use crate::{
    said::Said,
    scratch::{Scratch, bytes, finish},
};

const MINE: &str = "// mine\n";

#[test]
fn starters_check_names_the_file_that_drifted() {
    let scratch = Scratch::new();
    let path = "steps/01-open-route/src/main.rs is not what the solution makes";
    scratch.xtask(&["starters", "--check"]).never_says(path);
    let before = fs::read_to_string(scratch.main_rs()).expect("it is text");
    scratch.save(&format!("{before}// more\n"));
    scratch.xtask(&["starters", "--check"]).exits(1).says(path);
    let kept = fs::read_to_string(scratch.main_rs()).expect("it is text");
    assert!(kept.ends_with("// more\n"), "--check has written");
}

#[test]
fn starters_check_names_dependencies_that_differ() {
    let scratch = Scratch::new();
    let manifest = scratch.root.join("solutions/01-open-route/Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("it is text");
    let more = text.replace("[dependencies]\n", "[dependencies]\nutoipa.workspace = true\n");
    fs::write(&manifest, more).expect("the scratch can be written");
    let said = scratch.xtask(&["starters", "--check"]);
    said.exits(1)
        .says("steps/01-open-route and solutions/01-open-route have different dependencies");
}

/// `starters` in a scratch that git, looking no further up, finds to be no repository or one of its own.
fn starters(scratch: &Scratch) -> Said {
    let above = scratch.root.parent().expect("it is not the root");
    finish(scratch.command(&["starters"]).env("GIT_CEILING_DIRECTORIES", above))
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
    let scratch = Scratch::new();
    let refused = "steps/01-open-route/src has changes that are not in git, so it is left alone.";
    let starter = starter::sources(&scratch.step(), View::Starter).expect("there is a solution");
    scratch.save(MINE);
    let is_mine = || bytes(&scratch.main_rs()) == MINE.as_bytes();

    starters(&scratch).exits(4).says("only what git can bring back").says("not a git repository");
    assert!(is_mine(), "overwritten without a repository");

    git(&scratch.root, &["init", "--quiet"]);
    starters(&scratch).exits(4).says(refused).says("cargo xtask reset 1");
    assert!(is_mine(), "overwritten though git does not know it");

    fs::write(scratch.root.join(".gitignore"), "/target/\n/steps/\n").expect("it can be written");
    starters(&scratch).exits(4).says(refused);
    assert!(is_mine(), "overwritten though git ignores it");

    git(&scratch.root, &["add", "--force", "steps/01-open-route"]);
    git(&scratch.root, &["commit", "--quiet", "-m", "mine"]);
    starters(&scratch).exits(0).says("steps/01-open-route/src/main.rs is made anew");
    assert!(bytes(&scratch.main_rs()) == starter[0].text.as_bytes(), "it is not the starter");
}

#[test]
fn snapshots_are_what_the_solution_answers() {
    let scratch = Scratch::new();
    let shipped = scratch.snapshots();
    let snapshot = scratch.step().snapshots().join("lists_the_items.snap");
    let stale = snapshot.with_file_name("is_no_check_any_more.snap");
    fs::copy(&snapshot, &stale).expect("the scratch can be written");
    let text = fs::read_to_string(&snapshot).expect("it is text");
    fs::write(&snapshot, text.replace("Teapot", "Kettle")).expect("the scratch can be written");
    scratch.xtask(&["verify", "1", "--solutions"]).exits(1).says("Kettle");
    scratch.xtask(&["snapshots", "1"]).exits(0).says("01-open-route: 3 snapshots");
    assert!(scratch.snapshots() == shipped, "they are not what was checked in");
    let shown = scratch.root.join("book/verdicts/01-open-route.txt");
    assert!(files::read(&shown).is_ok_and(|text| text.contains("Not started yet")));
}

#[test]
fn snapshots_leaves_the_books_verdict_alone_if_the_starter_is_edited() {
    let scratch = Scratch::new();
    let shown = scratch.root.join("book/verdicts/01-open-route.txt");
    let before = bytes(&shown);
    scratch.save_solution_but("Teapot", "Kettle");
    scratch.xtask(&["snapshots", "1"]).exits(0).says("is not the untouched starter");
    assert!(bytes(&shown) == before, "the book shows a learner's verdict");
}

#[test]
fn steady_counts_the_checks_that_cry_wolf() {
    let scratch = Scratch::new();
    scratch.xtask(&["steady", "1", "--runs", "1"]).exits(0).says("1 runs, 0 checks that failed");
    let path = scratch.root.join("solutions/01-open-route/src/main.rs");
    let solution = fs::read_to_string(&path).expect("it is text");
    fs::write(&path, solution.replace("Teapot", "Kettle")).expect("the scratch can be written");
    let said = scratch.xtask(&["steady", "1", "--runs", "2"]);
    said.exits(1)
        .says("2 runs, 1 checks that failed")
        .says("lists_the_items: 2 times")
        .says("Kettle");
}

#[test]
fn bundle_asks_for_a_repository() {
    let scratch = Scratch::new();
    let above = scratch.root.parent().expect("it is not the root");
    let said = finish(scratch.command(&["bundle"]).env("GIT_CEILING_DIRECTORIES", above));
    said.exits(4).says("is not a git repository");
}
