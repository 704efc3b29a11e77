//! `cargo xtask reset`: begin a step again.

use crate::{
    course::{Course, marks::View, starter},
    learner::{backup, lock::Lock, progress::Progress},
    trouble::Trouble,
    verbs::verb::{Verb, one_step, steps_and_flags},
    verdict::Verdict,
};

/// `cargo xtask reset`.
pub(super) const VERB: Verb = Verb {
    name: "reset",
    about: "begin a step again (your code is kept; --undo brings it back)",
    help: HELP,
    run,
};

const HELP: &str = "\
cargo xtask reset STEP [--undo]

Puts the starter of a step back. Your code is copied to .workshop/backups first.

  --undo   bring back what the last reset or `solution --apply` replaced";

/// Replaces the learner's code by the starter, or by the last backup.
fn run(course: &Course, arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (steps, [undo]) = steps_and_flags(course, arguments, ["undo"])?;
    let step = one_step(&steps)?;
    let lock = Lock::hold(course)?;
    if undo {
        let from = backup::last(course, step)?;
        let kept = backup::bring_back(course, step, &from, &lock)?;
        println!("Step {} is again as it was in {}.", step.number, from.display());
        println!("Your old code is kept in {}.", kept.display());
    } else {
        // If it cannot be read, nothing is changed.
        Progress::load(course)?;
        let starter = starter::sources(step, View::Starter)?;
        let kept = backup::replace(course, step, &starter, &lock)?;
        Progress::forget(course, step, &lock)?;
        Verdict::forget(course, step)?;
        println!("Step {} begins again: {}", step.number, step.main_rs().display());
        println!("Your code is kept in {}.", kept.display());
        println!("Bring it back with `cargo xtask reset {} --undo`.", step.number);
    }
    Ok(0)
}
