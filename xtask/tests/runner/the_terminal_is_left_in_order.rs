//! What is at the other end of our input and output: a pipe that closes, a full disk, a terminal that comes back.
#![cfg(unix)]

use std::{
    fs::OpenOptions,
    io,
    os::{fd::AsFd, unix::fs::PermissionsExt},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use nix::{
    pty::openpty,
    sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr},
};

use crate::support::{
    checkout::{Checkout, bytes, finish},
    running_call::LIMIT,
};

#[test]
fn output_that_nobody_reads_is_no_crash() {
    let checkout = Checkout::new();
    // A report that is not read to its end is a verdict all the same.
    let calls = [
        (&["status"][..], 141),
        (&["verify", "1"], 1),
        (&["verify", "1", "--json"], 141),
        (&["--help"], 141),
    ];
    for (arguments, code) in calls {
        let (reader, writer) = io::pipe().expect("there are pipes");
        drop(reader);
        let output = finish(checkout.command(arguments).stdout(writer));
        output.exits(code).never_says("panicked").never_says("RUST_BACKTRACE");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_no_crash() {
    let checkout = Checkout::new();
    for arguments in [&["status"][..], &["verify", "1"], &["verify", "1", "--json"]] {
        let full = OpenOptions::new().write(true).open("/dev/full").expect("it is always full");
        let output = finish(checkout.command(arguments).stdout(full));
        output.exits(4).says("The output could not be written").never_says("panicked");
        let full = OpenOptions::new().write(true).open("/dev/full").expect("it is always full");
        checkout.command(arguments).stderr(full).output().expect("it can be started");
    }
}

/// Waits until the terminal passes on lines, or single keys.
#[track_caller]
fn wait_until(terminal: &impl AsFd, lines: bool) {
    let until = Instant::now() + LIMIT;
    let by_line = || {
        let mode = tcgetattr(terminal).expect("it is a terminal");
        mode.local_flags.contains(LocalFlags::ICANON)
    };
    while by_line() != lines {
        assert!(Instant::now() < until, "it stays as it is");
        // No event comes with a mode: look again.
        thread::sleep(Duration::from_millis(20));
    }
}

/// A shell sets the terminal to its liking while we are stopped.
#[test]
fn single_keys_are_back_after_ctrl_z() {
    let checkout = Checkout::new();
    let terminal = openpty(None, None).expect("there are pseudo-terminals");
    let ours = terminal.slave.try_clone().expect("it can be opened again");
    let mut command = checkout.command(&["watch", "1"]);
    let mut watch = command
        .stdin(ours)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it can be started");
    let signal = |name: &str| {
        let id = nix::unistd::Pid::from_raw(watch.id().cast_signed());
        let signal = name.parse::<nix::sys::signal::Signal>().expect("it is one");
        nix::sys::signal::kill(id, signal).expect("it runs");
    };
    wait_until(&terminal.slave, false);
    signal("SIGSTOP");
    let mut mode = tcgetattr(&terminal.slave).expect("it is a terminal");
    mode.local_flags |= LocalFlags::ICANON | LocalFlags::ECHO;
    tcsetattr(&terminal.slave, SetArg::TCSANOW, &mode).expect("it can be set");
    wait_until(&terminal.slave, true);
    signal("SIGCONT");
    wait_until(&terminal.slave, false);
    signal("SIGINT");
    wait_until(&terminal.slave, true);
    assert_eq!(watch.wait().expect("it ends").code(), Some(130));
}

/// Ctrl-C comes while cargo runs: this one sends it.
#[test]
fn an_exercise_that_is_interrupted_is_taken_back() {
    let checkout = Checkout::new();
    let course = checkout.course();
    let main_rs = course.root.join(course.steps.last().expect("there are steps").main_rs());
    let before = bytes(&main_rs);
    let cargo = checkout.root.join("target").join("interrupting-cargo");
    std::fs::write(&cargo, "#!/bin/sh\nkill -INT $PPID\nexit 1\n").expect("it can be written");
    std::fs::set_permissions(&cargo, PermissionsExt::from_mode(0o755)).expect("it is ours");
    let output = finish(checkout.command(&["break-in", "--new", "1"]).env("CARGO", &cargo));
    output.says("The exercise was not made: ").says(" is as it was.");
    assert!(bytes(&main_rs) == before, "the holes are still there");
}
