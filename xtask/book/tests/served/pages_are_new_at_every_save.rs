//! Pages: new at every save, and never gone.

use std::{fs, io::BufReader, sync::mpsc};

use xtask::session::{book::Books, saves::Saves};

use crate::{
    checkout::Checkout,
    server::{LIMIT, Served, all_of, command, wait_for},
};

#[test]
fn a_save_reaches_the_reader() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    let page = served.page("/glossary.html");
    assert!(!page.contains("a word that is new"));
    let mut live = served.live("glossary");
    let first = build_sent(&mut live);
    assert!(page.contains(&format!("data-build=\"{first}\"")), "the page knows its build");
    checkout.append("book/src/glossary.md", "\nHere is a word that is new.\n");
    assert_ne!(build_sent(&mut live), first);
    assert!(served.page("/glossary.html").contains("a word that is new"));
}

#[test]
fn search_follows_the_pages_without_turning_them() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    let mut live = served.live("glossary");
    build_sent(&mut live);
    let books = Books::in_checkout(&checkout.course()).served();
    let folder = checkout.root().join("target/workshop/book").join(&books[0].folder);
    let (sender, changes) = mpsc::channel();
    let watched = Saves::watch(&folder, move |_| {
        sender.send(()).ok();
    });
    let _watched = watched.unwrap_or_else(|trouble| panic!("{trouble}"));
    checkout.append("book/src/glossary.md", "\nHere is a word that is new.\n");
    let name = build_sent(&mut live);
    assert!(!served.page("/glossary.html").contains("mdbook-searchbar"));
    // The folder of the pages goes when that of the whole book has taken its place.
    let pages = folder.join(format!("{name}-pages"));
    while pages.exists() {
        changes.recv_timeout(LIMIT).expect("a change of the builds within the limit");
    }
    let page = served.page("/glossary.html");
    assert!(page.contains("mdbook-searchbar") && page.contains(&format!("data-build=\"{name}\"")));
}

#[test]
fn a_broken_page_leaves_the_last_good_ones_up_and_says_so_on_the_page() {
    let checkout = Checkout::copy();
    let mut served = Served::start(&checkout);
    let mut stderr = BufReader::new(served.child.stderr.take().expect("a pipe"));
    let mut live = served.live("glossary");
    let glossary = checkout.root().join("book/src/glossary.md");
    let good = fs::read_to_string(&glossary).expect("a page");
    checkout.append("book/src/glossary.md", "\nA good word, and then {{#lost}}\n");
    wait_for(&mut stderr, "a directive must stand alone on its line");
    wait_for(&mut stderr, "The last good pages stay up.");
    wait_for(&mut live, "a directive must stand alone on its line");
    let page = served.page("/glossary.html");
    assert!(page.starts_with("HTTP/1.1 200") && !page.contains("A good word"), "{page}");
    fs::write(&glossary, good).expect("written");
    wait_for(&mut live, "data: null");
}

#[test]
fn a_book_that_cannot_be_built_at_the_start_ends_with_4_and_the_reason() {
    let checkout = Checkout::copy();
    checkout.append(
        "book/src/glossary.md",
        "\n{{#snippet solutions/01-open-route/src/main.rs:lost}}\n",
    );
    let ended = command(&checkout).output().expect("it can be started");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(4), "{said}");
    assert!(said.contains("book/src/glossary.md, line ") && said.contains("lost"), "{said}");
}

#[test]
fn nothing_outside_the_book_is_served() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    for path in [
        "/../Cargo.toml",
        "//etc/hosts",
        "/%2e%2e/%2e%2e/book.toml",
        "/..%2fbook.toml",
        "/served/..%2f..%2fbook.toml",
        "/served/workshop.css",
    ] {
        assert!(served.page(path).starts_with("HTTP/1.1 404"), "{path}");
    }
}

#[test]
fn nobody_is_served_by_another_name() {
    let checkout = Checkout::copy();
    let served = Served::start(&checkout);
    for host in ["evil.example:4000", "127.0.0.1.evil.example", ""] {
        for path in ["/index.html", "/live/03-bearer-token", "/served/panel.js"] {
            let answer = all_of(served.send(&format!("GET {path} HTTP/1.1"), host, ""));
            assert!(answer.starts_with("HTTP/1.1 421"), "{host} got {path}: {answer}");
        }
    }
    // A port may be forwarded to a different one, and the name is still of this machine.
    let forwarded = all_of(served.send("GET /index.html HTTP/1.1", "localhost:8123", ""));
    assert!(forwarded.starts_with("HTTP/1.1 200"), "{forwarded}");
}

/// The build that the stream names next.
#[track_caller]
fn build_sent(live: &mut impl std::io::BufRead) -> String {
    wait_for(live, "event: build");
    wait_for(live, "data: ").trim_start_matches("data: ").trim().to_owned()
}
