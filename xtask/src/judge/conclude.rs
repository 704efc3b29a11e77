//! From what the checks said to a verdict: a function of its arguments and nothing else.

use std::time::Duration;

use protocol::{
    finding::{Finding, Kind},
    line::{Difference, Failed, Line},
    said::Said,
};

use crate::{
    course::{Step, hints::Check},
    tutor::seen,
    verdict::{CheckResult, Outcome, Verdict, Was},
};

/// What the checks said, and whether they came to their end.
pub(super) struct Heard {
    pub(super) lines: Vec<Line>,
    /// How long all of them might take together.
    pub(super) limit: Duration,
    pub(super) in_time: bool,
}

/// What is known of the step from before.
#[derive(Clone, Copy, Default)]
pub(super) struct Before<'v> {
    /// Whether the code is the starter as we shipped it.
    pub(super) untouched: bool,
    /// The last verdict for which checks ran.
    pub(super) last: Option<&'v Verdict>,
    /// The verdict on the untouched starter.
    pub(super) starter: Option<&'v Verdict>,
}

/// The verdict on a step whose checks ran.
pub(super) fn conclude(
    step: &Step,
    checks: &[Check],
    heard: &Heard,
    before: Before<'_>,
) -> Verdict {
    let problems = problems(checks, heard);
    let mut results: Vec<CheckResult> =
        checks.iter().map(|check| result(check, heard, before)).collect();
    for result in results.iter_mut().filter(|result| !result.passed) {
        // A learner who takes back all of their code begins again.
        let begins = before.untouched && result.new;
        result.regression = !begins && is_regression(result, checks, before.last);
    }
    let first = results.iter().find(|result| !result.passed);
    let as_shipped =
        || checks.iter().zip(&results).all(|(check, result)| check.new != result.passed);
    let outcome = match first {
        _ if !problems.is_empty() => Outcome::Broken,
        None => Outcome::Solved,
        Some(_) if before.untouched && as_shipped() => Outcome::NotStarted,
        Some(_) => Outcome::Failed,
    };
    let mut verdict = Verdict::new(step, String::new(), outcome);
    verdict.problem = (!problems.is_empty()).then(|| problems.join("\n"));
    verdict.focus = focus(&results);
    verdict.checks = results;
    verdict
}

/// What is wrong with the workshop or the machine.
fn problems(checks: &[Check], heard: &Heard) -> Vec<String> {
    let mut problems = Vec::new();
    for line in &heard.lines {
        if let Some(Failed::Ours(message)) = &line.failure {
            problems.push(format!("{}: {message}", line.name));
        }
        if !checks.iter().any(|check| check.name == line.name) {
            problems.push(format!("hints.md has no heading for the check `{}`", line.name));
        }
    }
    let silent = |check: &&Check| !heard.lines.iter().any(|line| line.name == check.name);
    if heard.in_time {
        let silent = checks.iter().filter(silent);
        problems.extend(silent.map(|check| format!("the check `{}` said nothing", check.name)));
    }
    problems
}

fn result(check: &Check, heard: &Heard, before: Before<'_>) -> CheckResult {
    let line = heard.lines.iter().find(|line| line.name == check.name);
    let mut result = CheckResult {
        name: check.name.clone(),
        tier: check.tier,
        task: check.task,
        new: check.new,
        passed: false,
        was: was(check, before),
        regression: false,
        finding: None,
        seen: None,
        expected: None,
        actual: None,
        reproduce: None,
        drawn: Vec::new(),
        mistake: None,
    };
    let difference = match line.map(|line| &line.failure) {
        Some(None) => {
            result.passed = true;
            return result;
        }
        Some(Some(Failed::Theirs(difference))) => difference.clone(),
        Some(Some(Failed::Ours(message))) => without_request("a check that works", message),
        None => without_request(
            &format!("all checks of the step within {} s", heard.limit.as_secs()),
            "the time was up before this check ended",
        ),
    };
    result.finding = Some(difference.finding);
    result.expected = Some(difference.expected);
    result.actual = Some(difference.actual);
    result.reproduce = difference.reproduce;
    result.drawn = difference.drawn;
    result.seen = seen::sentence(&result, Some(check));
    result
}

/// The check to look at first: that the server starts, then what passed before, then the lowest open task, then the
/// order of `hints.md`.
fn focus(results: &[CheckResult]) -> Option<String> {
    let failing = || results.iter().filter(|result| !result.passed);
    let not_started = failing().find(|result| {
        result.finding.as_ref().is_some_and(|finding| finding.kind == Kind::NotStarted)
    });
    let regression = || failing().find(|result| result.regression);
    let open_task = || {
        let task = failing().filter_map(|result| result.task).min()?;
        failing().find(|result| result.task == Some(task))
    };
    let found = not_started.or_else(regression).or_else(open_task).or_else(|| failing().next());
    found.map(|result| result.name.clone())
}

/// Whether a check that fails passed before: in the starter, or with its whole task; and it stays one until it passes.
/// (A guard that refuses everyone passes every *refuses* check; that they turn red while the task is open is progress.)
fn is_regression(result: &CheckResult, checks: &[Check], last: Option<&Verdict>) -> bool {
    let known = |name: &str| last.and_then(|last| last.check(name));
    let passed = |name: &str| known(name).is_some_and(|known| known.passed);
    let of_the_task = || checks.iter().filter(|check| check.new && check.task == result.task);
    !result.new
        || known(&result.name).is_some_and(|known| known.regression)
        || of_the_task().all(|check| passed(&check.name))
}

fn without_request(expected: &str, actual: &str) -> Difference {
    Difference {
        finding: Finding::new(Kind::Other),
        expected: Said::from(expected),
        actual: Said::from(actual),
        reproduce: None,
        drawn: Vec::new(),
    }
}

fn was(check: &Check, before: Before<'_>) -> Was {
    match before.last.and_then(|last| last.check(&check.name)) {
        Some(known) if known.passed => Was::Passed,
        Some(known) if known.is_unbegun(before.starter) => Was::Unbegun,
        Some(_) => Was::Failed,
        None if check.new => Was::Unbegun,
        None => Was::Passed,
    }
}

#[cfg(test)]
mod tests;
