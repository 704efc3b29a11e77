//! `cargo xtask run`: start a step's server, to be looked at and spoken to.

use std::{
    io::{self, Read, Write},
    path::Path,
    process::Stdio,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::Duration,
};

use lexopt::Arg::{Long, Value};
use protocol::{
    invisible::{harmless, harmless_in_colour},
    listening::{self, Address},
};

use crate::{
    course::{Course, Step, Whose},
    process::{
        compile::{self, Compiled, Programs},
        group::Group,
        interrupt, lines, memory_limit,
        open::open_in_browser,
        port,
        server_copy::ServerCopy,
    },
    session::live_server::{Servers, jwt_secret},
    trouble::Trouble,
    verbs::verb::{Verb, one_step},
    verdict::report,
};

/// `cargo xtask run`.
pub(super) const VERB: Verb =
    Verb { name: "run", about: "start a step's server on port 3000", help: HELP, run };

const HELP: &str = "\
cargo xtask run STEP [--solution] [--port PORT] [--open]

Starts the step's server on port 3000 (or $PORT) and says what to try. Ctrl-C ends it.

  --solution   our server instead of yours
  --port PORT  another port, in every shell
  --open       open /docs in your browser";

/// How often to look whether the server has ended: what it started may hold its output open.
const LOOK: Duration = Duration::from_millis(50);

/// How long its last words may take.
const LAST_WORDS: Duration = Duration::from_secs(1);

#[derive(Clone)]
enum Event {
    Listening(Address),
    Interrupted,
}

/// Runs until Ctrl-C or the server's own end.
fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut names, mut whose, mut port, mut open) = (Vec::new(), Whose::Learner, None, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("solution") => whose = Whose::Reference,
            Long("port") => port = Some(arguments.value()?),
            Long("open") => open = true,
            Value(name) => names.push(name),
            other => return Err(other.unexpected().into()),
        }
    }
    let steps = names.iter().map(|name| course.step(&name.to_string_lossy()));
    let step = one_step(&steps.collect::<Result<Vec<_>, _>>()?)?;
    let port = port::asked_for(port)?;
    match compile::compile(course, step, whose)? {
        Compiled::Refused { text, .. } => {
            anstream::println!(
                "{}\nFix the first error, then `cargo xtask run {}`",
                harmless_in_colour(text.trim_end()),
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
    let mut command = memory_limit::limited(server);
    command
        .current_dir(step.folder(Whose::Learner))
        .env("PORT", port.to_string())
        .env("JWT_SECRET", jwt_secret())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let (sender, events) = mpsc::channel();
    let guard = interrupt::send(sender.clone(), Event::Interrupted);
    let mut group = Group::start(command).map_err(|error| Trouble::io("start", server, &error))?;
    let printers = [
        group.take_stdout().map(|stdout| print(stdout, io::stdout(), Some(sender))),
        group.take_stderr().map(|stderr| print(stderr, io::stderr(), None)),
    ];
    let servers = Servers::in_checkout(course);
    let mut note = None;
    let mut listened = false;
    let lost = |error: io::Error| Trouble::io("wait for", server, &error);
    let status = loop {
        match events.recv_timeout(LOOK) {
            Ok(Event::Listening(address)) if port == 0 || address.port == Some(port) => {
                listened = true;
                note =
                    address.port.map(|port| servers.note(&step.slug, whose, port)).transpose()?;
                say_what_to_try(step, &address.url, open);
            }
            Ok(Event::Listening(address)) => println!(
                "\nYour server says that it listens on {}, though PORT is {port}. It has to use the port \
                 in the environment variable PORT, and to print that one.",
                harmless(&address.url)
            ),
            Ok(Event::Interrupted) => return Err(Trouble::Interrupted),
            Err(RecvTimeoutError::Timeout) => {
                if let Some(status) = group.try_wait().map_err(lost)? {
                    break status;
                }
            }
            // Its output is closed: nothing is left but its end.
            Err(RecvTimeoutError::Disconnected) => break group.wait().map_err(lost)?,
        }
    };
    drop(note);
    drop(guard);
    for printer in printers.into_iter().flatten() {
        // With the group its output has ended; its last words come before ours.
        printer.recv_timeout(LAST_WORDS).ok();
    }
    let when = if listened { "ended by itself" } else { "ended before it listened" };
    println!("Your server {when} ({status}). Next:  cargo xtask verify {}", step.number);
    Ok(1)
}

fn say_what_to_try(step: &Step, base: &str, open: bool) {
    println!("\nTry:");
    step.urls.iter().for_each(|path| println!("  {base}{path}"));
    println!("\nThe page of this step: {}\nCtrl-C ends the server.", report::page(step));
    if open {
        open_in_browser(&format!("{base}/docs/"));
    }
}

/// Prints what the server prints, in a thread of its own; the receiver hears of the end.
fn print(
    source: impl Read + Send + 'static,
    mut target: impl Write + Send + 'static,
    addresses: Option<Sender<Event>>,
) -> Receiver<()> {
    let (ended, receiver) = mpsc::channel();
    thread::spawn(move || {
        lines::read(source, |line| {
            // Where nobody reads it, the server still goes on.
            writeln!(target, "{}", harmless_in_colour(line)).ok();
            if let Some(note) = memory_limit::note_on(line) {
                writeln!(target, "{note}").ok();
            }
            if let (Some(addresses), Some(address)) = (&addresses, listening::parse(line)) {
                addresses.send(Event::Listening(address)).ok();
            }
        });
        ended.send(()).ok();
    });
    receiver
}
