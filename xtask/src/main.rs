//! `cargo xtask`: the workshop's command line.

use std::{env, process::ExitCode};

use lexopt::Arg::{Long, Short, Value};
use xtask::{
    course::Course,
    interrupt,
    trouble::Trouble,
    verbs::{
        bench, break_in, bundle, ci, clients, doctor, fastapi, hint, learn, links, load, mistakes,
        mutants, pdf, reset, run, screenshots, snapshots, solution, starters, status, steady,
        verify, watch,
    },
};

const HELP: &str = "\
cargo xtask VERB [--help]

  learn      begin here: the book, the checks and your server in one
  watch      check your code at every save, without the book
  verify     check your code for a step: real requests against your server
  hint       one more hint for the first check that fails
  run        start a step's server on port 3000
  reset      begin a step anew (your code is kept; --undo brings it back)
  solution   our code for a step, beside yours (--diff) or in its place (--apply)
  break-in   the last step once more, with other holes
  status     the steps, what is solved, where you are
  doctor     is this machine ready? each problem with its cure

Maintainers
  ci         everything that must hold, in one command
  bench      how long a learner waits, as ratios against bare cargo
  clients    the solutions, held against clients that other people wrote (needs PyPI)
  fastapi    FastAPI's tutorial, held against our checks (needs PyPI)
  load       what solutions bear, beside the same API in FastAPI (needs PyPI and wrk)
  links      do links that leave the book still lead somewhere? (needs the network)
  steady     do the checks say the same at every run, on a machine that is busy?
  bundle     one archive for a room without a network (--try: prove it, on Linux)
  mistakes   every plausible wrong solution is caught by the check that should
  mutants    one small fault at a time in the solutions: do the checks see it?
  screenshots
             take the book's pictures anew, from running solutions (needs Chromium)
  pdf        the book on paper (needs Chromium)
  starters   make the starters from the solutions (--check: only compare)
  snapshots  rewrite what the checks expect, from the solutions";

type Verb = fn(&Course, lexopt::Parser) -> Result<u8, Trouble>;

/// Name, help and function of each verb.
const VERBS: &[(&str, &str, Verb)] = &[
    ("learn", learn::HELP, learn::run),
    ("watch", watch::HELP, watch::run),
    ("verify", verify::HELP, verify::run),
    ("hint", hint::HELP, hint::run),
    ("run", run::HELP, run::run),
    ("reset", reset::HELP, reset::run),
    ("solution", solution::HELP, solution::run),
    ("break-in", break_in::HELP, break_in::run),
    ("status", status::HELP, status::run),
    ("doctor", doctor::HELP, doctor::run),
    ("ci", ci::HELP, ci::run),
    ("bench", bench::HELP, bench::run),
    ("clients", clients::HELP, clients::run),
    ("fastapi", fastapi::HELP, fastapi::run),
    ("links", links::HELP, links::run),
    ("load", load::HELP, load::run),
    ("steady", steady::HELP, steady::run),
    ("bundle", bundle::HELP, bundle::run),
    ("mistakes", mistakes::HELP, mistakes::run),
    ("mutants", mutants::HELP, mutants::run),
    ("screenshots", screenshots::HELP, screenshots::run),
    ("pdf", pdf::HELP, pdf::run),
    ("starters", starters::HELP, starters::run),
    ("snapshots", snapshots::HELP, snapshots::run),
];

fn main() -> ExitCode {
    match start() {
        Ok(code) => ExitCode::from(code),
        Err(trouble) => {
            anstream::eprintln!("{trouble}");
            ExitCode::from(trouble.exit_code())
        }
    }
}

fn start() -> Result<u8, Trouble> {
    let mut arguments = lexopt::Parser::from_env();
    let first = arguments.next().map_err(|error| Trouble::Usage(format!("{error}\n\n{HELP}")))?;
    let name = match first {
        Some(Value(name)) => name.to_string_lossy().into_owned(),
        None | Some(Long("help") | Short('h')) => {
            println!("{HELP}");
            return Ok(0);
        }
        Some(other) => return Err(Trouble::Usage(format!("{}\n\n{HELP}", other.unexpected()))),
    };
    let Some((_, help, verb)) = VERBS.iter().find(|(verb, ..)| *verb == name) else {
        let offer = nearest(&name).map(|verb| format!(" Did you mean `{verb}`?"));
        let offer = offer.unwrap_or_default();
        return Err(Trouble::Usage(format!("there is no verb `{name}`.{offer}\n\n{HELP}")));
    };
    if env::args_os().skip(2).any(|argument| argument == "--help" || argument == "-h") {
        println!("{help}");
        return Ok(0);
    }
    interrupt::install()?;
    let folder = env::current_dir().map_err(|error| {
        Trouble::Environment(format!("the current folder cannot be read: {error}"))
    })?;
    verb(&Course::find(&folder)?, arguments)
}

fn nearest(name: &str) -> Option<&'static str> {
    let likeness = |verb: &str| strsim::jaro_winkler(verb, name);
    let nearest = VERBS
        .iter()
        .map(|(verb, ..)| *verb)
        .max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    nearest.filter(|verb| likeness(verb) > 0.8)
}
