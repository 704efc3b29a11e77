//! From what the checks said to a verdict: a function of its arguments and nothing else.

use std::time::Duration;

use protocol::{
    finding::{Finding, Kind},
    line::{Difference, Failed, Line},
    said::Said,
};

use crate::{
    course::{Step, hints::Check},
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
    /// The last verdict on the step.
    pub(super) last: Option<&'v Verdict>,
}

/// The verdict on a step whose checks ran.
pub(super) fn conclude(
    step: &Step,
    checks: &[Check],
    heard: &Heard,
    before: Before<'_>,
) -> Verdict {
    let problems = problems(checks, heard);
    let results: Vec<CheckResult> =
        checks.iter().map(|check| result(check, heard, before.last)).collect();
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
    verdict.focus = first.map(|first| first.name.clone());
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

fn result(check: &Check, heard: &Heard, last: Option<&Verdict>) -> CheckResult {
    let line = heard.lines.iter().find(|line| line.name == check.name);
    let mut result = CheckResult {
        name: check.name.clone(),
        tier: check.tier,
        task: check.task,
        passed: false,
        was: was(check, last),
        finding: None,
        expected: None,
        actual: None,
        reproduce: None,
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
    result
}

fn without_request(expected: &str, actual: &str) -> Difference {
    Difference {
        finding: Finding::new(Kind::Other),
        expected: Said::from(expected),
        actual: Said::from(actual),
        reproduce: None,
    }
}

fn was(check: &Check, last: Option<&Verdict>) -> Was {
    match last.and_then(|last| Some((last.outcome, last.check(&check.name)?))) {
        Some((_, known)) if known.passed => Was::Passed,
        Some((Outcome::NotStarted, _)) => Was::Unbegun,
        Some(_) => Was::Failed,
        None if check.new => Was::Unbegun,
        None => Was::Passed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        course::{Course, hints},
        verdict::testing,
    };

    /// Two checks, the first of which is new.
    fn checks() -> Vec<Check> {
        hints::parse("## A <!-- new -->\n\nx\n\n# Sharp edges\n\n## B\n\nx\n", 0).expect("hints")
    }

    fn step() -> Step {
        let here = std::env::current_dir().expect("a current folder");
        let course = Course::find(&here).unwrap_or_else(|trouble| panic!("{trouble}"));
        course.steps[0].clone()
    }

    fn passed(name: &str) -> Line {
        Line { name: name.to_owned(), failure: None }
    }

    fn failed(name: &str) -> Line {
        let difference = without_request("this", "that");
        Line { name: name.to_owned(), failure: Some(Failed::Theirs(difference)) }
    }

    fn verdict(lines: Vec<Line>, in_time: bool, before: Before<'_>) -> Verdict {
        let heard = Heard { lines, limit: Duration::from_mins(1), in_time };
        conclude(&step(), &checks(), &heard, before)
    }

    fn outcome(lines: Vec<Line>, untouched: bool) -> Outcome {
        verdict(lines, true, Before { untouched, last: None }).outcome
    }

    #[test]
    fn a_step_is_solved_if_every_check_passes() {
        assert_eq!(outcome(vec![passed("b"), passed("a")], false), Outcome::Solved);
        assert_eq!(outcome(vec![passed("b"), passed("a")], true), Outcome::Solved);
    }

    #[test]
    fn only_the_untouched_starter_that_fails_as_it_should_is_not_started() {
        let unbegun = || vec![failed("a"), passed("b")];
        assert_eq!(outcome(unbegun(), true), Outcome::NotStarted);
        assert_eq!(outcome(unbegun(), false), Outcome::Failed);
        assert_eq!(outcome(vec![failed("a"), failed("b")], true), Outcome::Failed);
        assert_eq!(outcome(vec![passed("a"), failed("b")], true), Outcome::Failed);
    }

    #[test]
    fn checks_are_in_the_order_of_the_hints_and_the_first_that_fails_is_in_focus() {
        let verdict = verdict(vec![failed("b"), failed("a")], true, Before::default());
        assert_eq!(verdict.focus.as_deref(), Some("a"));
        let names: Vec<&str> = verdict.checks.iter().map(|check| check.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(verdict.checks[0].actual, Some(Said::from("that")));
    }

    #[test]
    fn a_fault_of_ours_is_never_the_learners() {
        let ours = |message: &str| Some(Failed::Ours(message.to_owned()));
        let lines = vec![Line { name: "a".to_owned(), failure: ours("no snapshot") }, passed("b")];
        let broken = verdict(lines, true, Before::default());
        assert_eq!(broken.outcome, Outcome::Broken);
        assert_eq!(broken.problem.as_deref(), Some("a: no snapshot"));
        let unknown = verdict(vec![passed("a"), passed("b"), passed("c")], true, Before::default());
        assert!(unknown.problem.is_some_and(|said| said.contains("no heading for the check `c`")));
        let silent = verdict(vec![passed("a")], true, Before::default());
        assert_eq!(silent.problem.as_deref(), Some("the check `b` said nothing"));
    }

    #[test]
    fn a_check_that_did_not_end_in_time_fails() {
        let verdict = verdict(vec![passed("a")], false, Before::default());
        assert_eq!(verdict.outcome, Outcome::Failed);
        assert_eq!(
            verdict.checks[1].expected,
            Some(Said::from("all checks of the step within 60 s"))
        );
    }

    #[test]
    fn a_check_was_what_the_last_verdict_says_or_what_the_starter_shows() {
        fn was(before: Before<'_>) -> Vec<Was> {
            let lines = vec![failed("a"), failed("b")];
            verdict(lines, true, before).checks.iter().map(|check| check.was).collect()
        }
        fn with(last: &Verdict) -> Before<'_> {
            Before { untouched: false, last: Some(last) }
        }
        assert_eq!(was(Before::default()), [Was::Unbegun, Was::Passed]);
        let mut last =
            testing::failed(vec![testing::check("a", "x", ""), testing::check("b", "x", "y")]);
        assert_eq!(was(with(&last)), [Was::Passed, Was::Failed]);
        last.checks = vec![testing::check("a", "x", "y"), testing::check("b", "x", "")];
        last.outcome = Outcome::NotStarted;
        assert_eq!(was(with(&last)), [Was::Unbegun, Was::Passed]);
        last.outcome = Outcome::DoesNotCompile;
        last.checks.clear();
        assert_eq!(was(with(&last)), [Was::Unbegun, Was::Passed], "no check has run since");
    }
}
