//! `cargo xtask run`: start a step's server, to be looked at and spoken to.

use std::{
    env,
    io::{BufRead, BufReader},
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

use lexopt::Arg::{Long, Value};

use crate::{
    compile::{self, Compiled},
    course::{Course, Step, Whose},
    group::Group,
    interrupt,
    live_server::{Servers, jwt_secret, port_in},
    report,
    server_copy::ServerCopy,
    trouble::Trouble,
    verbs::{one_step, usage},
};

/// What `cargo xtask run --help` prints.
pub const HELP: &str = "\
cargo xtask run STEP [--solution] [--open]

Starts the step's server on port 3000 (or $PORT) and says what to try. Ctrl-C ends it.

  --solution   our server instead of yours
  --open       open /docs in your browser";

#[derive(Clone)]
enum Event {
    Listening { address: String, port: Option<u16> },
    Ended,
    Interrupted,
}

/// Runs until Ctrl-C or the server's own end.
pub fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let mut names = Vec::new();
    let mut whose = Whose::Learner;
    let mut open = false;
    while let Some(argument) = arguments.next().map_err(|error| usage(&error, HELP))? {
        match argument {
            Long("solution") => whose = Whose::Reference,
            Long("open") => open = true,
            Value(name) => names.push(name),
            other => return Err(usage(&other.unexpected(), HELP)),
        }
    }
    let step = one_step(course, &names, HELP)?;
    let port = port()?;
    match compile::compile(&course.root, &step.package(whose))? {
        Compiled::Refused { text, .. } => {
            anstream::println!(
                "{}\nMend the first error, then `cargo xtask run {}`",
                text.trim_end(),
                step.number
            );
            Ok(3)
        }
        Compiled::Ready { server, .. } => {
            let copy = ServerCopy::of(course, &server)?;
            serve(course, step, whose, copy.path(), port, open)
        }
    }
}

/// The port that is asked for, if it is free.
pub fn port() -> Result<u16, Trouble> {
    let text = env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let port = text.parse().map_err(|_| {
        Trouble::Usage(format!("PORT is `{text}`, which is not a port (0 to 65535)"))
    })?;
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(port),
        Err(error) => Err(Trouble::Environment(format!(
            "port {port} cannot be used: {error}.\nAnother server runs there, perhaps `cargo xtask watch` in another \
             terminal: use that one, or end it, or choose another port with the environment variable PORT."
        ))),
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
    if let Some(stdout) = group.leader().stdout().take() {
        let sender = sender.clone();
        thread::spawn(move || {
            // A server may print what is not UTF-8, and goes on.
            for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                if let Some(address) = line.strip_prefix("Listening on ") {
                    let address = address.trim().to_owned();
                    sender.send(Event::Listening { address, port: port_in(&line) }).ok();
                }
            }
            sender.send(Event::Ended).ok();
        });
    }
    let guard = interrupt::send(sender, Event::Interrupted);
    let servers = Servers::of(course);
    let mut note = None;
    let mut listened = false;
    for event in &events {
        match event {
            Event::Listening { address: base, port } => {
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
    let status = group.leader().wait().map_err(|error| Trouble::io("wait for", server, &error))?;
    let when = if listened { "ended by itself" } else { "ended before it listened" };
    println!("Your server {when} ({status}). Next:  cargo xtask verify {}", step.number);
    Ok(1)
}

/// A browser that does not open is no reason to stop: the address is on the screen.
pub fn open_in_browser(url: &str) {
    if let Err(error) = open::that_detached(url) {
        eprintln!("could not open a browser ({error}); open {url} yourself");
    }
}
