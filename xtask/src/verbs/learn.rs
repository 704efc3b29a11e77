//! `cargo xtask learn`: the book and the watcher in one, while the other steps are compiled.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use lexopt::{
    Arg::{Long, Value},
    ValueExt,
};

use crate::{
    class::board::Board,
    course::{Course, Step, Whose},
    judge,
    learner::progress::Progress,
    process::{
        ahead::Ahead,
        compile::{self, Compiled},
        open::open_in_browser,
        port::free_port,
        program,
    },
    screen::plain,
    session::book::ServedBook,
    trouble::Trouble,
    verbs::{
        class,
        verb::{Verb, step_or_current},
        watch,
    },
    verdict::report::{self, Report},
};

/// `cargo xtask learn`.
pub(super) const VERB: Verb = Verb {
    name: "learn",
    about: "begin here: the book, the checks and your server in one",
    help: HELP,
    run,
};

/// The package that serves the book.
const BOOK: &str = "workshop-book";

const HELP: &str = "\
cargo xtask learn [STEP] [--port PORT] [--no-open] [--plain] [--prepare]
                  [--class URL --name NAME [--class-ca FILE]]

Begin here. Compiles your step and the book, serves the book at http://127.0.0.1:4000,
checks your code at every save and keeps your server running on port 3000. The other
steps are compiled meanwhile: c shows what cargo says, and the other keys are those of
`cargo xtask watch`. Without STEP: the first step that you have not solved.

  --port PORT   another port for the book; one that is taken gives way to the next
  --no-open     do not open the book in your browser
  --plain       print lines, as in a pipe, and draw no screen
  --prepare     only download and compile, for a room without a network
  --class URL   join your instructor's class: you see what is reported, and are asked
  --name NAME   as you want to be called there
  --class-ca FILE
                the certificate that your instructor gave you for an address with https";

/// Compiles what the learner needs first, serves the book, and watches until `q` or Ctrl-C.
fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let mut steps = Vec::new();
    let (mut port, mut open, mut plain, mut prepare) = (4000, true, false, false);
    let (mut board, mut name, mut authority) = (None, None, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => port = arguments.value()?.parse()?,
            Long("no-open") => open = false,
            Long("plain") => plain = true,
            Long("prepare") => prepare = true,
            Long("class") => board = Some(arguments.value()?.string()?),
            Long("class-ca") => authority = Some(PathBuf::from(arguments.value()?)),
            Long("name") => name = Some(arguments.value()?.string()?),
            Value(name) => steps.push(course.step(&name.to_string_lossy())?),
            other => return Err(other.unexpected().into()),
        }
    }
    let step = step_or_current(course, &steps)?;
    if plain {
        plain::only_lines();
    }
    match (board, name) {
        (Some(board), Some(name)) => {
            let board = Board::at(&board)?.vouched_for(authority.as_deref())?;
            class::join(course, &board, &name)?;
        }
        (None, None) if authority.is_none() => {}
        _ => return Err(Trouble::Arguments("--class and --name go together".to_owned())),
    }
    let is_warm = !prepare && program::is_built(course, BOOK);
    if !is_warm {
        println!("While this gets ready, read book/src/welcome.md.\n");
        download(course)?;
    }
    if prepare {
        return compile_all(course);
    }
    if !is_warm {
        println!("2 of 3  Compiling step {}", step.number);
    }
    let book = if let Some(book) = ServedBook::of_another_terminal(course) {
        compile(course, step, Whose::Learner)?;
        println!("3 of 3  The book is served by `learn` in another terminal already");
        report::book_is_at(&book.address);
        book
    } else if is_warm {
        serve_book(course, port)?
    } else {
        book_after_verdict(course, step, port)?
    };
    let address = &book.address;
    println!("\nThe book:   {address}");
    println!("Your file:  {}", step.main_rs().display());
    println!("The page:   {address}/{}\n", step.page());
    if open {
        open_in_browser(&format!("{address}/{}", step.page()));
    }
    if is_warm {
        offer_recall(course)?;
    }
    let rest = compile_the_rest(course, step);
    let code = watch::watch(course, step, plain);
    drop(rest);
    drop(book);
    code
}

/// Compiles each step and each solution, and the book.
fn compile_all(course: &Course) -> Result<u8, Trouble> {
    println!("2 of 3  Compiling the steps (the first time takes a few minutes)");
    for whose in [Whose::Learner, Whose::Reference] {
        for step in &course.steps {
            compile(course, step, whose)?;
        }
    }
    println!("3 of 3  Compiling the book");
    program::build(course, BOOK, &[])?;
    println!("\nAll is downloaded and compiled. From now on nothing needs the network.");
    println!("Next:  cargo xtask learn");
    Ok(0)
}

/// By the very call that `verify` uses.
fn compile(course: &Course, step: &Step, whose: Whose) -> Result<(), Trouble> {
    match compile::compile(course, step, whose)? {
        Compiled::Ready(_) => {}
        // The learner's own code may be half-written; its dependencies are compiled by now.
        Compiled::Refused { .. } => {
            println!("        {} does not compile yet", step.main_rs().display());
        }
    }
    Ok(())
}

/// Shows how the step stands, for anyone who waits for the book to be compiled, and then serves it.
fn book_after_verdict(course: &Course, step: &Step, wanted: u16) -> Result<ServedBook, Trouble> {
    let port = free_port(wanted)?;
    report::book_is_at(&format!("http://127.0.0.1:{port}"));
    let verdict = judge::judge(course, step, Whose::Learner, false)?;
    let report = Report { course, step, whose: Whose::Learner, verdict: &verdict };
    anstream::println!("\n{}", report.render());
    offer_recall(course)?;
    println!("3 of 3  Compiling the book: its pages are there when this is done");
    serve_book(course, wanted)
}

fn serve_book(course: &Course, wanted: u16) -> Result<ServedBook, Trouble> {
    let port = free_port(wanted)?;
    let program = program::build(course, BOOK, &[])?;
    let book = ServedBook::start(course, &program, port)?;
    report::book_is_at(&book.address);
    if port != wanted {
        println!("Port {wanted} is taken, so the book is at a different one.");
    }
    Ok(book)
}

/// To those who have solved something.
fn offer_recall(course: &Course) -> Result<(), Trouble> {
    let progress = Progress::load(course)?;
    if course.steps.iter().any(|step| progress.is_solved(step)) {
        println!(
            "In a second terminal, three questions on what you have solved:  cargo xtask recall\n"
        );
    }
    Ok(())
}

/// Compiles what comes after this step while the learner reads and works: its solution, which predictions ask, then the
/// next step with its solution, and so on.
fn compile_the_rest(course: &Course, step: &Step) -> Ahead {
    let at = course.steps.iter().position(|other| other.number == step.number).unwrap_or(0);
    let in_order = course.steps[at..].iter().chain(&course.steps[..at]);
    let both = |step: &Step| [Whose::Learner, Whose::Reference].map(|whose| (step.clone(), whose));
    let all: Vec<(Step, Whose)> = in_order.flat_map(both).skip(1).collect();
    let (root, course) = (&course.root, course.clone());
    Ahead::begin(root, all.len(), move |number| {
        let (step, whose) = &all[number];
        compile::ahead(&course, step, *whose)
    })
}

/// Asks the network only for what is not here yet.
fn download(course: &Course) -> Result<(), Trouble> {
    println!("1 of 3  Downloading crates");
    let fetch = ["fetch", "--locked"];
    let mut here = Command::new(compile::cargo());
    here.args(fetch).args(["--offline", "--quiet"]).stderr(Stdio::null());
    let mut all = Command::new(compile::cargo());
    all.args(fetch);
    for call in [&mut here, &mut all] {
        let status = call.current_dir(&course.root).stdin(Stdio::null()).status();
        if status.map_err(|error| compile::no_cargo(&error))?.success() {
            return Ok(());
        }
    }
    Err(program::failed(&fetch))
}
