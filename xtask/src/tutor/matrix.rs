//! Which check catches which mistake.

use std::{collections::BTreeSet, path::Path};

use serde::Serialize;

use crate::{
    course::{Course, Step},
    files,
    trouble::Trouble,
    tutor::{
        picture::EVERY,
        records::{Record, Records},
    },
};

/// One step's mistakes.
#[derive(Debug, Clone, Serialize)]
pub struct Matrix {
    /// The step's slug.
    pub step: String,
    /// Its checks, in the order of `hints.md`.
    pub checks: Vec<String>,
    /// Its mistakes, by name.
    pub rows: Vec<Row>,
}

/// One mistake.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Its name.
    pub mistake: String,
    /// The checks that catch it; none if it does not compile.
    pub caught_by: Vec<String>,
    /// Whether the checks that anybody would have written first let it pass.
    pub passes_the_happy_path: bool,
}

/// The matrix of the step, from these records.
pub fn from_records(course: &Course, step: &Step, records: &Records) -> Result<Matrix, Trouble> {
    let happy = happy_path(&course.root)?;
    let checks: Vec<String> = step.checks()?.into_iter().map(|check| check.name).collect();
    let row = |(name, record): (&String, &Record)| {
        let caught_by: Vec<String> = match record {
            Record::Checks(picture) if picture.symptoms.contains_key(EVERY) => checks.clone(),
            Record::Checks(picture) => {
                let fails = |check: &&String| picture.symptoms.contains_key(*check);
                checks.iter().filter(fails).cloned().collect()
            }
            Record::Rustc(_) => Vec::new(),
        };
        let noticed = caught_by.is_empty() || caught_by.iter().any(|check| happy.contains(check));
        Row { mistake: name.clone(), caught_by, passes_the_happy_path: !noticed }
    };
    Ok(Matrix { step: step.slug.clone(), rows: records.iter().map(row).collect(), checks })
}

impl Matrix {
    /// Each row is a mistake, each numbered column a check that catches one; the numbers are explained below.
    pub fn text(&self) -> String {
        let catching: BTreeSet<&String> = self.rows.iter().flat_map(|row| &row.caught_by).collect();
        let columns: Vec<&String> =
            self.checks.iter().filter(|check| catching.contains(check)).collect();
        let mut lines = vec![self.step.clone()];
        for divisor in [10, 1] {
            let digits = (1..=columns.len()).map(|number| (number / divisor % 10).to_string());
            lines.push(format!("  {:44} {}", "", digits.collect::<String>()));
        }
        for row in &self.rows {
            let mark = |check: &&String| if row.caught_by.contains(check) { '#' } else { '.' };
            let marks: String = columns.iter().map(mark).collect();
            let note = match (row.caught_by.is_empty(), row.passes_the_happy_path) {
                (true, _) => "  does not compile",
                (false, true) => "  passes a happy path",
                (false, false) => "",
            };
            lines.push(format!("  {:44} {marks}{note}", row.mistake));
        }
        let legend = columns.iter().enumerate();
        lines.extend(legend.map(|(index, check)| format!("  {:2} {check}", index + 1)));
        lines.join("\n") + "\n"
    }
}

/// Checks of these steps that catch none of these mistakes.
pub fn idle(matrices: &[Matrix]) -> Vec<String> {
    let all: BTreeSet<&String> = matrices.iter().flat_map(|matrix| &matrix.checks).collect();
    let rows = matrices.iter().flat_map(|matrix| &matrix.rows);
    let catching: BTreeSet<&String> = rows.flat_map(|row| &row.caught_by).collect();
    all.difference(&catching).map(|check| (*check).clone()).collect()
}

/// The checks in `solutions/happy-path.txt`, a line each.
pub fn happy_path(root: &Path) -> Result<Vec<String>, Trouble> {
    let text = files::read(&root.join("solutions").join("happy-path.txt"))?;
    Ok(text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect())
}
