//! The bank of mistakes as pages: what a tutor says to each, and which checks catch it.

use xtask::{
    course::{Course, Step, hints},
    tutor::{
        CaughtBy, Mistake,
        matrix::{self, Matrix, Row},
        records::{self, Records},
    },
};

use crate::directives::lookup;

/// What is on record of a step's mistakes.
pub(crate) struct OnRecord<'c> {
    pub(super) step: &'c Step,
    pub(super) records: Records,
    matrix: Matrix,
}

/// The bank of all steps that have a mistake.
pub(crate) fn bank(course: &Course) -> Result<Vec<OnRecord<'_>>, String> {
    let mut bank = Vec::new();
    for step in &course.steps {
        let records = records::load(step).map_err(|trouble| trouble.to_string())?;
        if !records.is_empty() {
            let matrix = matrix::from_records(course, step, &records);
            let matrix = matrix.map_err(|trouble| trouble.to_string())?;
            bank.push(OnRecord { step, records, matrix });
        }
    }
    Ok(bank)
}

/// What a tutor says to each from the step `first` to `last`, with a link to what is to be read again, and who
/// catches it. A page with all of them would be too heavy.
pub(crate) fn sentences(
    course: &Course,
    bank: &[OnRecord],
    first: &str,
    last: &str,
) -> Result<String, String> {
    let (first, last) = (lookup::step(course, first)?.number, lookup::step(course, last)?.number);
    let bank = || bank.iter().filter(|known| (first..=last).contains(&known.step.number));
    let rows = || bank().flat_map(|known| &known.matrix.rows);
    if rows().next().is_none() {
        return Err(
            "no such step has a mistake on record: `cargo xtask mistakes --write`".to_owned()
        );
    }
    let happy = rows().filter(|row| row.passes_the_happy_path).count();
    let refused = rows().filter(|row| is_refused(row)).count();
    let mut page = format!(
        "In these steps there are **{}**. The happy path alone would let **{happy}** of them pass. Another **{refused}** do not \
         compile: rustc refuses them, `verify` explains that in the same way, and they are not listed here.\n\n",
        rows().count() - refused
    );
    for OnRecord { step, matrix, .. } in bank() {
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

/// Every mistake that compiles beside every check.
pub(crate) fn matrix(bank: &[OnRecord]) -> String {
    let section = |OnRecord { step, matrix, .. }: &OnRecord| {
        let mut matrix = matrix.clone();
        matrix.rows.retain(|row| !is_refused(row));
        format!("## Step {}\n\n```text\n{}```\n\n", step.number, matrix.text())
    };
    bank.iter().map(section).collect()
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
