//! `watch`, without a terminal: typed to through a pipe.

use std::{
    fs,
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    process::Command,
};

use crate::support::{
    checkout::{Checkout, bytes, remove},
    running_call::{LIMIT, RunningCall},
    servers::{connect, holding_on_to},
};

/// The response to `GET /items`.
fn items(address: &str) -> String {
    let mut server = connect(address);
    server.set_read_timeout(Some(LIMIT)).expect("it is a socket");
    let request = format!("GET /items HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    server.write_all(request.as_bytes()).expect("it listens");
    let mut answer = String::new();
    server.read_to_string(&mut answer).expect("it answers");
    answer
}

fn start(command: &mut Command) -> (RunningCall, String) {
    let mut watch = RunningCall::start(command);
    watch.wait_for("You have not begun");
    let footer = watch.wait_for("your server: http://");
    let address = footer.rsplit("http://").next().expect("the line has it").to_owned();
    watch.wait_for("Keys:");
    (watch, address)
}

#[test]
fn a_solved_step_is_remembered_and_the_next_one_begins() {
    let checkout = Checkout::new();
    let (mut watch, address) = start(&mut checkout.command(&["watch", "1"]));
    watch.type_line("h");
    watch.wait_for("Hint 1 of ");
    checkout.save_solution();
    watch.wait_for("Solved: all 3 checks pass.");
    watch.wait_for("Next:     step 2, ");
    watch.wait_for("Watching steps/01-open-route");
    let answer = items(&address);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Teapot"), "{answer}");
    // Editors save in several goes: what is left of the save must not wipe the verdict off the screen.
    checkout.save_solution();
    watch.type_line("l");
    watch.wait_for("> ");
    watch.type_line("n");
    watch.wait_for("Step 2: ");
    watch.wait_for("You have not begun");
    watch.wait_for("Watching steps/02-api-docs");
    watch.type_line("q");
    watch.ends().exits(0).says_once("Step 2: ");
    checkout.xtask(&["status"]).exits(0).says("1 of ");
    assert!(TcpStream::connect(&address).is_err(), "a server is left on {address}");
}

#[test]
fn a_save_in_the_next_step_goes_on_there_once_this_one_is_solved() {
    let checkout = Checkout::new();
    let next = checkout.course().step("2").expect("there is a step 2").main_rs();
    let next = checkout.root.join(next);
    let code = String::from_utf8(bytes(&next)).expect("it is text");
    let (mut watch, _) = start(&mut checkout.command(&["watch", "1"]));
    fs::write(&next, format!("{code}// early\n")).expect("the checkout can be written");
    checkout.save_solution();
    watch.wait_for("Solved: all 3 checks pass.");
    watch.wait_for("Watching steps/01-open-route");
    fs::write(&next, format!("{code}// mine\n")).expect("the checkout can be written");
    watch.wait_for("Step 2: ");
    watch.wait_for("Watching steps/02-api-docs");
    watch.type_line("q");
    watch.ends().exits(0).says_once("Step 2: ");
}

#[test]
fn a_save_that_does_not_compile_is_reported_and_the_last_server_stays() {
    let checkout = Checkout::new();
    checkout.save_solution_but("Teapot", "Kettle");
    let mut watch = RunningCall::start(&mut checkout.command(&["watch", "1"]));
    let footer = watch.wait_for("your server: http://");
    let address = footer.rsplit("http://").next().expect("the line has it");
    assert!(items(address).contains("Kettle"));
    checkout.save("this does not compile");
    watch.wait_for("Your code does not compile yet, so");
    watch.wait_for("Keys:");
    assert!(items(address).contains("Kettle"), "the server of the last good save is gone");
    watch.type_line("q");
    watch.ends().exits(0);
}

/// The second save comes while the first one is compiled: it must not be lost.
#[track_caller]
fn the_last_of_two_saves_counts(command: &mut Command, checkout: &Checkout) {
    let (mut watch, _) = start(command);
    checkout.save_solution_but("Teapot", "Kettle");
    watch.wait_for("Compiling step-01");
    checkout.save_solution();
    watch.wait_for("Solved: all 3 checks pass.");
    watch.type_line("q");
    watch.ends().exits(0);
}

#[test]
fn a_save_during_the_checks_is_not_lost() {
    let checkout = Checkout::new();
    let mut command = checkout.command(&["watch", "1"]);
    // As CI sets it: progress is shown all the same.
    the_last_of_two_saves_counts(command.env("CARGO_TERM_COLOR", "always"), &checkout);
}

#[test]
fn a_save_during_the_checks_is_not_lost_when_polling() {
    let checkout = Checkout::new();
    let mut command = checkout.command(&["watch", "1"]);
    the_last_of_two_saves_counts(command.env("WORKSHOP_POLL", "1"), &checkout);
}

#[test]
fn two_saves_at_once_end_with_the_last() {
    let checkout = Checkout::new();
    let (mut watch, _) = start(&mut checkout.command(&["watch", "1"]));
    checkout.save("this does not compile");
    checkout.save_solution();
    watch.wait_for("Solved: all 3 checks pass.");
    watch.type_line("q");
    watch.ends().exits(0);
}

#[test]
fn trouble_does_not_end_the_watch() {
    let checkout = Checkout::new();
    let (mut watch, _) = start(&mut checkout.command(&["watch", "1"]));
    remove(&checkout.main_rs());
    watch.wait_for("cargo xtask reset 01");
    watch.wait_for("Fix this and save, or press r.");
    checkout.save_solution();
    watch.wait_for("Solved: all 3 checks pass.");
    watch.type_line("q");
    watch.ends().exits(0);
}

#[test]
fn what_a_server_writes_beside_the_code_is_no_save() {
    let checkout = Checkout::new();
    let (mut watch, _) = start(&mut checkout.command(&["watch", "1"]));
    let log = "std::thread::spawn(|| loop { std::fs::write(\"server.log\", \"x\").ok(); });";
    let solution = checkout.solution().replace("Teapot", "Kettle");
    let (above, main) = solution.split_once("fn main() ").expect("it has a `main`");
    let (result, body) = main.split_once('{').expect("it has a body");
    checkout.save(&format!("{above}fn main() {result}{{ {log} {body}"));
    watch.wait_for("Kettle");
    watch.wait_for("Keys:");
    let log = checkout.root.join("steps/01-open-route/server.log");
    connect(
        watch.heard().rsplit("http://").next().and_then(|it| it.lines().next()).expect("a server"),
    );
    assert!(log.exists(), "the server writes no log");
    watch.type_line("l");
    watch.wait_for("> ");
    watch.type_line("q");
    watch.ends().exits(0).says_times("Step 1: An open route", 2);
}

#[test]
fn what_editors_leave_and_a_touch_are_no_saves() {
    let checkout = Checkout::new();
    let (mut watch, _) = start(&mut checkout.command(&["watch", "1"]));
    for name in [".main.rs.swp", "main.rs~", "#main.rs#", "4913", ".DS_Store"] {
        std::fs::write(checkout.main_rs().with_file_name(name), name).expect("it can be written");
    }
    let shipped = bytes(&checkout.main_rs());
    std::fs::write(checkout.main_rs(), shipped).expect("the checkout can be written");
    watch.type_line("l");
    watch.wait_for("> ");
    checkout.save_solution_but("Teapot", "Kettle");
    watch.wait_for("Kettle");
    watch.type_line("q");
    watch.ends().exits(0).says_times("Step 1: An open route", 2);
}

#[test]
fn a_save_and_a_key_do_not_wait_for_checks_that_hang() {
    let checkout = Checkout::new();
    let (mut watch, _) = start(&mut checkout.command(&["watch", "1"]));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    checkout.save(&holding_on_to(listener.local_addr().expect("it is bound").port()));
    let (mut held, _) = listener.accept().expect("the check runs");
    watch.type_line("l");
    watch.wait_for("> ");
    checkout.save_solution();
    watch.wait_for("Solved: all 3 checks pass.");
    held.set_read_timeout(Some(LIMIT)).expect("it is a socket");
    assert!(!matches!(held.read(&mut [0]), Ok(1..)), "the server that was being checked runs on");
    watch.type_line("q");
    watch.ends().exits(0).says_times("Step 1: An open route", 2);
}
