//! `cargo xtask learn`: the book, the watcher and the warm-up in one.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use lexopt::{
    Arg::{Long, Value},
    ValueExt,
};

use crate::{
    course::{Course, Whose},
    process::{
        compile::{self, Compiled},
        group::Group,
        listening,
        open::open_in_browser,
        port::free_port,
    },
    trouble::Trouble,
    verbs::{
        verb::{Verb, step_or_current},
        watch,
    },
    verdict::report,
};

/// `cargo xtask learn`.
pub(super) const VERB: Verb = Verb {
    name: "learn",
    about: "begin here: the book, the checks and your server in one",
    help: HELP,
    run,
};

const HELP: &str = "\
cargo xtask learn [STEP] [--port PORT] [--no-open] [--prepare]

Begin here. Downloads and compiles what the steps need (once), serves the book at
http://127.0.0.1:4000, checks your code at every save and keeps your server running
on port 3000. Without STEP: the first step that you have not solved.

  --port PORT   another port for the book; one that is taken gives way to the next
  --no-open     do not open the book in your browser
  --prepare     only download and compile, for a room without a network";

/// How long the book may take to begin, once it is compiled.
const BOOK_LIMIT: Duration = Duration::from_secs(30);

/// Warms up, serves the book, and watches until `q` or Ctrl-C.
fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let mut steps = Vec::new();
    let (mut port, mut open, mut prepare) = (4000, true, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => port = arguments.value()?.parse()?,
            Long("no-open") => open = false,
            Long("prepare") => prepare = true,
            Value(name) => steps.push(course.step(&name.to_string_lossy())?),
            other => return Err(other.unexpected().into()),
        }
    }
    let step = step_or_current(course, &steps)?;
    println!("While this gets ready, read book/src/welcome.md.\n");
    warm_up(course)?;
    if prepare {
        println!("\nAll is downloaded and compiled. From now on nothing needs the network.");
        println!("Next:  cargo xtask learn");
        return Ok(0);
    }
    let (book, address) = serve_book(course, free_port(port)?)?;
    if !address.ends_with(&format!(":{port}")) {
        println!("Port {port} is taken, so the book is at another one.");
    }
    report::book_is_at(&address);
    println!("\nThe book:   {address}");
    println!("Your file:  {}", step.main_rs().display());
    println!("The page:   {address}/{}\n", step.page());
    if open {
        open_in_browser(&format!("{address}/{}", step.page()));
    }
    let code = watch::watch(course, step);
    drop(book);
    code
}

/// Downloads all crates, then compiles each step and each solution by the very call that `verify` uses.
fn warm_up(course: &Course) -> Result<(), Trouble> {
    println!("1 of 3  Downloading crates");
    cargo(course, &["fetch", "--locked"])?;
    println!("2 of 3  Compiling the steps (the first time takes a few minutes)");
    for whose in [Whose::Learner, Whose::Reference] {
        for step in &course.steps {
            match compile::compile(course, step, whose)? {
                Compiled::Ready(_) => {}
                // The learner's own code may be half-written; its dependencies are compiled by now.
                Compiled::Refused { .. } => {
                    println!("        {} does not compile yet", step.main_rs().display());
                }
            }
        }
    }
    println!("3 of 3  Compiling the book");
    cargo(course, &["build", "-p", "workshop-book"])
}

fn cargo(course: &Course, arguments: &[&str]) -> Result<(), Trouble> {
    let status = Command::new(compile::cargo())
        .args(arguments)
        .current_dir(&course.root)
        .stdin(Stdio::null())
        .status()
        .map_err(|error| compile::no_cargo(&error))?;
    if status.success() {
        Ok(())
    } else {
        Err(Trouble::Environment(format!(
            "`cargo {}` failed; see its output above. Without a network: `cargo xtask doctor`.",
            arguments.join(" ")
        )))
    }
}

/// Starts the book's server and waits for its address.
fn serve_book(course: &Course, port: u16) -> Result<(Group, String), Trouble> {
    let name = format!("workshop-book{}", std::env::consts::EXE_SUFFIX);
    let program = course.target().join("debug").join(name);
    let mut command = Command::new(&program);
    command
        .args(["serve", "--port", &port.to_string()])
        .current_dir(&course.root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut group =
        Group::start(command).map_err(|error| Trouble::io("start", &program, &error))?;
    let address = listening::wait(&mut group, BOOK_LIMIT).ok_or_else(|| {
        Trouble::Environment(
            "the book did not start; see the reason above. Without it: `cargo xtask watch`"
                .to_owned(),
        )
    })?;
    Ok((group, address.url))
}
