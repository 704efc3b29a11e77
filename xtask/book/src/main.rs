//! `workshop-book build` and `workshop-book serve`; learners come here through `cargo xtask learn`.

use std::{env, path::PathBuf, process::ExitCode};

use lexopt::{
    Arg::{Long, Short, Value},
    ValueExt,
};
use protocol::listening;
use workshop_book::{render, server::Server};
use xtask::{course::Course, process::warden, trouble::Trouble};

const HELP: &str = "\
workshop-book build [--dest FOLDER]   write the book as files, to book/html by default
workshop-book serve [--port PORT]     serve it on 127.0.0.1, and build it again at every save";

enum Call {
    Build { dest: Option<PathBuf> },
    Serve { port: u16 },
    Help,
}

fn main() -> ExitCode {
    if warden::was_called() {
        return ExitCode::SUCCESS;
    }
    warden::install();
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::from(trouble.exit_code())
        }
    }
}

fn start() -> Result<(), Trouble> {
    let call = parse().map_err(|error| Trouble::Usage(format!("{error}\n\n{HELP}")))?;
    let folder = env::current_dir().map_err(|error| {
        Trouble::Environment(format!("the current folder cannot be read: {error}"))
    })?;
    let course = Course::find(&folder)?;
    match call {
        Call::Build { dest } => {
            let dest = dest
                .map_or_else(|| course.root.join("book").join("html"), |dest| folder.join(dest));
            render::build(&course.root, &dest)?;
            println!("The book is in {}", dest.display());
        }
        Call::Serve { port } => {
            let server = Server::bind(&course, port)?;
            println!("{}", listening::line(&server.address()?));
            server.run()?;
        }
        Call::Help => println!("{HELP}"),
    }
    Ok(())
}

fn parse() -> Result<Call, lexopt::Error> {
    let mut arguments = lexopt::Parser::from_env();
    let verb = arguments.next()?;
    let mut call = match verb {
        Some(Value(verb)) if verb == "build" => Call::Build { dest: None },
        Some(Value(verb)) if verb == "serve" => Call::Serve { port: 4000 },
        Some(Long("help") | Short('h')) => Call::Help,
        Some(other) => return Err(other.unexpected()),
        None => return Err("say `build` or `serve`".into()),
    };
    while let Some(argument) = arguments.next()? {
        match (argument, &mut call) {
            (Long("dest"), Call::Build { dest }) => *dest = Some(arguments.value()?.into()),
            (Long("port"), Call::Serve { port }) => *port = arguments.value()?.parse()?,
            (other, _) => return Err(other.unexpected()),
        }
    }
    Ok(call)
}
