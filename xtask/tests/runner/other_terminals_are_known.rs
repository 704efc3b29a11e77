//! What the book's server learns of the programs in other terminals: which step is watched, which servers run.
#![cfg(unix)]

use std::{
    fmt::Debug,
    thread,
    time::{Duration, Instant},
};

use xtask::{
    course::Whose,
    session::{
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
