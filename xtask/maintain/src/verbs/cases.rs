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
    cases::{self, Case, Figures, Told},
    drawn::{self, place},
};

/// What `cargo xtask cases --help` prints.
pub(super) const HELP: &str = "\
cargo xtask cases [FOLDER] [--step STEP] [--draw NUMBER]

Applies each patch of the folder to the solution that it was made for (one of
solutions/NN-slug/cases/*.rs), judges the program, and prints a row: what fails, and which
mistake is named. Without FOLDER: solutions/*/cases.

A folder's table, cases.tsv, may say what an earlier commit told (columns exit, failing, told):
each difference is printed, and makes the exit code 1. It may say what would be right (columns
outcome, right): then the figures follow, and what falls short of that must be the column
known (missed, refused, misnamed), neither more nor less.

  --step STEP     only the cases of this step
  --draw NUMBER   every correct program, and so many others, drawn by the commit";

/// Judges the cases and returns 1 if `verify` says something other than the table about one of them.
pub(super) fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut folder, mut only, mut draw) = (None, None, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("step") => only = Some(course.step(&arguments.value()?.to_string_lossy())?),
            Long("draw") => draw = Some(arguments.value()?.parse::<usize>()?),
            Value(path) if folder.is_none() => folder = Some(PathBuf::from(path)),
            other => return Err(other.unexpected().into()),
        }
    }
    let is_asked = |step: &&Step| only.is_none_or(|only| only.number == step.number);
    let mut all: Vec<(&Step, PathBuf, Vec<Case>)> = Vec::new();
    for step in course.steps.iter().filter(is_asked) {
        let own = step.folder(Whose::Reference).join("cases");
        let folder = folder.clone().unwrap_or(own);
        let mut cases = cases::read(&folder)?;
        cases.retain(|case| case.step == step.number);
        all.push((step, folder, cases));
    }
    if let Some(number) = draw {
        let commit = drawn::commit(course)?;
        let kept = drawn(all.iter().flat_map(|(.., cases)| cases), number, &commit);
        for (.., cases) in &mut all {
            cases.retain(|case| kept.contains(&(case.step, case.id.clone())));
        }
    }
    println!("id\tstep\tkind\texit\tfailing\ttold");
    let mut judged: Vec<(&Case, Told)> = Vec::new();
    for (step, folder, cases) in all.iter().filter(|(.., cases)| !cases.is_empty()) {
        let told = cases::judge(course, step, folder, cases)?;
        for (case, told) in cases.iter().zip(told) {
            println!("{}", row(case, &told));
            judged.push((case, told));
        }
    }
    let different = differences(&judged);
    for line in &different {
        println!("{line}");
    }
    if judged.iter().any(|(case, _)| case.column("outcome").is_some()) {
        print_figures(&Figures::count(judged.iter().map(|(case, told)| (*case, told))));
    }
    Ok(u8::from(!different.is_empty()))
}

/// Step and id of every correct program, and of so many others: those that come first in an order which the commit
/// shuffles.
fn drawn<'c>(
    cases: impl Iterator<Item = &'c Case>,
    number: usize,
    commit: &str,
) -> BTreeSet<(u8, String)> {
    let (correct, mut others): (Vec<_>, Vec<_>) =
        cases.partition(|case| case.column("outcome") == Some("solved"));
    others.sort_by_cached_key(|case| place(commit, (case.step, &case.id)));
    let kept = correct.into_iter().chain(others.into_iter().take(number));
    kept.map(|case| (case.step, case.id.clone())).collect()
}

fn row(case: &Case, told: &Told) -> String {
    let Case { id, step, kind, .. } = case;
    let mistake = told.mistake.as_deref().unwrap_or_default();
    format!("{id}\t{step}\t{kind}\t{}\t{}\t{mistake}", told.exit, told.failing.join(", "))
}

fn differences(judged: &[(&Case, Told)]) -> Vec<String> {
    let differs = judged.iter().filter_map(|(case, told)| {
        let before = case.told_before().filter(|before| before != told)?;
        Some(format!("\nbefore: {}\nnow:    {}", row(case, &before), row(case, told)))
    });
    differs.chain(judged.iter().filter_map(|(case, told)| not_known(case, told))).collect()
}

/// A shortcoming that is not on record, or one on record that is no more.
fn not_known(case: &Case, told: &Told) -> Option<String> {
    let known = case.column("known").filter(|known| !known.is_empty());
    let now = case.shortcoming(told).map(|now| now.to_string());
    if known == now.as_deref() {
        return None;
    }
    let what = match now {
        Some(now) => format!("is {now}"),
        None => format!("is not {} any more: take that out of the column known", known?),
    };
    Some(format!("\nstep {}, {} {what}: {}", case.step, case.id, row(case, told)))
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
