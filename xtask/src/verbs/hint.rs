//! `cargo xtask hint`: one more hint for the first check that fails.

use crate::{
    course::{Course, Step, Whose},
    judge,
    learner::{exercise, progress::Progress},
    trouble::Trouble,
    verbs::verb::{Verb, step_or_current, steps_and_flags},
    verdict::{
        CheckResult, Outcome, Verdict,
        report::{self, Report},
    },
};

/// `cargo xtask hint`.
pub(super) const VERB: Verb =
    Verb { name: "hint", about: "one more hint for the first check that fails", help: HELP, run };

const HELP: &str = "\
cargo xtask hint [STEP]

The next hint for the first check that fails; each call gives one more. A failure
that looks like a known mistake begins with what a tutor says to that. Of a step that
is solved: all of its hints. Without STEP: the first step that you have not solved.";

/// Checks the step and prints the next hint.
fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (steps, []) = steps_and_flags(course, arguments, [])?;
    let step = step_or_current(course, &steps)?;
    let verdict = judge::judge(course, step, Whose::Learner, false)?;
    if matches!(verdict.outcome, Outcome::DoesNotCompile | Outcome::Broken) {
        let report = Report { course, step, whose: Whose::Learner, verdict: &verdict };
        anstream::println!("{}", report.render());
        return Ok(verdict.outcome.exit_code());
    }
    let Some(failure) = verdict.focused() else {
        print!("{}", all(step)?);
        return Ok(0);
    };
    println!("{}", next(course, step, &verdict, failure)?);
    Ok(0)
}

/// The hints for every new check of a step that is solved: they have nothing to give away any more.
pub(super) fn all(step: &Step) -> Result<String, Trouble> {
    let mut text = format!("Step {} is solved. These were its hints:\n", step.number);
    for check in step.checks()?.iter().filter(|check| check.new) {
        text.push_str(&format!("\n--- {}\n", check.words()));
        let count = check.hints.len();
        for (number, hint) in (1..).zip(&check.hints) {
            text.push_str(&format!("\nHint {number} of {count}\n\n{hint}\n"));
        }
    }
    Ok(text)
}

/// The next hint for this failure of the step, and how to get one more.
pub(super) fn next(
    course: &Course,
    step: &Step,
    verdict: &Verdict,
    failure: &CheckResult,
) -> Result<String, Trouble> {
    let checks = step.checks()?;
    let Some(check) = checks.iter().find(|check| check.name == failure.name) else {
        return Err(Trouble::Environment(format!(
            "hints.md has no heading for `{}`",
            failure.name
        )));
    };
    let (mut name, mut hints) = (failure.name.clone(), check.hints.clone());
    if let Some(drawn) = exercise::hints(course, step, &failure.name)? {
        (name, hints) = drawn;
    } else if let Some(known) = &failure.mistake {
        name = format!("{name}/{}", known.name);
        hints.insert(0, report::tutor(known));
    }
    let count = hints.len();
    let asked = Progress::next_hint(course, step, &name)?;
    let task = verdict.task_of(failure).map(|task| format!(", task {}", task.number));
    let number = step.number;
    let mut text = format!("Step {number}{}: {}\n\n", task.unwrap_or_default(), check.words());
    // After the last one, all of them again.
    let shown = if asked > count { 0..count } else { asked - 1..asked };
    for index in shown {
        text.push_str(&format!("Hint {} of {count}\n\n{}\n\n", index + 1, hints[index]));
    }
    text.push_str(&if asked < count {
        format!(
            "Next:  try it, then `cargo xtask verify {number}`; one more hint: `cargo xtask hint {number}`"
        )
    } else {
        format!(
            "That was the last hint for this. Our code beside yours: `cargo xtask solution {number} --diff`"
        )
    });
    Ok(text)
}
