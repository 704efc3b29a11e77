//! Two terminals in one checkout, and `cargo clean` while the book is read: the pages stay.

use std::{
    fs,
    io::Write,
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use xtask::{
    session::book::{Books, ServedBook},
    verdict::Outcome,
};

use crate::{
    checkout::Checkout,
    server::{LIMIT, Served, all_of, wait_for},
    verdicts::{save, verdict},
};

const STEP: &str = "03-bearer-token";

#[test]
fn a_second_server_leaves_the_pages_of_the_first_one_up() {
    let checkout = Checkout::copy();
    let first = Served::start(&checkout);
    let second = Served::start(&checkout);
    let books = Books::in_checkout(&checkout.course());
    let noted: Vec<String> = books.served().into_iter().map(|book| book.address).collect();
    assert_eq!(noted, [&first, &second].map(|served| format!("http://{}", served.address())));
    for served in [&first, &second] {
        let page = served.page("/glossary.html");
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    }
    drop(second);
    assert_eq!(books.served().len(), 1, "a server that has ended is still noted");
    let third = Served::start(&checkout);
    assert!(first.page("/glossary.html").starts_with("HTTP/1.1 200"));
    let folders = fs::read_dir(checkout.root().join("target/workshop/book")).expect("builds");
    let folders = folders.filter(|entry| entry.as_ref().is_ok_and(|entry| entry.path().is_dir()));
    assert_eq!(folders.count(), 2, "the pages of a server that has ended are left");
    drop(third);
}

#[test]
fn pages_that_are_deleted_are_built_again() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    // As `cargo clean` does.
    fs::remove_dir_all(checkout.root().join("target")).expect("it can be removed");
    let page = served.page("/glossary.html");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("mdbook-searchbar"), "{page}");
    assert!(served.page("/lost.html").starts_with("HTTP/1.1 404"));
}

#[test]
fn verdicts_are_heard_of_after_their_folder_was_deleted() {
    let checkout = Checkout::copy();
    let course = checkout.course();
    let served = Served::start(&checkout);
    let mut live = served.live(STEP);
    wait_for(&mut live, "has not been checked yet");
    fs::remove_dir_all(checkout.root().join("target")).expect("it can be removed");
    save(&course, &verdict(&course, STEP, Outcome::DoesNotCompile, Vec::new()));
    wait_for(&mut live, "does not compile yet");
    let books = Books::in_checkout(&course);
    // No event comes with a note: look again.
    let until = Instant::now() + LIMIT;
    while books.served().is_empty() {
        assert!(Instant::now() < until, "the server is not noted once more");
        thread::sleep(Duration::from_millis(20));
    }
    save(&course, &verdict(&course, STEP, Outcome::Solved, Vec::new()));
    wait_for(&mut live, "is solved");
}

#[test]
fn a_second_terminal_uses_the_book_of_the_first_and_serves_it_after() {
    let checkout = Checkout::copy();
    let course = checkout.course();
    assert!(ServedBook::of_another_terminal(&course).is_none(), "nobody serves it yet");
    let first = Served::start(&checkout);
    let address = first.address().to_owned();
    let second = ServedBook::of_another_terminal(&course).expect("the first one serves it");
    assert_eq!(second.address, format!("http://{address}"));
    drop(first);
    // It listens before its pages are built. Nobody tells when a port is listened to: ask again.
    let until = Instant::now() + LIMIT;
    while TcpStream::connect(&address).is_err() {
        assert!(Instant::now() < until, "nobody serves the book any more");
        thread::sleep(Duration::from_millis(20));
    }
    let mut socket = TcpStream::connect(&address).expect("it listens");
    let request =
        format!("GET /glossary.html HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).expect("it reads");
    let page = all_of(socket);
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    drop(second);
    assert!(TcpStream::connect(&address).is_err(), "the server is left behind");
}
