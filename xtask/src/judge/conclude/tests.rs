//! What comes of lines, and of what was before.

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
    verdict(lines, true, Before { untouched, ..Before::default() }).outcome
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
fn checks_are_in_the_order_of_the_hints_and_what_the_starter_passed_is_in_focus() {
    let verdict = verdict(vec![failed("b"), failed("a")], true, Before::default());
    assert_eq!(verdict.focus.as_deref(), Some("b"));
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
    assert_eq!(verdict.checks[1].expected, Some(Said::from("all checks of the step within 60 s")));
}

#[test]
fn a_check_was_what_the_last_verdict_says_or_what_the_starter_shows() {
    fn was(before: Before<'_>) -> Vec<Was> {
        let lines = vec![failed("a"), failed("b")];
        verdict(lines, true, before).checks.iter().map(|check| check.was).collect()
    }
    let judged = |a: &str, b: &str| {
        testing::failed(vec![testing::check("a", "x", a), testing::check("b", "x", b)])
    };
    let (starter, last) = (judged("y", ""), judged("", "z"));
    let (unchanged, changed) = (judged("y", ""), judged("z", ""));
    assert_eq!(was(Before::default()), [Was::Unbegun, Was::Passed]);
    let before = |last| Before { untouched: false, last: Some(last), starter: Some(&starter) };
    assert_eq!(was(before(&last)), [Was::Passed, Was::Failed]);
    assert_eq!(was(before(&unchanged)), [Was::Unbegun, Was::Passed]);
    assert_eq!(was(before(&changed)), [Was::Failed, Was::Passed]);
}

/// Four checks: one of an earlier step, then two tasks, the second of which has two checks.
fn with_tasks() -> Vec<Check> {
    let hints = "## Old\n\nx\n\n## Three <!-- new, task 2 -->\n\nx\n\n## One <!-- new, task 1 -->\n\nx\n\n\
                 ## Two <!-- new, task 2 -->\n\nx\n";
    hints::parse(hints, 2).expect("hints")
}

/// The verdict if these of the four checks fail.
fn with_failing(failing: &[&str], last: Option<&Verdict>) -> Verdict {
    let line = |check: &Check| {
        if failing.contains(&check.name.as_str()) {
            failed(&check.name)
        } else {
            passed(&check.name)
        }
    };
    let checks = with_tasks();
    let lines = checks.iter().map(line).collect();
    let heard = Heard { lines, limit: Duration::from_mins(1), in_time: true };
    conclude(&step(), &checks, &heard, Before { untouched: false, last, starter: None })
}

#[test]
fn a_regression_comes_first_then_the_lowest_open_task() {
    let focus = |failing: &[&str], passed_before: &[&str]| {
        let before = with_tasks();
        let known = before.iter().map(|check| {
            let actual = if passed_before.contains(&check.name.as_str()) { "" } else { "y" };
            testing::check(&check.name, "x", actual)
        });
        let last = testing::failed(known.collect());
        with_failing(failing, Some(&last)).focus
    };
    assert_eq!(focus(&["three", "one"], &["old"]).as_deref(), Some("one"), "the lowest task");
    assert_eq!(focus(&["three", "two"], &["old", "one"]).as_deref(), Some("three"), "in order");
    assert_eq!(focus(&["one", "old"], &["old"]).as_deref(), Some("old"), "the starter passed it");
    let all = ["old", "one", "two", "three"];
    assert_eq!(focus(&["one", "two"], &all[..3]).as_deref(), Some("one"), "task 2 was open");
    assert_eq!(focus(&["two"], &all).as_deref(), Some("two"));
    assert_eq!(focus(&[], &all), None);
    let regressed = focus(&["three", "one"], &["old", "two", "three"]);
    assert_eq!(regressed.as_deref(), Some("three"), "its task was green, task 1 never was");
}

#[test]
fn a_regression_stays_one_until_it_passes() {
    let regressions = |verdict: &Verdict| -> Vec<String> {
        verdict.checks.iter().filter(|it| it.regression).map(|it| it.name.clone()).collect()
    };
    let green = with_failing(&[], None);
    let red = with_failing(&["two"], Some(&green));
    let still_red = with_failing(&["two", "three"], Some(&red));
    assert_eq!(regressions(&red), ["two"]);
    assert_eq!(red.check("two").and_then(CheckResult::before), Some("passed last time"));
    assert_eq!(regressions(&still_red), ["two"], "task 2 was open when `three` failed");
    assert_eq!(still_red.focus.as_deref(), Some("two"), "the focus does not jump");
    assert_eq!(still_red.check("two").and_then(CheckResult::before), Some("passed before"));
    assert_eq!(regressions(&with_failing(&["three"], Some(&still_red))), [""; 0]);
    let (checks, green) = (with_tasks(), with_failing(&[], None));
    let lines = checks.iter().map(|check| failed(&check.name)).collect();
    let heard = Heard { lines, limit: Duration::from_mins(1), in_time: true };
    let before = Before { untouched: true, last: Some(&green), starter: None };
    let reset = conclude(&step(), &checks, &heard, before);
    assert_eq!(regressions(&reset), ["old"], "the starter fails the others");
    let begun = with_failing(&["one", "two", "three"], None);
    assert_eq!(regressions(&with_failing(&["one", "old"], Some(&begun))), ["old"]);
}

#[test]
fn a_server_that_does_not_start_comes_before_all() {
    let mut lines = vec![failed("a"), failed("b")];
    let Some(Failed::Theirs(difference)) = &mut lines[1].failure else { panic!("it failed") };
    difference.finding = Finding::new(Kind::NotStarted);
    assert_eq!(verdict(lines, true, Before::default()).focus.as_deref(), Some("b"));
}
