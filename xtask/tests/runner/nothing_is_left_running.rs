//! Ctrl-C, a closed terminal, a second terminal: no server is left behind, and no verdict is disturbed.
#![cfg(unix)]

use std::{
    io::{ErrorKind, Read},
    net::{Ipv4Addr, TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};
#[cfg(target_os = "linux")]
use std::{os::unix::process::ExitStatusExt, process::Command};

use crate::support::{
    checkout::Checkout,
    running_call::{LIMIT, RunningCall},
    servers::{connect, holding_on_to, listening},
};

/// Where the learner's servers call: an open connection is a server that runs.
struct Callers {
    listener: TcpListener,
}

impl Callers {
    fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        listener.set_nonblocking(true).expect("it is a socket");
        Self { listener }
    }

    fn port(&self) -> u16 {
        self.listener.local_addr().expect("it is bound").port()
    }

    /// Waits for a server to call.
    #[track_caller]
    fn next(&self) -> TcpStream {
        let until = Instant::now() + LIMIT;
        loop {
            match self.listener.accept() {
                Ok((caller, _)) => return caller,
                Err(error) if Instant::now() > until => panic!("no server calls: {error}"),
                // A listener has no time limit of its own: ask again.
                Err(_) => thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    /// Every further one that has called.
    fn rest(self) -> Vec<TcpStream> {
        self.listener.incoming().map_while(Result::ok).collect()
    }
}

/// Waits until the process at the other end is gone.
#[track_caller]
fn wait_until_gone(mut caller: TcpStream) {
    caller.set_nonblocking(false).expect("it is a socket");
    caller.set_read_timeout(Some(LIMIT)).expect("it is a socket");
    match caller.read(&mut [0; 1]) {
        Ok(0) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        other => panic!("the server is still there: {other:?}"),
    }
}

#[track_caller]
fn a_signal_in_the_middle_of_the_checks(signal: &str) {
    let checkout = Checkout::new();
    let callers = Callers::new();
    checkout.save(&holding_on_to(callers.port()));
    let running = RunningCall::start(&mut checkout.command(&["verify", "1"]));
    let first = callers.next();
    running.signal(signal);
    wait_until_gone(first);
    running.ends().exits(130).says("stopped").never_says("FAIL");
    callers.rest().into_iter().for_each(wait_until_gone);
    assert_eq!(temporary(&checkout), 0, "a copy of the server is left");
}

/// The files that a run needs only while it lasts.
fn temporary(checkout: &Checkout) -> usize {
    let files = xtask::files::below(&checkout.root.join("target/workshop/running"));
    files.expect("it can be listed").len()
}

#[test]
fn ctrl_c_in_the_middle_of_the_checks_ends_the_servers() {
    a_signal_in_the_middle_of_the_checks("INT");
}

#[test]
fn a_closed_terminal_ends_the_servers() {
    a_signal_in_the_middle_of_the_checks("HUP");
}

#[test]
fn ctrl_c_ends_the_server_that_runs() {
    let checkout = Checkout::new();
    checkout.save_solution();
    let mut running = RunningCall::start(checkout.command(&["run", "1"]).env("PORT", "0"));
    let line = running.wait_for("/items");
    let address = line.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix("/items"));
    let server = TcpStream::connect(address.expect("an address to try")).expect("it listens");
    running.signal("INT");
    wait_until_gone(server);
    running.ends().exits(130);
}

#[test]
fn what_the_server_prints_is_shown_even_if_it_is_no_text() {
    let checkout = Checkout::new();
    let noise = r#"std::io::stdout().write_all(b"\xff\n").expect("a reader"); println!("Listening"#;
    checkout.save(&listening("").replacen("println!(\"Listening", noise, 1));
    let mut running = RunningCall::start(checkout.command(&["run", "1"]).env("PORT", "0"));
    running.wait_for("Try:");
    running.signal("INT");
    running.ends().exits(130);
}

#[test]
fn ctrl_c_ends_the_server_of_the_watch() {
    let checkout = Checkout::new();
    let mut running = RunningCall::start(&mut checkout.command(&["watch", "1"]));
    let line = running.wait_for("your server: http://");
    let address = line.rsplit("http://").next().expect("the line has it");
    let server = connect(address);
    running.signal("INT");
    wait_until_gone(server);
    running.ends().exits(130);
    assert!(TcpStream::connect(address).is_err(), "something listens on {address}");
}

/// One ends while the other is in the middle of its checks, and both have output something before.
#[test]
fn two_terminals_do_not_disturb_each_other() {
    let checkout = Checkout::new();
    let callers = Callers::new();
    checkout.save(&holding_on_to(callers.port()));
    let mut held = Vec::new();
    let both = [(); 2].map(|()| {
        let running = RunningCall::start(&mut checkout.command(&["verify", "1"]));
        held.extend([callers.next(), callers.next()]);
        running
    });
    drop(held);
    for running in both {
        running.ends().exits(1).says("ok    1 check that passed from the start");
    }
    let left = xtask::files::below(&checkout.root.join("target/workshop")).expect("it is there");
    // What the programs in `target/` were built from is known as long as they are there.
    let is_of_target = |path: &&std::path::PathBuf| {
        path.parent().is_some_and(|it| it.ends_with("built") || it.ends_with("compiled"))
    };
    let left = left.iter().filter(|path| !is_of_target(path));
    let names: Vec<_> = left.filter_map(|path| path.file_name()?.to_str()).collect();
    assert_eq!(names, ["01-open-route.json", "step-01-checked.json"], "more is left");
}

/// A server that starts itself once more, by these words, as a process that holds on to the port.
fn with_a_child(port: u16, start: &str) -> String {
    let start = format!(
        r#"
    if env::args().count() > 1 {{
        let mut held = std::net::TcpStream::connect("127.0.0.1:{port}").expect("the test listens");
        held.read(&mut [0]).expect("the test holds on");
        return;
    }}
    let this = env::current_exe().expect("it has a name");
    {start}.arg("child").spawn().expect("it can be started");
    let port = env"#
    );
    listening("").replacen("let port = env", start.trim_start(), 1)
}

const CHILD: &str = "std::process::Command::new(this)";

/// It leads a session, and so a group, of its own.
#[cfg(target_os = "linux")]
const CHILD_APART: &str = r#"std::process::Command::new("setsid").arg("--fork").arg(this)"#;

#[track_caller]
fn a_child_of_the_server_ends_with_the_checks(start: &str) {
    let checkout = Checkout::new();
    let callers = Callers::new();
    checkout.save(&with_a_child(callers.port(), start));
    let running = RunningCall::start(&mut checkout.command(&["verify", "1"]));
    let first = callers.next();
    running.ends().exits(1);
    wait_until_gone(first);
    callers.rest().into_iter().for_each(wait_until_gone);
}

/// What the server starts belongs to it: the checks end the server alone, the runner ends the rest.
#[test]
fn a_process_that_the_server_started_ends_with_the_checks() {
    a_child_of_the_server_ends_with_the_checks(CHILD);
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_that_left_the_server_s_group_ends_with_the_checks() {
    a_child_of_the_server_ends_with_the_checks(CHILD_APART);
}

#[test]
fn after_kill_9_the_servers_end_and_the_next_call_removes_the_files() {
    let checkout = Checkout::new();
    let callers = Callers::new();
    checkout.save(&holding_on_to(callers.port()));
    let running = RunningCall::start(&mut checkout.command(&["verify", "1"]));
    let first = callers.next();
    assert!(temporary(&checkout) > 0, "it needs none, so the test shows nothing");
    running.signal("KILL");
    running.ends();
    wait_until_gone(first);
    callers.rest().into_iter().for_each(wait_until_gone);
    let next = checkout.xtask(&["status"]);
    next.exits(0)
        .says("An earlier call was killed. Cleaned up what it had left: 2 temporary files");
    assert_eq!(temporary(&checkout), 0, "something is left");
    checkout.xtask(&["status"]).exits(0).never_says("Cleaned up");
}

#[cfg(target_os = "linux")]
#[test]
fn after_kill_9_what_left_the_server_s_group_ends_too() {
    let checkout = Checkout::new();
    let callers = Callers::new();
    checkout.save(&with_a_child(callers.port(), CHILD_APART));
    let mut running = RunningCall::start(checkout.command(&["run", "1"]).env("PORT", "0"));
    running.wait_for("Ctrl-C ends the server.");
    let child = callers.next();
    running.signal("KILL");
    wait_until_gone(child);
    running.ends();
}

/// Its owner would be a process of number 1 that started at another time: it has ended.
#[cfg(target_os = "linux")]
#[test]
fn what_neither_its_owner_nor_a_warden_ended_ends_at_the_next_call() {
    let checkout = Checkout::new();
    let mut left = Command::new("sleep");
    let mut left =
        left.arg("600").env("WORKSHOP_OWNER", "1-7-0").spawn().expect("it can be started");
    checkout.xtask(&["status"]).exits(0);
    assert_eq!(left.wait().expect("it was started").signal(), Some(9));
}
