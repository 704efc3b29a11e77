//! The bank of mistakes as pages: what a tutor says to each, and which checks catch it.

use xtask::{
    course::{Course, Step, hints},
    tutor::{
        CaughtBy, Mistake,
        matrix::{self, Matrix, Row},
    },
};

use crate::directives::lookup;

/// What a tutor says to each from the step `first` to `last`, with a link to what is to be read again, and who
/// catches it. A page with all of them would be too heavy.
pub(crate) fn sentences(course: &Course, first: &str, last: &str) -> Result<String, String> {
    let (first, last) = (lookup::step(course, first)?.number, lookup::step(course, last)?.number);
    let steps = course.steps.iter().filter(|step| (first..=last).contains(&step.number));
    let matrices = matrices(course, steps)?;
    let rows = || matrices.iter().flat_map(|(_, matrix)| &matrix.rows);
    let happy = rows().filter(|row| row.passes_the_happy_path).count();
    let refused = rows().filter(|row| is_refused(row)).count();
    let mut page = format!(
        "In these steps there are **{}**. The happy path alone would let **{happy}** of them pass. Another **{refused}** do not \
         compile: rustc refuses them, `verify` explains that in the same way, and they are not listed here.\n\n",
        rows().count() - refused
    );
    for (step, matrix) in &matrices {
        page.push_str(&format!("## Step {}: {}\n\n", step.number, step.title));
        page.push_str("| what a tutor says | caught by |\n|---|---|\n");
        for row in matrix.rows.iter().filter(|row| !is_refused(row)) {
            page.push_str(&row_of_page(step, row)?);
        }
        page.push('\n');
    }
    Ok(page)
}

fn is_refused(row: &Row) -> bool {
    row.caught_by.is_empty()
}

/// Every mistake beside every check.
pub(crate) fn matrix(course: &Course) -> Result<String, String> {
    let section = |(step, matrix): (&Step, Matrix)| {
        format!("## Step {}\n\n```text\n{}```\n\n", step.number, matrix.text())
    };
    Ok(matrices(course, course.steps.iter())?.into_iter().map(section).collect())
}

fn matrices<'c>(
    course: &'c Course,
    steps: impl Iterator<Item = &'c Step>,
) -> Result<Vec<(&'c Step, Matrix)>, String> {
    let mut matrices = Vec::new();
    for step in steps {
        let matrix = matrix::on_record(course, step).map_err(|trouble| trouble.to_string())?;
        if !matrix.rows.is_empty() {
            matrices.push((step, matrix));
        }
    }
    match matrices.len() {
        0 => Err("no such step has a mistake on record: `cargo xtask mistakes --write`".to_owned()),
        _ => Ok(matrices),
    }
}

fn row_of_page(step: &Step, row: &Row) -> Result<String, String> {
    let mistake = Mistake::read(step, &row.mistake).map_err(|trouble| trouble.to_string())?;
    let caught = match row.caught_by.as_slice() {
        [_, others @ ..] if !others.is_empty() => {
            format!("{} and {} more", named(&mistake, row), others.len())
        }
        _ => named(&mistake, row),
    };
    // A `|` would begin another cell.
    let says = mistake.says.replace('|', "\\|");
    Ok(format!("| [{says}]({}.md#{}) | {caught} |\n", step.slug, mistake.read))
}

/// The check that the mistake names, among those that catch it.
fn named(mistake: &Mistake, row: &Row) -> String {
    match &mistake.caught_by {
        CaughtBy::Check(check) => hints::words(check),
        CaughtBy::Rustc(_) => {
            row.caught_by.first().map(|check| hints::words(check)).unwrap_or_default()
        }
    }
}
