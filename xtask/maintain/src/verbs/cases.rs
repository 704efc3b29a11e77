//! `cargo xtask cases`: programs by strangers, and what the tool says to each.

use std::{collections::BTreeSet, path::PathBuf};

use lexopt::{
    Arg::{Long, Value},
    ValueExt,
};
use xtask::{
    course::{Course, Step, Whose},
    trouble::Trouble,
};

use crate::{
    cases::{self, Case, Figures, Told, record, table},
    drawn::{self, place},
};

/// What `cargo xtask cases --help` prints.
pub(super) const HELP: &str = "\
cargo xtask cases [FOLDER] [--step STEP] [--draw NUMBER] [--write]

Applies each patch of the folder to the solution that it was made for (one of
solutions/NN-slug/cases/*.rs), judges the program, and prints a row: what fails, and which
mistake is named. Without FOLDER: solutions/*/cases.

A folder's table, cases.tsv, may say what an earlier commit told (columns exit, failing, told).
It may say what would be right (columns outcome, right): then the figures follow, and what falls
short of that must be in the column known (missed, refused, misnamed). And it may say which
mistake is named today (column named, or none). Each difference is printed, and makes the exit
code 1.

  --step STEP     only the cases of this step
  --draw NUMBER   a fifth of the correct programs, and so many others, drawn by the commit; a third
                  of these, drawn too, are judged by the checks that depend on time, and so are
                  those that show something else without them
  --write         put on record what is told now (columns known and named of the table); read the
                  difference in git before you commit it";

/// Judges the cases and returns 1 if `verify` says something other than the table about one of them.
pub(super) fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut folder, mut only, mut draw, mut write) = (None, None, None, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("step") => only = Some(course.step(&arguments.value()?.to_string_lossy())?),
            Long("draw") => draw = Some(arguments.value()?.parse::<usize>()?),
            Long("write") => write = true,
            Value(path) if folder.is_none() => folder = Some(PathBuf::from(path)),
            other => return Err(other.unexpected().into()),
        }
    }
    let is_asked = |step: &&Step| only.is_none_or(|only| only.number == step.number);
    let mut all: Vec<(&Step, PathBuf, Vec<Case>)> = Vec::new();
    for step in course.steps.iter().filter(is_asked) {
        let own = step.folder(Whose::Reference).join("cases");
        let folder = folder.clone().unwrap_or(own);
        let mut cases = table::read(&folder)?;
        cases.retain(|case| case.step == step.number);
        all.push((step, folder, cases));
    }
    let commit = drawn::commit(course)?;
    if let Some(number) = draw {
        let kept = drawn(all.iter().flat_map(|(.., cases)| cases), number, &commit);
        for (.., cases) in &mut all {
            cases.retain(|case| kept.contains(&(case.step, case.id.clone())));
        }
    }
    println!("id\tstep\tkind\texit\tfailing\ttold");
    let mut told: Vec<Told> = Vec::new();
    for (step, folder, cases) in all.iter_mut().filter(|(.., cases)| !cases.is_empty()) {
        let of_step = cases::judge(course, step, folder, cases, |case| {
            draw.is_none() || is_timed(case, &commit)
        })?;
        for (case, told) in cases.iter_mut().zip(&of_step) {
            println!("{}", record::row(case, told));
            if write {
                record::write(case, told);
            }
        }
        if write {
            table::write(folder, cases)?;
        }
        told.extend(of_step);
    }
    let judged: Vec<(&Case, &Told)> = all.iter().flat_map(|(.., cases)| cases).zip(&told).collect();
    let different: Vec<String> =
        judged.iter().flat_map(|(case, told)| record::differences(case, told)).collect();
    for line in &different {
        println!("{line}");
    }
    if !different.is_empty() {
        println!(
            "\nIf that is right: `cargo xtask cases --write`, and read the difference in git."
        );
    }
    if judged.iter().any(|(case, _)| case.column("outcome").is_some()) {
        print_figures(&Figures::count(judged.iter().copied()));
    }
    Ok(u8::from(!different.is_empty()))
}

/// Step and id of a fifth of the correct programs, and of so many others: those that come first in an order which the
/// commit shuffles.
fn drawn<'c>(
    cases: impl Iterator<Item = &'c Case>,
    number: usize,
    commit: &str,
) -> BTreeSet<(u8, String)> {
    let (mut correct, mut others): (Vec<_>, Vec<_>) = cases.partition(|case| case.is_correct());
    for some in [&mut correct, &mut others] {
        some.sort_by_cached_key(|case| place(commit, (case.step, &case.id)));
    }
    let fifth = correct.len().div_ceil(5);
    let kept = correct.into_iter().take(fifth).chain(others.into_iter().take(number));
    kept.map(|case| (case.step, case.id.clone())).collect()
}

/// A third are timed, drawn by the commit: in most programs nothing about time is changed, and the checks that depend on it
/// take longer than all others.
fn is_timed(case: &Case, commit: &str) -> bool {
    place(commit, ("timed", case.step, &case.id)).is_multiple_of(3)
}

fn print_figures(figures: &Figures) {
    let line = |what: &str, part: usize, of: usize| {
        let tenths = (1000 * part).checked_div(of).unwrap_or(0);
        println!("{what:52}{part:>5} of {of:>4}{:>6}.{} %", tenths / 10, tenths % 10);
    };
    println!();
    line("mistakes that a check catches", figures.caught, figures.mistakes);
    line("of these: a mistake is named, and it is right", figures.named_right, figures.caught);
    line("of all that is said: wrong", figures.named_wrong, figures.named);
    line("correct solutions that are refused", figures.refused, figures.correct);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_is_timed_at_some_commit() {
        let here = std::env::current_dir().expect("a current folder");
        let course = Course::find(&here).unwrap_or_else(|trouble| panic!("{trouble}"));
        let step = course.step("8").unwrap_or_else(|trouble| panic!("{trouble}"));
        let folder = step.folder(Whose::Reference).join("cases");
        let cases = table::read(&folder).unwrap_or_else(|trouble| panic!("{trouble}"));
        let commits: Vec<String> = (0..60).map(|number| format!("commit {number}")).collect();
        for case in &cases {
            let timed = commits.iter().filter(|commit| is_timed(case, commit)).count();
            assert!((5..40).contains(&timed), "{}: at {timed} of 60", case.id);
        }
        assert!(!cases.is_empty());
    }
}
