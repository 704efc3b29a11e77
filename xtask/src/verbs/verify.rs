//! `cargo xtask verify`: judge steps.

use lexopt::Arg::{Long, Value};

use crate::{
    course::{Course, Step, Whose},
    judge,
    progress::Progress,
    report,
    trouble::Trouble,
    verbs::usage,
    verdict::{Outcome, Verdict},
};

/// What `cargo xtask verify --help` prints.
pub const HELP: &str = "\
cargo xtask verify [STEP…] [--all] [--solutions] [--fresh] [--json]

Starts your server, sends it real HTTP requests and compares every exchange with
what the step asks for. Without STEP: the first step that you have not solved.

  STEP          3, 03 or 03-bearer-token
  --all         every step
  --solutions   judge our solutions instead of your code
  --fresh       run again even if nothing has changed since it was solved
  --json        print the verdict as JSON (several steps: an array)

Exit codes: 0 solved, 1 checks failed, 2 wrong call, 3 does not compile,
4 the machine or the workshop is broken.";

struct Wanted {
    steps: Vec<String>,
    all: bool,
    whose: Whose,
    fresh: bool,
    json: bool,
}

/// Judges the steps and gives the exit code.
pub fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let wanted = parse(arguments).map_err(|error| usage(&error, HELP))?;
    let mut verdicts = Vec::new();
    let mut troubles = Vec::new();
    for step in chosen(course, &wanted)? {
        let verdict = judge::judge(course, step, wanted.whose, wanted.fresh)?;
        if !wanted.json {
            anstream::println!("{}", report::of(course, step, wanted.whose, &verdict));
        }
        if verdict.outcome == Outcome::Solved && wanted.whose == Whose::Learner {
            troubles.extend(remember(course, step).err());
        }
        verdicts.push(verdict);
    }
    if wanted.json {
        print_json(&verdicts)?;
    }
    for trouble in &troubles {
        anstream::eprintln!("The verdict above holds, but {trouble}");
    }
    let codes = verdicts.iter().map(|verdict| verdict.outcome.exit_code());
    Ok(worst(codes.chain(troubles.iter().map(Trouble::exit_code))))
}

fn parse(mut arguments: lexopt::Parser) -> Result<Wanted, lexopt::Error> {
    let mut wanted =
        Wanted { steps: Vec::new(), all: false, whose: Whose::Learner, fresh: false, json: false };
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("all") => wanted.all = true,
            Long("solutions") => wanted.whose = Whose::Reference,
            Long("fresh") => wanted.fresh = true,
            Long("json") => wanted.json = true,
            Value(step) => wanted.steps.push(step.to_string_lossy().into_owned()),
            other => return Err(other.unexpected()),
        }
    }
    Ok(wanted)
}

fn chosen<'c>(course: &'c Course, wanted: &Wanted) -> Result<Vec<&'c Step>, Trouble> {
    if wanted.all || wanted.steps.is_empty() && wanted.whose == Whose::Reference {
        Ok(course.steps.iter().collect())
    } else if wanted.steps.is_empty() {
        Ok(vec![Progress::load(course)?.current(course)])
    } else {
        wanted.steps.iter().map(|name| course.step(name)).collect()
    }
}

/// Remembers a solved step.
pub fn remember(course: &Course, step: &Step) -> Result<(), Trouble> {
    Progress::load(course)?.solve(course, step)
}

fn print_json(verdicts: &[Verdict]) -> Result<(), Trouble> {
    let plain: Vec<Verdict> = verdicts.iter().map(Verdict::without_colours).collect();
    let text = match plain.as_slice() {
        [one] => serde_json::to_string_pretty(one),
        several => serde_json::to_string_pretty(several),
    };
    let text = text.map_err(|error| Trouble::Environment(format!("no JSON: {error}")))?;
    println!("{text}");
    Ok(())
}

/// The first that is present of 4, 3, 1, 0.
fn worst(codes: impl Iterator<Item = u8>) -> u8 {
    codes.max().unwrap_or(0)
}
