//! A second `learn` in one checkout uses the book of the first; and what the first says before its book is there.
#![cfg(unix)]

use xtask::session::book::{BookNote, Books};

use crate::support::{checkout::Checkout, running_call::RunningCall};

/// The book is this test's, as far as `learn` can tell; without one, it would have to be compiled.
#[test]
fn a_second_learn_uses_the_book_of_the_first_and_begins_with_its_step() {
    let checkout = Checkout::new();
    let address = "http://127.0.0.1:4711";
    let note = BookNote {
        address: address.to_owned(),
        folder: "1-0".to_owned(),
        program: crate::PROGRAM.into(),
    };
    let books = Books::in_checkout(&checkout.course());
    let held = books.note(&note).unwrap_or_else(|trouble| panic!("{trouble}"));
    let mut learn = RunningCall::start(&mut checkout.command(&["learn", "1", "--no-open"]));
    learn.wait_for("2 of 3  Compiling step 1");
    learn.wait_for("3 of 3  The book is served by `learn` in another terminal already");
    learn.wait_for(&format!("The page:   {address}/01-open-route.html"));
    learn.wait_for("You have not begun");
    let begun = learn.wait_for("Read:  ");
    assert!(begun.contains(&format!("{address}/01-open-route.html")), "{begun}");
    learn.wait_for("The other steps are still compiling: 0 of 19.");
    learn.wait_for("your server: http://");
    learn.type_line("q");
    learn.ends().exits(0);
    checkout.xtask(&["verify", "1"]).exits(1).never_says("A page opens while");
    drop(held);
}

#[test]
fn recall_is_offered_after_the_first_verdict_once_a_step_is_solved() {
    let checkout = Checkout::new();
    let learn = || RunningCall::start(&mut checkout.command(&["learn", "1", "--no-open"]));
    // The book need not be compiled for this.
    let compiles_the_book = "3 of 3  Compiling the book";
    let mut first = learn();
    first.wait_for("You have not begun");
    first.wait_for(compiles_the_book);
    assert!(!first.heard().contains("cargo xtask recall"), "{}", first.heard());
    first.signal("INT");
    first.ends().exits(130);

    checkout.save_solution();
    let no_book = "(A page opens while `cargo xtask learn` runs.)";
    checkout.xtask(&["verify", "1"]).exits(0).says(no_book);
    let mut second = learn();
    second.wait_for("Solved: all 3 checks pass.");
    assert!(!second.heard().contains("cargo xtask recall"), "{}", second.heard());
    second.wait_for("cargo xtask recall");
    second.wait_for(compiles_the_book);
    second.signal("INT");
    second.ends().exits(130);
}
