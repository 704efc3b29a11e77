//! What a learner or a maintainer can ask for: one file a verb.

use std::ffi::OsString;

use crate::{
    course::{Course, Step},
    progress::Progress,
    trouble::Trouble,
};

pub mod bench;
pub mod break_in;
pub mod bundle;
pub mod ci;
pub mod clients;
pub mod doctor;
pub mod fastapi;
pub mod hint;
pub mod learn;
pub mod links;
pub mod load;
pub mod mistakes;
pub mod mutants;
pub mod pdf;
pub mod reset;
pub mod run;
pub mod screenshots;
pub mod snapshots;
pub mod solution;
pub mod starters;
pub mod status;
pub mod steady;
pub mod verify;
pub mod watch;

/// A call that is not understood, with the verb's help.
fn usage(error: &lexopt::Error, help: &str) -> Trouble {
    Trouble::Usage(format!("{error}\n\n{help}"))
}

fn no_arguments(mut arguments: lexopt::Parser, help: &str) -> Result<(), Trouble> {
    match arguments.next().map_err(|error| usage(&error, help))? {
        None => Ok(()),
        Some(other) => Err(usage(&other.unexpected(), help)),
    }
}

fn one_step<'c>(course: &'c Course, names: &[OsString], help: &str) -> Result<&'c Step, Trouble> {
    match names {
        [name] => course.step(&name.to_string_lossy()),
        _ => Err(Trouble::Usage(format!("name one step\n\n{help}"))),
    }
}

fn step_or_current<'c>(
    course: &'c Course,
    names: &[OsString],
    help: &str,
) -> Result<&'c Step, Trouble> {
    if names.is_empty() {
        Ok(Progress::load(course)?.current(course))
    } else {
        one_step(course, names, help)
    }
}
