//! `cargo xtask run`: start a step's server, to be looked at and spoken to.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

use protocol::listening::{self, Address};

use crate::{
    course::{Course, Step, Whose},
    process::{
        compile::{self, Compiled, Programs},
        group::Group,
        interrupt,
        open::open_in_browser,
        port,
        server_copy::ServerCopy,
    },
    session::live_server::{Servers, jwt_secret},
    trouble::Trouble,
    verbs::verb::{Verb, one_step, steps_and_flags},
    verdict::report,
};

/// `cargo xtask run`.
pub(super) const VERB: Verb =
    Verb { name: "run", about: "start a step's server on port 3000", help: HELP, run };

const HELP: &str = "\
cargo xtask run STEP [--solution] [--open]

Starts the step's server on port 3000 (or $PORT) and says what to try. Ctrl-C ends it.

  --solution   our server instead of yours
  --open       open /docs in your browser";

#[derive(Clone)]
enum Event {
    Listening(Address),
    Ended,
    Interrupted,
}

/// Runs until Ctrl-C or the server's own end.
fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (steps, [solution, open]) = steps_and_flags(course, arguments, ["solution", "open"])?;
    let whose = if solution { Whose::Reference } else { Whose::Learner };
    let step = one_step(&steps)?;
    let port = port::from_environment()?;
    match compile::compile(course, step, whose)? {
        Compiled::Refused { text, .. } => {
            anstream::println!(
                "{}\nFix the first error, then `cargo xtask run {}`",
                text.trim_end(),
                step.number
            );
            Ok(3)
        }
        Compiled::Ready(Programs { server, .. }) => {
            let copy = ServerCopy::make(course, &server)?;
            serve(course, step, whose, copy.path(), port, open)
        }
    }
}

fn serve(
    course: &Course,
    step: &Step,
    whose: Whose,
    server: &Path,
    port: u16,
    open: bool,
) -> Result<u8, Trouble> {
    let mut command = Command::new(server);
    command
        .current_dir(step.folder(Whose::Learner))
        .env("PORT", port.to_string())
        .env("JWT_SECRET", jwt_secret())
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut group = Group::start(command).map_err(|error| Trouble::io("start", server, &error))?;
    let (sender, events) = mpsc::channel();
    if let Some(stdout) = group.take_stdout() {
        let sender = sender.clone();
        thread::spawn(move || {
            // A server may print what is not UTF-8, and goes on.
            for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                if let Some(address) = listening::parse(&line) {
                    sender.send(Event::Listening(address)).ok();
                }
            }
            sender.send(Event::Ended).ok();
        });
    }
    let guard = interrupt::send(sender, Event::Interrupted);
    let servers = Servers::in_checkout(course);
    let mut note = None;
    let mut listened = false;
    for event in &events {
        match event {
            Event::Listening(Address { url: base, port }) => {
                listened = true;
                note = port.map(|port| servers.note(&step.slug, whose, port)).transpose()?;
                println!("\nTry:");
                step.urls.iter().for_each(|path| println!("  {base}{path}"));
                println!(
                    "\nThe page of this step: {}\nCtrl-C ends the server.",
                    report::page(step)
                );
                if open {
                    open_in_browser(&format!("{base}/docs/"));
                }
            }
            Event::Ended => break,
            Event::Interrupted => return Err(Trouble::Interrupted),
        }
    }
    drop(note);
    drop(guard);
    let status = group.wait().map_err(|error| Trouble::io("wait for", server, &error))?;
    let when = if listened { "ended by itself" } else { "ended before it listened" };
    println!("Your server {when} ({status}). Next:  cargo xtask verify {}", step.number);
    Ok(1)
}
