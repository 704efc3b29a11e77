//! `cargo xtask cases`: programs by strangers, and what each of them is told.

use std::path::PathBuf;

use lexopt::Arg::{Long, Value};
use xtask::{course::Course, trouble::Trouble};

use crate::cases::{self, Case, Figures, Told};

/// What `cargo xtask cases --help` prints.
pub(super) const HELP: &str = "\
cargo xtask cases FOLDER [--step STEP]

Applies each patch of the folder to the solution that it was made for, judges the program, and
prints a row: what fails, and which mistake is named. The folder's table, cases.tsv, may say
what an earlier commit told (columns exit, failing, told): each difference is printed, and
makes the exit code 1. It may say what would be right (columns outcome, right): then the
figures follow.

  --step STEP   only the cases of this step";

/// Judges the cases of a folder and gives 1 if one is told something else than its table has.
pub(super) fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let (mut folder, mut only) = (None, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("step") => only = Some(course.step(&arguments.value()?.to_string_lossy())?),
            Value(path) if folder.is_none() => folder = Some(PathBuf::from(path)),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(folder) = folder else {
        return Err(Trouble::Arguments("name the folder of the cases".to_owned()));
    };
    let all = cases::read(&folder)?;
    let mut judged: Vec<(&Case, Told)> = Vec::new();
    println!("id\tstep\tkind\texit\tfailing\ttold");
    for step in
        course.steps.iter().filter(|step| only.is_none_or(|only| only.number == step.number))
    {
        let of_step: Vec<&Case> = all.iter().filter(|case| case.step == step.number).collect();
        if of_step.is_empty() {
            continue;
        }
        let told = cases::judge(course, step, &folder, &of_step)?;
        for (case, told) in of_step.into_iter().zip(told) {
            println!("{}", row(case, &told));
            judged.push((case, told));
        }
    }
    let different = differences(&judged);
    for line in &different {
        println!("{line}");
    }
    if all.iter().any(|case| case.column("outcome").is_some()) {
        print_figures(&Figures::count(judged.iter().map(|(case, told)| (*case, told))));
    }
    Ok(u8::from(!different.is_empty()))
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
    differs.collect()
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
