//! What programs in several terminals know of each other: which step is watched, which servers run, where the book is.
#![cfg(unix)]

use std::{
    fmt::Debug,
    net::{Ipv4Addr, TcpListener},
    thread,
    time::{Duration, Instant},
};

use xtask::{
    course::Whose,
    session::{
        book::{BookNote, Books},
        live_server::{ServerNote, Servers},
        watched,
    },
};

use crate::support::{
    checkout::Checkout,
    running_call::{LIMIT, RunningCall},
};

/// Waits until it is so.
#[track_caller]
fn soon<T: PartialEq + Debug>(expected: &T, mut found: impl FnMut() -> T) {
    let until = Instant::now() + LIMIT;
    while found() != *expected {
        assert!(Instant::now() < until, "expected {expected:?}, found {:?}", found());
        // No event comes with a note: look again.
        thread::sleep(Duration::from_millis(20));
    }
}

fn server(step: &str, whose: Whose, line: &str) -> ServerNote {
    let port = line.trim_end().rsplit(':').next().expect("a port").parse().expect("a number");
    ServerNote { step: step.to_owned(), whose, port }
}

#[test]
fn a_watch_tells_its_step_and_its_server_until_it_ends() {
    let checkout = Checkout::new();
    let course = checkout.course();
    let servers = Servers::in_checkout(&course);
    let mut watch = RunningCall::start(&mut checkout.command(&["watch", "1"]));
    let footer = watch.wait_for("your server: http://");
    assert_eq!(watched::slugs(&course), ["01-open-route"]);
    soon(&vec![server("01-open-route", Whose::Learner, &footer)], || servers.running());
    watch.type_line("n");
    watch.wait_for("Watching steps/02-api-docs");
    assert_eq!(watched::slugs(&course), ["02-api-docs"]);
    soon(&vec![server("02-api-docs", Whose::Learner, &footer)], || servers.running());
    watch.type_line("q");
    watch.ends();
    assert_eq!((watched::slugs(&course), servers.running()), (vec![], vec![]));
}

#[test]
fn our_server_is_known_as_ours() {
    let checkout = Checkout::new();
    let servers = Servers::in_checkout(&checkout.course());
    let mut run =
        RunningCall::start(checkout.command(&["run", "1", "--solution"]).env("PORT", "0"));
    let line = run.wait_for("Listening on http://127.0.0.1:");
    run.wait_for("Ctrl-C ends the server.");
    assert_eq!(servers.running(), [server("01-open-route", Whose::Reference, &line)]);
    run.signal("INT");
    run.ends();
    assert_eq!(servers.running(), []);
}

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
    let begun = learn.wait_for("Not started yet");
    assert!(begun.contains(&format!("{address}/01-open-route.html")), "{begun}");
    learn.wait_for("The other steps are still compiling: 0 of 19.");
    learn.wait_for("your server: http://");
    learn.type_line("q");
    learn.ends().exits(0);
    drop(held);
}

#[test]
fn a_taken_port_is_named_nowhere() {
    let checkout = Checkout::new();
    // If somebody else has it, it is taken as well.
    let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 3000));
    let mut watch = RunningCall::start(&mut checkout.command(&["watch", "1"]));
    let curl = watch.wait_for("curl");
    let footer = watch.wait_for("your server: http://");
    let address = footer.trim_end().rsplit(' ').next().expect("an address");
    assert!(!address.ends_with(":3000") && curl.contains(&format!("{address}/items")), "{curl}");
    watch.type_line("q");
    watch.ends().exits(0).never_says("cargo xtask run").never_says(":3000");
}
