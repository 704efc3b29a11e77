//! Verdicts as `verify` writes them, made for one page.

use protocol::{exchange::Exchange, said::Said};
use xtask::{
    course::{Course, Whose, hints::Tier},
    verdict::{CheckResult, Outcome, Verdict, Was, task::Task},
};

/// A verdict on this step, as if it had no tasks, with these checks, the first failing one of which has the focus.
#[track_caller]
pub(crate) fn verdict(
    course: &Course,
    slug: &str,
    outcome: Outcome,
    checks: Vec<CheckResult>,
) -> Verdict {
    let step = course.step(slug).unwrap_or_else(|trouble| panic!("{trouble}"));
    let focus = checks.iter().find(|check| !check.passed).map(|check| check.name.clone());
    let (compile_ms, checks_ms) = (700, 210);
    let new = Verdict::new(step, String::new(), outcome);
    Verdict { tasks: Vec::new(), focus, checks, compile_ms, checks_ms, ..new }
}

/// Of two tasks the first is done, and the second is begun, or not.
#[allow(dead_code, reason = "not every test is about tasks")]
#[track_caller]
pub(crate) fn with_tasks(course: &Course, slug: &str, begun: bool) -> Verdict {
    let of = |task: u8, check: CheckResult| CheckResult { task: Some(task), ..check };
    let exchange = |status: &str| format!("GET / HTTP/1.1\n\nHTTP/1.1 {status}");
    let open = failed("refuses_two", &exchange("401 Unauthorized"), &exchange("200 OK"));
    let old = CheckResult { new: false, ..passed("lists_the_items") };
    let checks = vec![of(1, passed("refuses_one")), of(2, open), of(2, passed("refuses_all")), old];
    let task = |number: u8, title: &str, begun: bool| Task {
        number,
        title: title.to_owned(),
        begun,
        todo: None,
    };
    let tasks = vec![task(1, "Ask for it", true), task(2, "Let them in", begun)];
    Verdict { tasks, ..verdict(course, slug, Outcome::Failed, checks) }
}

pub(crate) fn passed(name: &str) -> CheckResult {
    CheckResult {
        name: name.to_owned(),
        tier: Tier::Core,
        task: None,
        new: true,
        passed: true,
        was: Was::Unbegun,
        regression: false,
        finding: None,
        seen: None,
        expected: None,
        actual: None,
        reproduce: None,
        drawn: Vec::new(),
        mistake: None,
    }
}

/// A check that fails; texts of exchanges are exchanges.
pub(crate) fn failed(name: &str, expected: &str, actual: &str) -> CheckResult {
    let said = |text: &str| match Exchange::parse(text) {
        Some(_) => Said::Exchange(text.to_owned()),
        None => Said::from(text),
    };
    CheckResult {
        passed: false,
        expected: Some(said(expected)),
        actual: Some(said(actual)),
        ..passed(name)
    }
}

/// Writes the verdict as `verify` does.
#[track_caller]
pub(crate) fn save(course: &Course, verdict: &Verdict) {
    let step = course.step(&verdict.step).unwrap_or_else(|trouble| panic!("{trouble}"));
    verdict.save(course, step, Whose::Learner).unwrap_or_else(|trouble| panic!("{trouble}"));
}
