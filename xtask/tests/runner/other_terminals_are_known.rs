//! What the book's server learns of the programs in other terminals: which step is watched, which servers run.
#![cfg(unix)]

use std::{
    fmt::Debug,
    io::Write,
    net::{Ipv4Addr, TcpListener},
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
    checkout::{Checkout, finish},
    running_call::{LIMIT, RunningCall},
    servers::{connect, listening},
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
    let first = course.step("1").unwrap_or_else(|trouble| panic!("{trouble}"));
    watched::ask_for(&course, first).unwrap_or_else(|trouble| panic!("{trouble}"));
    watch.wait_for("Watching steps/01-open-route");
    assert_eq!(watched::slugs(&course), ["01-open-route"]);
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

#[test]
fn a_watch_names_no_address_where_nothing_listens() {
    let checkout = Checkout::new();
    // The checks start it with port 0.
    let refuses = r#"let port = env::var("PORT").expect("the runner sets it");
    if port != "0" { eprintln!("no \u{9b}config"); std::process::exit(7) }
    let port = env"#;
    checkout.save(&listening("").replacen("let port = env", refuses, 1));
    let mut watch = RunningCall::start(&mut checkout.command(&["watch", "1"]));
    let footer = watch.wait_for("Watching steps/01-open-route");
    let why = "your server ended before it listened (exit status: 7): no \\u{9b}config";
    assert!(footer.ends_with(why), "{footer}");
    watch.type_line("q");
    watch.ends().never_says("your server: http://");
}

#[test]
fn a_server_that_names_another_port_is_not_believed() {
    let checkout = Checkout::new();
    let course = checkout.course();
    let elsewhere = r#"println!("Listening on http://127.0.0.1:5555"); println!("listening"#;
    checkout.save(&listening("").replacen("println!(\"Listening", elsewhere, 1));
    let mut watch = RunningCall::start(&mut checkout.command(&["watch", "1"]));
    watch.wait_for("says that it listens on http://127.0.0.1:5555, though PORT is ");
    assert_eq!(Servers::in_checkout(&course).running(), []);
    watch.type_line("q");
    watch.ends();
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr());
    let port = port.expect("there is a free port").port().to_string();
    let mut run = RunningCall::start(checkout.command(&["run", "1"]).env("PORT", &port));
    run.wait_for(&format!("listens on http://127.0.0.1:5555, though PORT is {port}"));
    assert_eq!(Servers::in_checkout(&course).running(), []);
    run.signal("INT");
    run.ends().never_says("Try:");
}

/// What it started writes where it wrote, and lives on.
#[test]
fn a_note_ends_with_the_server_and_not_with_its_output() {
    let checkout = Checkout::new();
    let servers = Servers::in_checkout(&checkout.course());
    checkout.save(&listening(
        r#"std::process::Command::new("sleep").arg("600").spawn().expect("it can be started");
        std::process::exit(7)"#,
    ));
    let mut run = RunningCall::start(checkout.command(&["run", "1"]).env("PORT", "0"));
    let line = run.wait_for("Listening on http://127.0.0.1:");
    run.wait_for("Ctrl-C ends the server.");
    let note = server("01-open-route", Whose::Learner, &line);
    assert_eq!(servers.running(), [server("01-open-route", Whose::Learner, &line)]);
    let mut caller = connect(&format!("127.0.0.1:{}", note.port));
    caller.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("it reads");
    run.ends().exits(1).says("ended by itself (exit status: 7)");
    assert_eq!(servers.running(), []);
}

#[test]
fn the_lines_of_a_watch_lead_to_its_own_server() {
    let checkout = Checkout::new();
    checkout.save_solution_but("Teapot", "Kettle");
    // If this fails, somebody else has the port: as good.
    let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 3000));
    let mut watch = RunningCall::start(&mut checkout.command(&["watch", "1"]));
    watch.wait_for("Port 3000 cannot be used here");
    let line = watch.wait_for("curl -i");
    let footer = watch.wait_for("your server: http://");
    let address = footer.rsplit("your server: ").next().expect("it has one");
    assert!(line.contains(&format!("\"{address}/")), "{line} beside {footer}");
    if cfg!(unix) {
        let mut shell = std::process::Command::new("sh");
        let answer = finish(
            shell
                .args(["-c", &line[line.find("curl").unwrap_or(0)..]])
                .env("http_proxy", "http://127.0.0.1:9"),
        );
        answer.exits(0).says("Kettle");
    }
    watch.type_line("q");
    watch.ends().never_says("cargo xtask run").never_says(":3000");
}
