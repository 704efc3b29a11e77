//! Programs by strangers, each a patch on the solution that it was made for, and what the tool says to each.
//!
//! A folder of cases has `NAME.patch` files and a table, `cases.tsv`, whose first line names its columns: `id`,
//! `step` and `kind` at least. `exit`, `failing` and `told` are what an earlier commit said; `outcome` and `right`
//! are what would be right to say. The solutions may have changed since: `solutions/NN-slug/cases/base.rs` is kept as
//! it was, and what fails with it is not counted against a case.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use xtask::{
    course::{Course, Step, Whose, patch, source::Source},
    files, judge,
    trouble::Trouble,
    tutor::diagnose,
    verdict::Outcome,
};

use crate::changed::{self, Built};

/// A line of the table.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The patch's name without its ending.
    pub(crate) id: String,
    /// The number of its step.
    pub(crate) step: u8,
    /// `compiles`, `nocompile`, `correct`, `equiv`.
    pub(crate) kind: String,
    columns: BTreeMap<String, String>,
}

/// What a case was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// The exit code of `verify`.
    pub(crate) exit: u8,
    /// The checks that fail, in the order of `hints.md`.
    pub(crate) failing: Vec<String>,
    /// The name of the mistake that the tutor names first.
    pub(crate) mistake: Option<String>,
}

impl Case {
    /// What the table has in this column.
    pub(crate) fn column(&self, name: &str) -> Option<&str> {
        self.columns.get(name).map(String::as_str)
    }

    /// What the table says that an earlier commit told.
    pub(crate) fn told_before(&self) -> Option<Told> {
        let list = |text: &str| -> Vec<String> {
            text.split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect()
        };
        Some(Told {
            exit: self.column("exit")?.parse().ok()?,
            failing: list(self.column("failing")?),
            mistake: self.column("told").filter(|name| !name.is_empty()).map(str::to_owned),
        })
    }
}

/// The cases of a folder, in the order of its table.
pub(crate) fn read(folder: &Path) -> Result<Vec<Case>, Trouble> {
    let path = folder.join("cases.tsv");
    let text = files::read(&path)?;
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let wrong = |number: usize, why: &str| {
        Trouble::Environment(format!("{}, line {number}: {why}", path.display()))
    };
    let mut cases = Vec::new();
    for (number, line) in (2..).zip(lines) {
        let columns: BTreeMap<String, String> = names
            .iter()
            .zip(line.split('\t'))
            .map(|(name, value)| ((*name).to_owned(), value.to_owned()))
            .collect();
        let column = |name: &str| {
            let value = columns.get(name).filter(|value| !value.is_empty());
            value.cloned().ok_or_else(|| wrong(number, &format!("there is no `{name}`")))
        };
        let step = column("step")?;
        let step = step.parse().map_err(|_| wrong(number, &format!("`{step}` is no step")))?;
        let (id, kind) = (column("id")?, column("kind")?);
        let program = files::read(&folder.join(format!("{id}.patch")))?;
        if program.contains(&format!("\n+++ b/steps/{step:02}-")) {
            cases.push(Case { id, step, kind, columns });
        } else {
            eprintln!("{}, line {number}: {id}.patch is not one of step {step}", path.display());
        }
    }
    Ok(cases)
}

/// Builds the cases of the step, judges each, and gives what it is told, in the same order.
pub(crate) fn judge(
    course: &Course,
    step: &Step,
    folder: &Path,
    cases: &[Case],
) -> Result<Vec<Told>, Trouble> {
    let base = vec![Source {
        path: PathBuf::from("src").join("main.rs"),
        text: files::read(&step.folder(Whose::Reference).join("cases").join("base.rs"))?,
    }];
    let mut programs = vec![base.clone()];
    for case in cases {
        let path = folder.join(format!("{}.patch", case.id));
        let mut sources = base.clone();
        apply(&files::read(&path)?, step, &mut sources).map_err(|why| {
            Trouble::Environment(format!("{} cannot be applied: {why}", path.display()))
        })?;
        programs.push(sources);
    }
    let checks = changed::checks(course, step)?;
    let told = changed::each(course, step, &programs, |built| match built {
        Built::Refused(errors) => Ok(Told {
            exit: Outcome::DoesNotCompile.exit_code(),
            failing: Vec::new(),
            mistake: diagnose::errors(course, step, &errors)?.map(|known| known.name),
        }),
        Built::Program(server) => {
            let mut verdict = judge::try_server(course, step, &server, &checks, judge::STEP_LIMIT)?;
            diagnose::failures(course, step, &mut verdict, None)?;
            let mistake = verdict.focused().and_then(|check| check.mistake.as_ref());
            Ok(Told {
                exit: verdict.outcome.exit_code(),
                failing: verdict.failing().map(|check| check.name.clone()).collect(),
                mistake: mistake.map(|known| known.name.clone()),
            })
        }
    })?;
    changed::remove(course)?;
    let (of_base, told) = told.split_first().expect("the base was built too");
    let own: BTreeSet<&String> = of_base.failing.iter().collect();
    Ok(told.iter().map(|told| without(told, &own)).collect())
}

/// A case's patch names the learner's file, `a/steps/NN-slug/src/main.rs`.
fn apply(patch: &str, step: &Step, sources: &mut [Source]) -> Result<(), String> {
    let patch = patch
        .replace(&format!("--- a/steps/{}/", step.slug), "--- a/")
        .replace(&format!("+++ b/steps/{}/", step.slug), "+++ b/");
    patch::apply(&patch, sources)
}

/// Without the failures that the base has itself.
fn without(told: &Told, own: &BTreeSet<&String>) -> Told {
    let mut told = told.clone();
    let failed = told.exit == Outcome::Failed.exit_code();
    told.failing.retain(|name| !own.contains(name));
    if failed && told.failing.is_empty() {
        told.exit = Outcome::Solved.exit_code();
        told.mistake = None;
    }
    told
}

/// How many cases came to which end.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Mistakes that compile, and that a check must see.
    pub(crate) mistakes: usize,
    /// Of these: a check failed.
    pub(crate) caught: usize,
    /// Of those caught: a mistake was named, and it is one that would be right.
    pub(crate) named_right: usize,
    /// Mistakes, compiling or not, of which something wrong was said.
    pub(crate) named_wrong: usize,
    /// Mistakes, compiling or not, of which something was said.
    pub(crate) named: usize,
    /// Solutions that the contract allows.
    pub(crate) correct: usize,
    /// Of these: a check failed.
    pub(crate) refused: usize,
}

impl Figures {
    /// Counts cases whose table says what would be right.
    pub(crate) fn count<'c>(told: impl Iterator<Item = (&'c Case, &'c Told)>) -> Self {
        let mut figures = Self::default();
        for (case, told) in told {
            let right = case.column("right").unwrap_or_default();
            let is_right = told.mistake.as_ref().is_some_and(|name| {
                right.split(',').any(|right| right.trim().rsplit('/').next() == Some(name))
            });
            if told.mistake.is_some() {
                figures.named += 1;
                figures.named_wrong += usize::from(!is_right);
            }
            match case.column("outcome") {
                Some("fails") => {
                    figures.mistakes += 1;
                    figures.caught += usize::from(told.exit == 1);
                    figures.named_right += usize::from(told.exit == 1 && is_right);
                }
                Some("solved") => {
                    figures.correct += 1;
                    figures.refused += usize::from(told.exit != 0);
                }
                _ => {}
            }
        }
        figures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(outcome: &str, right: &str) -> Case {
        let columns = [("outcome", outcome), ("right", right)];
        let columns = columns.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Case { id: "X1".to_owned(), step: 3, kind: "compiles".to_owned(), columns }
    }

    fn told(exit: u8, mistake: Option<&str>) -> Told {
        Told { exit, failing: Vec::new(), mistake: mistake.map(str::to_owned) }
    }

    #[test]
    fn what_is_said_is_counted_by_what_would_be_right() {
        let list = [
            (case("fails", "one, 04-x/two"), told(1, Some("two"))),
            (case("fails", "one"), told(1, Some("two"))),
            (case("fails", "none"), told(0, None)),
            (case("solved", "none"), told(1, Some("one"))),
            (case("solved", "none"), told(0, None)),
            (case("refused", "none"), told(3, None)),
        ];
        let figures = Figures::count(list.iter().map(|(case, told)| (case, told)));
        let expected = Figures {
            mistakes: 3,
            caught: 2,
            named_right: 1,
            named_wrong: 2,
            named: 3,
            correct: 2,
            refused: 1,
        };
        assert_eq!(figures, expected);
    }

    #[test]
    fn what_fails_with_the_base_is_not_the_case_s_own() {
        let base = "as_before".to_owned();
        let own = BTreeSet::from([&base]);
        let failed = |names: &[&str]| Told {
            exit: 1,
            failing: names.iter().map(|name| (*name).to_owned()).collect(),
            mistake: Some("one".to_owned()),
        };
        assert_eq!(without(&failed(&["as_before"]), &own), told(0, None));
        assert_eq!(without(&failed(&["as_before", "new"]), &own), failed(&["new"]));
    }
}
