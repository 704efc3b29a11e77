//! Programs by strangers, each a patch on the solution that it was made for, and what the tool says to each.
//!
//! A folder of cases has `NAME.patch` files and a table, `cases.tsv`, whose first line names its columns: `id`,
//! `step` and `kind` at least. `exit`, `failing` and `told` are what an earlier commit said; `outcome` and `right`
//! are what would be right to say, and `known` is how we fall short of that today. The solutions may have changed
//! since: each that cases were made for is kept, in `solutions/NN-slug/cases/*.rs`, and what fails with it is not counted
//! against a case.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::{Path, PathBuf},
};

use xtask::{
    course::{Course, Step, Whose, patch, source::Source},
    files, judge,
    process::cargo_messages::RustcError,
    trouble::Trouble,
    tutor::diagnose,
    verdict::{Outcome, Verdict},
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

    /// The names of the bank that would be right to tell: `one-space-only`, or `03-bearer-token/one-space-only`.
    pub(crate) fn right(&self) -> impl Iterator<Item = &str> {
        let names = self.column("right").unwrap_or_default().split(',').map(str::trim);
        names.filter(|name| !name.is_empty() && *name != "none")
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

    /// How the tool falls short of what would be right.
    pub(crate) fn shortcoming(&self, told: &Told) -> Option<Shortcoming> {
        match self.column("outcome") {
            Some("solved") if told.exit != Outcome::Solved.exit_code() => {
                Some(Shortcoming::Refused)
            }
            Some("fails") if told.exit == Outcome::Solved.exit_code() => Some(Shortcoming::Missed),
            _ if told.mistake.is_some() && !self.is_right(told) => Some(Shortcoming::Misnamed),
            _ => None,
        }
    }

    /// Whether the mistake that is named is one that would be right.
    fn is_right(&self, told: &Told) -> bool {
        told.mistake
            .as_ref()
            .is_some_and(|name| self.right().any(|right| right.rsplit('/').next() == Some(name)))
    }
}

/// A way to be wrong about a case, as the column `known` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shortcoming {
    /// A mistake that no check catches.
    Missed,
    /// A correct solution that a check fails.
    Refused,
    /// A mistake is named that is not there.
    Misnamed,
}

impl fmt::Display for Shortcoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missed => "missed",
            Self::Refused => "refused",
            Self::Misnamed => "misnamed",
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

/// Builds the cases of the step, judges each, and returns what `verify` says, in the same order.
pub(crate) fn judge(
    course: &Course,
    step: &Step,
    folder: &Path,
    cases: &[Case],
) -> Result<Vec<Told>, Trouble> {
    let bases = bases(step)?;
    let mut programs = bases.clone();
    let mut made_on = Vec::new();
    for case in cases {
        let (base, program) = made(step, &bases, &folder.join(format!("{}.patch", case.id)))?;
        made_on.push(base);
        programs.push(program);
    }
    let checks = changed::checks(course, step)?;
    let judged = changed::each(course, step, &programs, |built| match built {
        Built::Refused(errors) => Ok(Judged::Refused(errors)),
        Built::Program(server) => {
            judge::try_server(course, step, &server, &checks, judge::STEP_LIMIT)
                .map(|verdict| Judged::Checked(Box::new(verdict)))
        }
    })?;
    changed::remove(course)?;
    let mut judged = judged.into_iter();
    let mut own = Vec::new();
    for _ in &bases {
        let Some(Judged::Checked(base)) = judged.next() else {
            let message = format!("a base of the cases of step {} does not compile", step.number);
            return Err(Trouble::Environment(message));
        };
        own.push(base.failing().map(|check| check.name.clone()).collect::<BTreeSet<_>>());
    }
    let mut told = Vec::new();
    for ((judged, program), base) in judged.zip(&programs[bases.len()..]).zip(made_on) {
        told.push(match judged {
            Judged::Refused(errors) => Told {
                exit: Outcome::DoesNotCompile.exit_code(),
                failing: Vec::new(),
                mistake: diagnose::errors(course, step, program, &errors)?.map(|known| known.name),
            },
            Judged::Checked(mut verdict) => {
                without(&mut verdict, &own[base]);
                diagnose::failures(course, step, program, &mut verdict, None)?;
                Told {
                    exit: verdict.outcome.exit_code(),
                    failing: verdict.failing().map(|check| check.name.clone()).collect(),
                    mistake: mistake(&verdict),
                }
            }
        });
    }
    Ok(told)
}

/// What the step makes of a case.
enum Judged {
    Refused(Vec<RustcError>),
    Checked(Box<Verdict>),
}

/// The mistake that is named at the check to look at first.
fn mistake(verdict: &Verdict) -> Option<String> {
    let first = verdict.focused().or_else(|| verdict.failing().next())?;
    first.mistake.as_ref().map(|known| known.name.clone())
}

/// The solutions that cases of the step were made for, the oldest first.
fn bases(step: &Step) -> Result<Vec<Vec<Source>>, Trouble> {
    let folder = step.folder(Whose::Reference).join("cases");
    let mut paths = files::in_folder(&folder)?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let read = |path: &PathBuf| {
        let text = files::read(path)?;
        Ok(vec![Source { path: PathBuf::from("src").join("main.rs"), text }])
    };
    paths.iter().map(read).collect()
}

/// The program of a patch on one of the step's bases.
pub(crate) fn patched(step: &Step, path: &Path) -> Result<Vec<Source>, Trouble> {
    made(step, &bases(step)?, path).map(|(_, program)| program)
}

/// The first of the bases that the patch fits, by its place, and what the patch makes of it.
fn made(step: &Step, bases: &[Vec<Source>], path: &Path) -> Result<(usize, Vec<Source>), Trouble> {
    let text = files::read(path)?;
    let mut why = "there is no base".to_owned();
    for (index, base) in bases.iter().enumerate() {
        let mut sources = base.clone();
        match apply(&text, step, &mut sources) {
            Ok(()) => return Ok((index, sources)),
            Err(reason) => why = reason,
        }
    }
    Err(Trouble::Environment(format!("{} cannot be applied: {why}", path.display())))
}

/// A case's patch names the learner's file, `a/steps/NN-slug/src/main.rs`.
fn apply(patch: &str, step: &Step, sources: &mut [Source]) -> Result<(), String> {
    let patch = patch
        .replace(&format!("--- a/steps/{}/", step.slug), "--- a/")
        .replace(&format!("+++ b/steps/{}/", step.slug), "+++ b/");
    patch::apply(&patch, sources)
}

/// Leaves out the checks that the base fails itself: they say nothing about a case.
fn without(verdict: &mut Verdict, own: &BTreeSet<String>) {
    verdict.checks.retain(|check| !own.contains(check.name.as_str()));
    if verdict.outcome == Outcome::Failed && verdict.failing().next().is_none() {
        verdict.outcome = Outcome::Solved;
    }
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
            let is_right = case.is_right(told);
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
    use xtask::{
        course::hints::Tier,
        verdict::{CheckResult, Was},
    };

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
    fn what_falls_short_of_right_has_a_name() {
        let short = |outcome, right, told| case(outcome, right).shortcoming(&told);
        assert_eq!(short("fails", "one", told(0, None)), Some(Shortcoming::Missed));
        assert_eq!(short("fails", "one", told(1, None)), None);
        assert_eq!(short("fails", "one", told(1, Some("two"))), Some(Shortcoming::Misnamed));
        assert_eq!(short("fails", "one, two", told(1, Some("two"))), None);
        assert_eq!(short("refused", "none", told(3, Some("two"))), Some(Shortcoming::Misnamed));
        assert_eq!(short("solved", "none", told(1, None)), Some(Shortcoming::Refused));
        assert_eq!(short("solved", "none", told(0, None)), None);
    }

    #[test]
    fn what_fails_with_the_base_is_not_the_case_s_own() {
        let failed = |names: &[&str]| {
            let here = std::env::current_dir().expect("a current folder");
            let course = Course::find(&here).unwrap_or_else(|trouble| panic!("{trouble}"));
            let mut verdict = Verdict::new(&course.steps[0], String::new(), Outcome::Failed);
            verdict.checks = names.iter().map(|name| failing(name)).collect();
            without(&mut verdict, &BTreeSet::from(["as_before".to_owned()]));
            let left: Vec<String> = verdict.checks.into_iter().map(|check| check.name).collect();
            (verdict.outcome, left)
        };
        assert_eq!(failed(&["as_before"]), (Outcome::Solved, Vec::new()));
        assert_eq!(failed(&["as_before", "new"]), (Outcome::Failed, vec!["new".to_owned()]));
    }

    fn failing(name: &str) -> CheckResult {
        CheckResult {
            name: name.to_owned(),
            tier: Tier::Core,
            task: None,
            new: false,
            passed: false,
            was: Was::Failed,
            regression: false,
            drawn: Vec::new(),
            finding: None,
            seen: None,
            expected: None,
            actual: None,
            reproduce: None,
            mistake: None,
        }
    }
}
