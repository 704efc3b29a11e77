//! `cargo xtask reset`: begin a step anew.

use lexopt::Arg::{Long, Value};

use crate::{
    backup,
    course::Course,
    marks::View,
    progress::Progress,
    starter,
    trouble::Trouble,
    verbs::{one_step, usage},
};

/// What `cargo xtask reset --help` prints.
pub const HELP: &str = "\
cargo xtask reset STEP [--undo]

Puts the starter of a step back. Your code is copied to .workshop/backups first.

  --undo   bring back what the last reset or `solution --apply` replaced";

/// Replaces the learner's code by the starter, or by the last backup.
pub fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let mut names = Vec::new();
    let mut undo = false;
    while let Some(argument) = arguments.next().map_err(|error| usage(&error, HELP))? {
        match argument {
            Long("undo") => undo = true,
            Value(name) => names.push(name),
            other => return Err(usage(&other.unexpected(), HELP)),
        }
    }
    let step = one_step(course, &names, HELP)?;
    if undo {
        let (from, sources) = backup::load(course, step)?;
        let kept = backup::replace(course, step, &sources)?;
        println!("Step {} is again as it was in {}.", step.number, from.display());
        println!("What stood there until now is kept in {}.", kept.display());
    } else {
        let mut progress = Progress::load(course)?;
        let kept = backup::replace(course, step, &starter::sources(step, View::Starter)?)?;
        progress.forget(course, step)?;
        println!("Step {} begins anew: {}", step.number, step.main_rs().display());
        println!("Your code is kept in {}.", kept.display());
        println!("Bring it back with `cargo xtask reset {} --undo`.", step.number);
    }
    Ok(0)
}
