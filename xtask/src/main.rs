//! `cargo xtask`: the workshop's command line.

use std::{env, process::ExitCode};

use lexopt::Arg::{Long, Short, Value};
use xtask::{
    course::Course,
    interrupt,
    trouble::Trouble,
    verbs::{snapshots, starters, verify},
};

const HELP: &str = "\
cargo xtask VERB [--help]

  verify     check your code for a step: real requests against your server

Maintainers
  starters   make the starters from the solutions (--check: only compare)
  snapshots  rewrite what the checks expect, from the solutions";

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(code),
        Err(trouble) => {
            anstream::eprintln!("{trouble}");
            ExitCode::from(trouble.exit_code())
        }
    }
}

fn run() -> Result<u8, Trouble> {
    let mut arguments = lexopt::Parser::from_env();
    let first = arguments.next().map_err(|error| Trouble::Usage(format!("{error}\n\n{HELP}")))?;
    let verb = match first {
        Some(Value(verb)) => verb.to_string_lossy().into_owned(),
        None | Some(Long("help") | Short('h')) => {
            println!("{HELP}");
            return Ok(0);
        }
        Some(other) => return Err(Trouble::Usage(format!("{}\n\n{HELP}", other.unexpected()))),
    };
    type Verb = fn(&Course, lexopt::Parser) -> Result<u8, Trouble>;
    let verbs: [(&str, &str, Verb); 3] = [
        ("verify", verify::HELP, verify::run),
        ("starters", starters::HELP, starters::run),
        ("snapshots", snapshots::HELP, snapshots::run),
    ];
    let Some((_, help, run)) = verbs.iter().find(|(name, ..)| *name == verb) else {
        let close = verbs.iter().find(|(name, ..)| strsim::jaro_winkler(name, &verb) > 0.8);
        let offer = close.map(|(name, ..)| format!(" Did you mean `{name}`?")).unwrap_or_default();
        return Err(Trouble::Usage(format!("there is no verb `{verb}`.{offer}\n\n{HELP}")));
    };
    if env::args().skip(2).any(|argument| argument == "--help" || argument == "-h") {
        println!("{help}");
        return Ok(0);
    }
    interrupt::install()?;
    let folder = env::current_dir().map_err(|error| {
        Trouble::Environment(format!("the current folder cannot be read: {error}"))
    })?;
    run(&Course::find(&folder)?, arguments)
}
