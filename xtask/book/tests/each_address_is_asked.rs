//! Links that leave the book, asked of a server that runs here: tests use no network.
#![allow(clippy::disallowed_methods, reason = "a test writes files as anybody may")]

mod checkout;

use std::{
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    thread,
};

use checkout::Checkout;
use workshop_book::pages::external::{self, Reachability};

/// Answers each path as its name says, until the test ends.
fn server() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || listener.incoming().flatten().for_each(answer));
    address
}

fn answer(mut socket: TcpStream) {
    let mut line = String::new();
    let mut reader = BufReader::new(&socket);
    reader.read_line(&mut line).expect("a request");
    let mut rest = String::new();
    while rest != "\r\n" {
        rest.clear();
        reader.read_line(&mut rest).expect("a header");
    }
    let head = match line.split(' ').nth(1) {
        Some("/there") => "200 OK",
        Some("/moved") => "301 Moved Permanently\r\nlocation: /there",
        Some("/shy") => "403 Forbidden",
        Some("/cut") => return,
        _ => "404 Not Found",
    };
    write!(socket, "HTTP/1.1 {head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        .expect("an answer");
}

#[test]
fn each_address_is_told_apart() {
    let server = server();
    let addresses = ["there", "moved", "shy", "lost", "cut"].map(|path| format!("{server}/{path}"));
    let asked = external::ask(&addresses.each_ref().map(String::as_str));
    let answers = asked.unwrap_or_else(|trouble| panic!("{trouble}"));
    assert_eq!(
        answers[..4],
        [
            Reachability::Good,
            Reachability::Moved(format!("{server}/there")),
            Reachability::Unsure(403),
            Reachability::Dead("status 404".to_owned()),
        ]
    );
    let Reachability::Dead(why) = &answers[4] else { panic!("{answers:#?}") };
    assert!(why.contains("curl: "), "{why}");
}

#[test]
fn every_address_of_a_page_is_listed_with_its_places_and_none_of_the_learner_s_servers() {
    let checkout = Checkout::copy();
    for name in ["README.md", "CONTRIBUTING.md"] {
        checkout.append(name, "[x](https://example.org/a)\n");
    }
    checkout.append(
        "book/src/glossary.md",
        "\n<a href=\"https://example.org/a#b\">b</a> <http://127.0.0.1:3000/docs>\n",
    );
    let named = external::named(&checkout.course()).unwrap_or_else(|trouble| panic!("{trouble}"));
    let places = &named["https://example.org/a"];
    assert!(places.len() == 3 && places.contains(&"README.md, line 1".to_owned()), "{places:#?}");
    assert!(named.keys().all(|address| !address.contains("127.0.0.1")), "{named:#?}");
    assert!(named.contains_key("https://doc.rust-lang.org/book/"), "{named:#?}");
}
