//! `cargo xtask hint`: one more hint for the first check that fails.

use lexopt::Arg::Value;

use crate::{
    course::{Course, Step, Whose},
    judge,
    progress::Progress,
    report,
    trouble::Trouble,
    verbs::{step_or_current, usage},
    verdict::{CheckResult, Outcome},
};

/// What `cargo xtask hint --help` prints.
pub const HELP: &str = "\
cargo xtask hint [STEP]

The next hint for the first check that fails; each call gives one more. A failure
that looks like a known mistake begins with what a tutor says to that.
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
    print_next(course, step, failure)?;
    Ok(0)
}

/// Prints the next hint for this failure of the step.
pub fn print_next(course: &Course, step: &Step, failure: &CheckResult) -> Result<(), Trouble> {
    let checks = step.checks()?;
    let Some(check) = checks.iter().find(|check| check.name == failure.name) else {
        return Err(Trouble::Environment(format!(
            "hints.md has no heading for `{}`",
            failure.name
        )));
    };
    let (mut name, mut hints) = (failure.name.clone(), check.hints.clone());
    if let Some(known) = &failure.diagnosis {
        name = format!("{name}/{}", known.mistake);
        hints.insert(0, report::tutor(known));
    }
    let count = hints.len();
    let asked = Progress::load(course)?.next_hint(course, step, &name)?;
    println!("Step {}: {}\n", step.number, check.words());
    // After the last one, all of them again.
    let shown = if asked > count { 0..count } else { asked - 1..asked };
    for index in shown {
        println!("Hint {} of {count}\n\n{}\n", index + 1, hints[index]);
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
