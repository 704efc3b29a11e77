//! `cargo xtask new`: the next step, whole from the start.

use lexopt::Arg::Value;

use xtask::{course::Course, trouble::Trouble};

use crate::kit::NewStep;

/// What `cargo xtask new --help` prints.
pub(super) const HELP: &str = "\
cargo xtask new SLUG TITLE

Makes the next step, for example `cargo xtask new 11-refresh-tokens \"A second token\"`: its
solution (that of the step before and one route), starter, checks, hints, page, and its
lines in Cargo.toml and SUMMARY.md. One check fails in the starter, and passes in the solution.";

/// Makes it, and says what to do next.
pub(super) fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let mut words = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(word) => words.push(word.to_string_lossy().into_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    let [slug, title] = words.as_slice() else {
        return Err(Trouble::Arguments("a new step has a slug and a title".to_owned()));
    };
    let step = NewStep::named(course, slug, title)?;
    step.make(course)?;
    let number = slug.split('-').next().unwrap_or_default();
    println!(
        "Step {number} is there. Change one after the other, each with the command below it:\n\n\
         \x20 1  solutions/{slug}/src/main.rs   your idea, between the marker lines\n\
         \x20    cargo xtask starters {number}\n\
         \x20 2  steps/{slug}/tests/            a test for each requirement, and hints.md with the same headings\n\
         \x20    cargo xtask snapshots {number}     then read the difference in git: it is the specification\n\
         \x20 3  book/src/{slug}.md             the page; `cargo xtask learn {number}` shows it at each save\n\
         \x20 4  steps/{slug}/Cargo.toml        tasks, and the minutes that somebody took\n\
         \x20    cargo xtask ci {number}\n\
         \x20 5  README.md                      a row in its table of steps\n\n\
         Next:  cargo xtask snapshots {number}, then cargo xtask ci {number}: both pass as it is"
    );
    Ok(0)
}
