//! Snapshots are made from the solutions, and the report that the book shows from the starter.

use std::fs;

use xtask::files;

use crate::support::checkout::{Checkout, bytes};

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
    assert!(files::read(&shown).is_ok_and(|text| text.contains("You have not begun")));
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
