//! The bank of mistakes as a page: per step, what a tutor says to each, and which checks catch it.

use xtask::{
    course::{Course, Step},
    hints,
    mistakes::{
        Mistake,
        matrix::{self, Matrix, Row},
    },
};

pub(crate) fn of(course: &Course) -> Result<String, String> {
    let mut page = String::new();
    let (mut all, mut happy) = (0, 0);
    for step in &course.steps {
        let matrix = matrix::of(course, step).map_err(|trouble| trouble.to_string())?;
        if !matrix.rows.is_empty() {
            all += matrix.rows.len();
            happy += matrix.rows.iter().filter(|row| row.passes_the_happy_path).count();
            page.push_str(&of_step(step, &matrix)?);
        }
    }
    if all == 0 {
        return Err("no step has a mistake on record: `cargo xtask mistakes --write`".to_owned());
    }
    Ok(format!(
        "There are **{all}**. The happy path alone would let **{happy}** of them pass.\n\n{page}"
    ))
}

fn of_step(step: &Step, matrix: &Matrix) -> Result<String, String> {
    let mut text = format!("## Step {}: {}\n\n", step.number, step.title);
    text.push_str("| what a tutor says | read again | caught by |\n|---|---|---|\n");
    for row in &matrix.rows {
        text.push_str(&line(step, row)?);
    }
    text.push_str(&format!(
        "\n<details><summary>Every mistake and every check that catches it</summary>\n\n\
         ```text\n{}```\n\n</details>\n\n",
        matrix.text()
    ));
    Ok(text)
}

fn line(step: &Step, row: &Row) -> Result<String, String> {
    let mistake = Mistake::read(step, &row.mistake).map_err(|trouble| trouble.to_string())?;
    let caught = match row.caught_by.as_slice() {
        [] => "rustc".to_owned(),
        [one] => hints::words(one),
        [_, others @ ..] => format!("{} and {} more", named(&mistake, row), others.len()),
    };
    // A `|` would begin another cell.
    let says = mistake.says.replace('|', "\\|");
    Ok(format!("| {says} | [{0}]({1}.md#{0}) | {caught} |\n", mistake.read, step.slug))
}

/// The check that the mistake names, among those that catch it.
fn named(mistake: &Mistake, row: &Row) -> String {
    match &mistake.caught_by {
        xtask::mistakes::CaughtBy::Check(check) => hints::words(check),
        xtask::mistakes::CaughtBy::Rustc(_) => hints::words(&row.caught_by[0]),
    }
}
