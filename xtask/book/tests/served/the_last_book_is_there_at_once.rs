//! A server that starts shows what the last one has built, and builds again only if that is no longer the book.

use std::{
    fs,
    io::BufReader,
    path::{Path, PathBuf},
};

use crate::{
    checkout::Checkout,
    server::{Served, wait_for},
};

/// Starts a server and ends it, and gives the page of the glossary that it has left.
fn leave_a_book(checkout: &Checkout) -> PathBuf {
    drop(Served::start(checkout));
    let folder = checkout.root().join("target/workshop/book");
    let only = |folder: &Path| {
        let entries = fs::read_dir(folder).expect("builds").map(|entry| entry.expect("one").path());
        let mut folders = entries.filter(|path| path.is_dir());
        folders.next().expect("the book is left")
    };
    only(&only(&folder)).join("glossary.html")
}

/// Writes into the page that was built, as no build would.
fn mark(page: &Path) {
    let text = fs::read_to_string(page).expect("a page");
    fs::write(page, text.replace("</body>", "a mark on what was built</body>")).expect("written");
}

#[test]
fn a_book_that_is_as_it_was_is_not_built_again() {
    let checkout = Checkout::copy();
    for _ in 0..2 {
        mark(&leave_a_book(&checkout));
    }
    let served = Served::start(&checkout);
    let page = served.page("/glossary.html");
    assert_eq!(page.matches("a mark on what was built").count(), 2, "{page}");
    // The next build is that of a save.
    let mut live = served.live("glossary");
    wait_for(&mut live, "event: build");
    checkout.append("book/src/glossary.md", "\nHere is a word that is new.\n");
    wait_for(&mut live, "event: build");
    let page = served.page("/glossary.html");
    assert!(page.contains("a word that is new") && !page.contains("a mark on"), "{page}");
}

#[test]
fn a_book_that_has_changed_is_built_again_behind_the_last_one() {
    let checkout = Checkout::copy();
    mark(&leave_a_book(&checkout));
    let glossary = checkout.root().join("book/src/glossary.md");
    let good = fs::read_to_string(&glossary).expect("a page");
    checkout.append("book/src/glossary.md", "\nA good word, and then {{#lost}}\n");
    let mut served = Served::start(&checkout);
    let mut stderr = BufReader::new(served.child.stderr.take().expect("a pipe"));
    wait_for(&mut stderr, "a directive must stand alone on its line");
    let page = served.page("/glossary.html");
    assert!(page.contains("a mark on what was built"), "the last good one is not there: {page}");
    let mut live = served.live("glossary");
    wait_for(&mut live, "event: build");
    fs::write(&glossary, good + "\nHere is a word that is new.\n").expect("written");
    wait_for(&mut live, "event: build");
    let page = served.page("/glossary.html");
    assert!(page.contains("a word that is new") && !page.contains("a mark on"), "{page}");
}

#[test]
fn a_book_whose_folder_is_gone_is_built() {
    let checkout = Checkout::copy();
    let page = leave_a_book(&checkout);
    fs::remove_dir_all(page.parent().expect("its folder")).expect("it can be removed");
    let served = Served::start(&checkout);
    assert!(served.page("/glossary.html").starts_with("HTTP/1.1 200"));
}
