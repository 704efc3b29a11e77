//! Which verb is meant, and what becomes of it: the exit code, help, a maintainers' verb.

use std::{
    env,
    io::Write,
    process::{Command, ExitCode},
};

use lexopt::Arg::{Long, Short, Value};

use crate::{
    course::Course,
    output,
    process::{compile::cargo, hand_over::hand_over, interrupt, leftovers, warden},
    trouble::Trouble,
    verbs::{LEARNERS, MAINTAINERS, verb::Verb},
};

/// The variable in which a maintainers' verb finds the program that learners run.
pub const XTASK: &str = "WORKSHOP_XTASK";

/// Runs the verb that this process was called with: a learner's, or one of `more`.
pub fn run(more: &[Verb]) -> ExitCode {
    if warden::was_called() {
        return ExitCode::SUCCESS;
    }
    warden::install();
    match output::or_unread(|| start(more)) {
        Ok(Ok(code)) => ExitCode::from(code),
        Ok(Err(trouble)) => {
            // Where this cannot be printed either, the code has to do.
            writeln!(anstream::stderr(), "{trouble}").ok();
            ExitCode::from(trouble.exit_code())
        }
        Err(unread) => ExitCode::from(unread.exit_code()),
    }
}

fn start(more: &[Verb]) -> Result<u8, Trouble> {
    let mut arguments = lexopt::Parser::from_env();
    let first = arguments.next().map_err(|error| with_help(&error.to_string(), &help()))?;
    let name = match first {
        Some(Value(name)) if name != "help" => name.to_string_lossy().into_owned(),
        None | Some(Long("help") | Short('h') | Value(_)) => {
            println!("{}", help());
            return Ok(0);
        }
        Some(other) => return Err(with_help(&other.unexpected().to_string(), &help())),
    };
    let Some(verb) = LEARNERS.iter().chain(more).find(|verb| verb.name == name) else {
        return if MAINTAINERS.iter().any(|(maintainers, _)| *maintainers == name) {
            maintain()
        } else {
            Err(unknown(&name))
        };
    };
    if env::args_os().skip(2).any(|argument| argument == "--help" || argument == "-h") {
        println!("{}", verb.help);
        return Ok(0);
    }
    interrupt::install()?;
    let folder = env::current_dir().map_err(|error| {
        Trouble::Environment(format!("the current folder cannot be read: {error}"))
    })?;
    let course = Course::find(&folder)?;
    if let Some(cleaned) = leftovers::clean_up(&course) {
        anstream::eprintln!("{cleaned}");
    }
    (verb.run)(&course, arguments).map_err(|trouble| match trouble {
        Trouble::Arguments(message) => with_help(&message, verb.help),
        other => other,
    })
}

/// Maintainers' verbs are a package of their own, so that no learner waits for its compile.
fn maintain() -> Result<u8, Trouble> {
    let this = env::current_exe().map_err(|error| {
        Trouble::Environment(format!("xtask cannot find its own program: {error}"))
    })?;
    let mut command = Command::new(cargo());
    command
        .args(["run", "--locked", "-p", "workshop-maintain", "--"])
        .args(env::args_os().skip(1))
        .env(XTASK, this);
    interrupt::install()?;
    hand_over(command)
}

fn help() -> String {
    let line = |name: &str, about: &str| {
        let separate = if name.len() > 10 { format!("\n{:13}", "") } else { String::new() };
        format!("\n  {name:11}{separate}{about}")
    };
    let learners: String = LEARNERS.iter().map(|verb| line(verb.name, verb.about)).collect();
    let maintainers: String = MAINTAINERS.iter().map(|(name, about)| line(name, about)).collect();
    format!("cargo xtask VERB [--help]\n{learners}\n\nMaintainers{maintainers}")
}

fn with_help(message: &str, help: &str) -> Trouble {
    Trouble::Usage(format!("{message}\n\n{help}"))
}

fn unknown(name: &str) -> Trouble {
    let offer = nearest(name).map(|verb| format!(" Did you mean `{verb}`?")).unwrap_or_default();
    with_help(&format!("there is no verb `{name}`.{offer}"), &help())
}

fn nearest(name: &str) -> Option<&'static str> {
    let likeness = |verb: &str| strsim::jaro_winkler(verb, name);
    let learners = LEARNERS.iter().map(|verb| verb.name);
    let maintainers = MAINTAINERS.iter().map(|(name, _)| *name);
    let nearest =
        learners.chain(maintainers).max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    nearest.filter(|verb| likeness(verb) > 0.8)
}
