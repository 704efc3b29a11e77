//! `cargo xtask hint`: one more hint for the first check that fails.

use lexopt::Arg::Value;

use crate::{
    course::{Course, Step, Whose},
    judge,
    progress::Progress,
    report,
    trouble::Trouble,
    verbs::{step_or_current, usage},
    verdict::Outcome,
};

/// What `cargo xtask hint --help` prints.
pub const HELP: &str = "\
cargo xtask hint [STEP]

The next hint for the first check that fails; each call gives one more.
Without STEP: the first step that you have not solved.";

/// Checks the step and prints the next hint.
pub fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let mut names = Vec::new();
    while let Some(argument) = arguments.next().map_err(|error| usage(&error, HELP))? {
        match argument {
            Value(name) => names.push(name),
            other => return Err(usage(&other.unexpected(), HELP)),
        }
    }
    let step = step_or_current(course, &names, HELP)?;
    let verdict = judge::judge(course, step, Whose::Learner, false)?;
    if matches!(verdict.outcome, Outcome::DoesNotCompile | Outcome::Broken) {
        anstream::println!("{}", report::of(course, step, Whose::Learner, &verdict));
        return Ok(verdict.outcome.exit_code());
    }
    let Some(failure) = verdict.first_failure() else {
        println!("Step {} is solved: there is nothing to hint at.", step.number);
        return Ok(0);
    };
    print_next(course, step, &failure.name)?;
    Ok(0)
}

/// Prints the next hint for this check of the step.
pub fn print_next(course: &Course, step: &Step, name: &str) -> Result<(), Trouble> {
    let checks = step.checks()?;
    let Some(check) = checks.iter().find(|check| check.name == name) else {
        return Err(Trouble::Environment(format!("hints.md has no heading for `{name}`")));
    };
    let count = check.hints.len();
    let asked = Progress::load(course)?.next_hint(course, step, name)?;
    println!("Step {}: {}\n", step.number, check.words());
    // After the last one, all of them again.
    let shown = if asked > count { 0..count } else { asked - 1..asked };
    for index in shown {
        println!("Hint {} of {count}\n\n{}\n", index + 1, check.hints[index]);
    }
    let number = step.number;
    if asked < count {
        println!(
            "Next:  try it, then `cargo xtask verify {number}`; one more hint: `cargo xtask hint {number}`"
        );
    } else {
        println!(
            "That was the last hint for this. Our code beside yours: `cargo xtask solution {number} --diff`"
        );
    }
    Ok(())
}
