//! Starters are made from the solutions, never written, and never in place of what git does not have.

use std::fs;

use xtask::course::{marks::View, starter};

use crate::{
    git::git,
    support::{
        checkout::{Checkout, bytes, finish},
        output::Output,
    },
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
    output
        .exits(1)
        .says("steps/01-open-route and solutions/01-open-route have different dependencies");
}

/// `starters` in a checkout that git, looking no further up, finds to be no repository or one of its own.
fn starters(checkout: &Checkout) -> Output {
    let above = checkout.root.parent().expect("it is not the root");
    finish(checkout.command(&["starters"]).env("GIT_CEILING_DIRECTORIES", above))
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
    starters(&checkout).exits(0).says("steps/01-open-route/src/main.rs is made again");
    assert!(bytes(&checkout.main_rs()) == starter[0].text.as_bytes(), "it is not the starter");
}
