//! `cargo xtask verify`: judge steps.

use std::{
    cell::Cell,
    io::{self, IsTerminal, Write},
};

use lexopt::{
    Arg::{Long, Value},
    ValueExt,
};

use crate::{
    course::{Course, Step, Whose},
    files,
    judge::{self, so_far::SoFar},
    learner::progress::Progress,
    session::book::Books,
    trouble::Trouble,
    verbs::verb::{Verb, mention_strangers},
    verdict::{
        Outcome, Verdict,
        report::{self, Report},
    },
};

/// `cargo xtask verify`.
pub(super) const VERB: Verb = Verb {
    name: "verify",
    about: "check your code for a step: real requests against your server",
    help: HELP,
    run,
};

const HELP: &str = "\
cargo xtask verify [STEP…] [--all] [--solutions] [--fresh] [--seed NUMBER] [--json]

Starts your server, sends it real HTTP requests and compares every exchange with
what the step asks for. Without STEP: the first step that you have not solved.

  STEP          3, 03 or 03-bearer-token; in its folder, a dot (`.`)
  --all         every step
  --solutions   judge our solutions instead of your code
  --fresh       run again even if nothing has changed since it was solved
  --seed NUMBER draw what the checks ask with from this number, as an earlier run did
  --json        print the verdict as JSON (several steps: an array)

Exit codes: 0 solved, 1 checks failed, 2 wrong call, 3 does not compile,
4 the machine or the workshop is broken.";

/// Judges the steps and gives the exit code.
fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let Asked { named, all, whose, fresh, seed, json } = asked(course, arguments)?;
    mention_strangers(course);
    let book = Books::in_checkout(course).served().into_iter().next();
    if let Some(book) = &book {
        report::book_is_at(&book.address);
    }
    let mut verdicts = Vec::new();
    let mut troubles = Vec::new();
    for step in chosen(course, named, all, whose)? {
        let shown = Shown::default();
        let verdict =
            judge::judge_showing(course, step, whose, judge::Asked { fresh, seed }, &|so_far| {
                shown.show(so_far);
            });
        drop(shown);
        let verdict = verdict?;
        if !json {
            let report = Report { course, step, whose, verdict: &verdict };
            anstream::println!("{}", report.render());
        }
        if verdict.outcome == Outcome::Solved && whose == Whose::Learner {
            troubles.extend(Progress::solve(course, step).err());
        }
        verdicts.push(verdict);
    }
    if json {
        print_json(&verdicts)?;
    } else if book.is_none() && whose == Whose::Learner {
        anstream::eprintln!("(A page opens while `cargo xtask learn` runs.)");
    }
    for trouble in &troubles {
        anstream::eprintln!("The verdict above holds, but {trouble}");
    }
    let codes = verdicts.iter().map(|verdict| verdict.outcome.exit_code());
    Ok(worst(codes.chain(troubles.iter().map(Trouble::exit_code))))
}

/// A line of a terminal that tells how the checks stand until all have ended.
#[derive(Default)]
struct Shown(Cell<bool>);

impl Shown {
    fn show(&self, so_far: &SoFar) {
        if io::stderr().is_terminal() {
            let line: String = so_far.in_words().chars().take(76).collect();
            Self::write(&format!("\r\x1b[2K  {line}"));
            self.0.set(true);
        }
    }

    fn write(text: &str) {
        let mut stderr = io::stderr().lock();
        // A closed terminal must not stop the checks.
        stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()).ok();
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if self.0.get() {
            Self::write("\r\x1b[2K");
        }
    }
}

/// What the arguments ask for.
struct Asked<'c> {
    named: Vec<&'c Step>,
    all: bool,
    whose: Whose,
    fresh: bool,
    seed: Option<u64>,
    json: bool,
}

fn asked(course: &Course, mut arguments: lexopt::Parser) -> Result<Asked<'_>, Trouble> {
    let (mut steps, mut seed) = (Vec::new(), None);
    let (mut all, mut solutions, mut fresh, mut json) = (false, false, false, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("all") => all = true,
            Long("solutions") => solutions = true,
            Long("fresh") => fresh = true,
            Long("json") => json = true,
            Long("seed") => seed = Some(arguments.value()?.parse()?),
            Value(name) => steps.push(name),
            other => return Err(other.unexpected().into()),
        }
    }
    // An unknown flag is told before an unknown step.
    let named = steps.iter().map(|name| course.step(&name.to_string_lossy()));
    let whose = if solutions { Whose::Reference } else { Whose::Learner };
    Ok(Asked { named: named.collect::<Result<_, _>>()?, all, whose, fresh, seed, json })
}

fn chosen<'c>(
    course: &'c Course,
    named: Vec<&'c Step>,
    all: bool,
    whose: Whose,
) -> Result<Vec<&'c Step>, Trouble> {
    if all || named.is_empty() && whose == Whose::Reference {
        Ok(course.steps.iter().collect())
    } else if named.is_empty() {
        Ok(vec![Progress::load(course)?.current(course)])
    } else {
        Ok(named)
    }
}

fn print_json(verdicts: &[Verdict]) -> Result<(), Trouble> {
    let text = match verdicts {
        [one] => files::json(one),
        several => files::json(several),
    };
    println!("{}", text?);
    Ok(())
}

/// The first that is present of 4, 3, 1, 0.
fn worst(codes: impl Iterator<Item = u8>) -> u8 {
    codes.max().unwrap_or(0)
}
