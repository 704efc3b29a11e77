//! What the checks and the code say about each task of the step.

use crate::{
    course::{
        gaps::{self, Gaps},
        source::Source,
    },
    verdict::{Outcome, Verdict, task::Task},
};

/// Notes which of the tasks are begun, and where the `TODO`s of each are in the code that was judged.
pub(super) fn look_at(
    verdict: &mut Verdict,
    gaps: &Gaps,
    code: &[Source],
    starter: Option<&Verdict>,
) {
    let (mut tasks, step) = (std::mem::take(&mut verdict.tasks), verdict.step.clone());
    for task in &mut tasks {
        task.begun = is_begun(task, verdict, gaps, code, starter);
        task.todo = gaps::first_todo(task.number, code).map(|(path, line)| {
            let parts = path.iter().map(|part| part.to_string_lossy().into_owned());
            let parts: Vec<String> =
                ["steps".to_owned(), step.clone()].into_iter().chain(parts).collect();
            format!("{}:{line}", parts.join("/"))
        });
    }
    verdict.tasks = tasks;
}

fn is_begun(
    task: &Task,
    verdict: &Verdict,
    gaps: &Gaps,
    code: &[Source],
    starter: Option<&Verdict>,
) -> bool {
    if verdict.outcome == Outcome::NotStarted {
        return false;
    }
    let failing = || verdict.checks_of(task).filter(|check| !check.passed);
    let as_in_the_starter = || failing().all(|check| check.is_unbegun(starter));
    let a_later_one_is_ahead = || {
        let mut later = verdict.checks.iter().filter(|check| check.task > Some(task.number));
        later.any(|check| check.passed && check.new)
    };
    let no_longer_as_it_was = || !as_in_the_starter() || a_later_one_is_ahead();
    failing().next().is_none()
        || failing().any(|check| check.regression)
        || no_longer_as_it_was() && !gaps.are_as_shipped(task.number, code)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::verdict::{CheckResult, testing};

    /// A verdict on one task of two checks that fail in this way.
    fn verdict(failing: [&str; 2], outcome: Outcome) -> Verdict {
        let checks = (0..).zip(failing).map(|(index, actual)| CheckResult {
            task: Some(1),
            ..testing::check(&format!("check_{index}"), "x", actual)
        });
        let mut verdict = testing::failed(checks.collect());
        verdict.outcome = outcome;
        verdict.tasks = vec![Task { number: 1, title: "One".to_owned(), begun: false, todo: None }];
        verdict
    }

    fn looked_at(mut verdict: Verdict, gap: &str, code: &str, starter: Option<&Verdict>) -> Task {
        let path = PathBuf::from("src/main.rs");
        let gaps = Gaps::of_one(1, path.clone(), gap);
        look_at(&mut verdict, &gaps, &[Source { path, text: code.to_owned() }], starter);
        verdict.tasks.remove(0)
    }

    #[test]
    fn a_task_that_fails_as_the_starter_does_is_not_begun() {
        let starter = verdict(["y", "z"], Outcome::NotStarted);
        let begun = |failing| {
            looked_at(verdict(failing, Outcome::Failed), "bare()", "", Some(&starter)).begun
        };
        assert!(!begun(["y", "z"]));
        assert!(!begun(["", "z"]), "one passes, and the other fails as it did");
        assert!(begun(["y", "other"]));
        assert!(begun(["", ""]), "it is done");
        let untouched = looked_at(verdict(["y", "z"], Outcome::NotStarted), "bare()", "", None);
        assert!(!untouched.begun);
    }

    #[test]
    fn a_task_that_was_written_before_a_later_one_is_begun() {
        let starter = verdict(["y", "z"], Outcome::NotStarted);
        let begun = |code, passed| {
            let mut verdict = verdict(["y", "z"], Outcome::Failed);
            let later = if passed { "" } else { "w" };
            let check = testing::check("check_of_task_2", "x", later);
            verdict.checks.push(CheckResult { task: Some(2), new: true, ..check });
            looked_at(verdict, "bare()", code, Some(&starter)).begun
        };
        assert!(begun("mine()\n", true));
        assert!(!begun("mine()\n", false));
        assert!(!begun("// TODO 1: more\nbare()\n", true), "the later one came first");
    }

    #[test]
    fn a_task_whose_gap_is_as_shipped_is_not_begun_whatever_its_checks_show() {
        let code = "// TODO 1: more\nbare()\n";
        let of = |verdict: Verdict, code: &str| looked_at(verdict, "bare()", code, None);
        let open = of(verdict(["y", "z"], Outcome::Failed), code);
        assert_eq!(
            (open.begun, open.todo.as_deref()),
            (false, Some("steps/03-bearer-token/src/main.rs:1"))
        );
        assert!(of(verdict(["y", "z"], Outcome::Failed), "mine()\n").begun);
        let mut regressed = verdict(["y", "z"], Outcome::Failed);
        regressed.checks[0].regression = true;
        assert!(of(regressed, code).begun);
    }
}
