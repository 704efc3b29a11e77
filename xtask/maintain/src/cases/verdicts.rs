//! What the tool says to each case: built, judged by the step's checks, and diagnosed.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use xtask::{
    course::{Course, Step, source::Source},
    judge::{self, Part},
    process::cargo_messages::RustcError,
    trouble::Trouble,
    tutor::diagnose,
    verdict::{Outcome, Verdict},
};

use crate::{
    cases::{
        case::{Case, Told},
        programs, record,
    },
    changed::{self, Built},
};

/// Builds the cases of the step, judges each, and returns what `verify` says, in the same order. Those that are not
/// timed are spared the checks that depend on time.
pub(crate) fn judge(
    course: &Course,
    step: &Step,
    folder: &Path,
    cases: &[Case],
    is_timed: impl Fn(&Case) -> bool + Sync,
) -> Result<Vec<Told>, Trouble> {
    let bases = programs::bases(step)?;
    let mut sources = bases.clone();
    let mut made_on = Vec::new();
    for case in cases {
        let (base, program) =
            programs::made(step, &bases, &folder.join(format!("{}.patch", case.id)))?;
        made_on.push(base);
        sources.push(program);
    }
    let checks = changed::checks(course, step)?;
    let look = |server: &Path| judge::try_server(course, step, server, &checks, judge::STEP_LIMIT);
    let untimed = |server: &Path| {
        judge::try_some(course, step, server, &checks, Part::Without(judge::TIMING))
    };
    let judged = changed::each(course, step, &sources, |number, built| match built {
        Built::Refused(errors) => Ok(Judged::Refused(errors)),
        Built::Program(server) => {
            let case = number.checked_sub(bases.len()).map(|number| &cases[number]);
            let verdict = if case.is_none_or(&is_timed) { look(&server) } else { untimed(&server) };
            Ok(Judged::Checked { verdict: Box::new(verdict?), server })
        }
    })?;
    let mut judged = judged.into_iter();
    let mut own = Vec::new();
    for base in judged.by_ref().take(bases.len()) {
        let Judged::Checked { verdict, .. } = base else {
            let message = format!("a base of the cases of step {} does not compile", step.number);
            return Err(Trouble::Environment(message));
        };
        own.push(verdict.failing().map(|check| check.name.clone()).collect::<BTreeSet<_>>());
    }
    let mut told = Vec::new();
    for (number, judged) in judged.enumerate() {
        let (case, program) = (&cases[number], &sources[bases.len() + number]);
        told.push(match judged {
            Judged::Refused(errors) => Told {
                exit: Outcome::DoesNotCompile.exit_code(),
                failing: Vec::new(),
                mistake: diagnose::errors(course, step, program, &errors)?.map(|known| known.name),
            },
            Judged::Checked { verdict, server } => {
                let tell =
                    |verdict| failures(course, step, program, verdict, &own[made_on[number]]);
                let mut now = tell(*verdict)?;
                let is_known = |now: &Told| record::differences(case, now).is_empty();
                // A busy machine may have changed something, or a check of time is missing: what is not on record is
                // asked again, alone.
                let can_differ = record::is_there(case) || !is_timed(case);
                for _ in 0..LOOKS_ALONE {
                    if can_differ && !is_known(&now) {
                        now = tell(look(&server)?)?;
                    }
                }
                now
            }
        });
    }
    changed::remove(course)?;
    Ok(told)
}

/// What the step makes of a case.
enum Judged {
    Refused(Vec<RustcError>),
    Checked { verdict: Box<Verdict>, server: PathBuf },
}

/// How often a server is asked again that shows something other than what is on record.
const LOOKS_ALONE: usize = 2;

/// What `verify` says to the author of the program, but for the checks that its base fails.
fn failures(
    course: &Course,
    step: &Step,
    program: &[Source],
    mut verdict: Verdict,
    own: &BTreeSet<String>,
) -> Result<Told, Trouble> {
    without(&mut verdict, own);
    diagnose::failures(course, step, program, &mut verdict, None)?;
    let first = verdict.focused().or_else(|| verdict.failing().next());
    let known = first.and_then(|first| first.mistake.as_ref());
    Ok(Told {
        exit: verdict.outcome.exit_code(),
        failing: verdict.failing().map(|check| check.name.clone()).collect(),
        mistake: known.map(|known| known.name.clone()),
    })
}

/// Leaves out the checks that the base fails itself: they say nothing about a case.
fn without(verdict: &mut Verdict, own: &BTreeSet<String>) {
    verdict.checks.retain(|check| !own.contains(check.name.as_str()));
    if verdict.outcome == Outcome::Failed && verdict.failing().next().is_none() {
        verdict.outcome = Outcome::Solved;
    }
}

#[cfg(test)]
mod tests {
    use xtask::{
        course::hints::Tier,
        verdict::{CheckResult, Was},
    };

    use super::*;

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
