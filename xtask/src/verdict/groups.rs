//! How a step stands, in a few lines: its tasks with their checks counted, and what failed although it had passed.
//! Terminal and panel show the same.
//!
//! ```text
//!   FAIL  takes the token as it came           passed last time
//!   ok    Tasks 1 and 2
//!   FAIL  Task 3  Let the right requests in    17 of 18
//!   ok    7 checks that passed from the start
//! ```

use serde::Serialize;

use crate::{
    course::hints,
    verdict::{CheckResult, Verdict, task::Task},
};

/// So many checks that passed before and fail now are named.
const MOST_NAMED: usize = 3;

/// How a group stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// All of its checks pass.
    Ok,
    /// It is not begun.
    Todo,
    /// At least one of its checks fails.
    Fail,
}

impl State {
    /// The word in front of the line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Todo => "todo",
            Self::Fail => "FAIL",
        }
    }
}

/// A line: a task, several green ones, a check, or many checks.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// How it stands.
    pub state: State,
    /// What it is: `Task 3  Let the right requests in`.
    pub words: String,
    /// What is to say besides: `17 of 18`, `passed last time`.
    pub note: Option<String>,
    /// The number of the task, if it is one.
    #[serde(skip)]
    pub task: Option<u8>,
}

impl Group {
    fn new(state: State, words: String) -> Self {
        Self { state, words, note: None, task: None }
    }

    /// One check, by its name in words.
    pub(super) fn check(check: &CheckResult) -> Self {
        let state = if check.passed { State::Ok } else { State::Fail };
        let note = check.before().map(str::to_owned);
        Self { note, ..Self::new(state, hints::words(&check.name)) }
    }

    fn task(task: &Task, verdict: &Verdict) -> Self {
        let words = format!("Task {}  {}", task.number, task.title);
        let all = verdict.checks_of(task).count();
        let green = verdict.checks_of(task).filter(|check| check.passed).count();
        let (state, note) = match (green == all, task.begun) {
            (true, _) if verdict.leads_to(task) => (State::Fail, Some("see below".to_owned())),
            (true, _) => (State::Ok, None),
            (false, true) => (State::Fail, Some(format!("{green} of {all}"))),
            (false, false) => (State::Todo, Some(format!("{green} of {all}"))),
        };
        Self { note, task: Some(task.number), ..Self::new(state, words) }
    }
}

/// The groups of a step with tasks.
pub fn of(verdict: &Verdict) -> Vec<Group> {
    let mut groups = regressions(verdict);
    let is_done = |task: &Task| !verdict.is_open(task) && !verdict.leads_to(task);
    let by_state = |one: &Task, next: &Task| is_done(one) && is_done(next);
    for run in verdict.tasks.chunk_by(by_state) {
        groups.push(match run {
            [task] => Group::task(task, verdict),
            several => Group::new(State::Ok, folded(several)),
        });
    }
    let without_task = verdict.checks.iter().filter(|check| check.new && check.task.is_none());
    groups.extend(without_task.map(Group::check));
    groups.extend(from_the_start(verdict));
    groups
}

/// The checks that the starter passes too, and that still pass.
pub(super) fn from_the_start(verdict: &Verdict) -> Option<Group> {
    let words = match verdict.checks.iter().filter(|check| !check.new && check.passed).count() {
        0 => return None,
        1 => "1 check that passed from the start".to_owned(),
        many => format!("{many} checks that passed from the start"),
    };
    Some(Group::new(State::Ok, words))
}

/// What fails and passed before: the first ones by name, that in focus above all.
fn regressions(verdict: &Verdict) -> Vec<Group> {
    let mut checks: Vec<&CheckResult> =
        verdict.checks.iter().filter(|check| check.regression).collect();
    checks.sort_by_key(|check| Some(&check.name) != verdict.focus.as_ref());
    let named = if checks.len() == MOST_NAMED + 1 { checks.len() } else { MOST_NAMED };
    let more = checks.len().saturating_sub(named);
    let mut groups: Vec<Group> = checks.into_iter().take(named).map(Group::check).collect();
    if more > 0 {
        let words = format!("{more} more checks that passed before");
        groups.push(Group::new(State::Fail, words));
    }
    groups
}

fn folded(tasks: &[Task]) -> String {
    let number = |task: Option<&Task>| task.map_or(0, |task| task.number);
    let (first, last) = (number(tasks.first()), number(tasks.last()));
    let between = if tasks.len() == 2 { "and" } else { "to" };
    format!("Tasks {first} {between} {last}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::testing;

    /// A verdict on three tasks of two checks each, the first `green` of which pass; and on one check of an earlier step.
    fn verdict(green: [usize; 3]) -> Verdict {
        let mut checks = vec![testing::check("old", "x", "")];
        checks[0].new = false;
        for (task, green) in (1..).zip(green) {
            for index in 0..2 {
                let actual = if index < green { "" } else { "y" };
                let mut check = testing::check(&format!("check_{task}_{index}"), "x", actual);
                check.task = Some(task);
                checks.push(check);
            }
        }
        let task = |(number, title): (u8, &str)| Task {
            number,
            title: title.to_owned(),
            begun: true,
            todo: None,
        };
        let mut verdict = testing::failed(checks);
        verdict.tasks = (1..).zip(["One", "Two", "Three"]).map(task).collect();
        verdict
    }

    fn shown(verdict: &Verdict) -> Vec<String> {
        let line = |group: &Group| {
            let note = group.note.as_deref().map(|note| format!(" ({note})")).unwrap_or_default();
            format!("{} {}{note}", group.state.word(), group.words)
        };
        of(verdict).iter().map(line).collect()
    }

    const OLD: &str = "ok 1 check that passed from the start";

    #[test]
    fn green_tasks_in_a_row_are_one_line() {
        assert_eq!(shown(&verdict([2, 2, 2])), ["ok Tasks 1 to 3", OLD]);
        assert_eq!(
            shown(&verdict([2, 2, 1])),
            ["ok Tasks 1 and 2", "FAIL Task 3  Three (1 of 2)", OLD]
        );
        assert_eq!(
            shown(&verdict([2, 1, 2])),
            ["ok Task 1  One", "FAIL Task 2  Two (1 of 2)", "ok Task 3  Three", OLD]
        );
    }

    #[test]
    fn a_task_that_the_mistake_leads_to_is_not_ok() {
        let mut verdict = verdict([2, 2, 1]);
        let read = format!("{}.html#task-2-two", verdict.step);
        verdict.checks[6].mistake = Some(testing::mistake(&read));
        verdict.focus = Some(verdict.checks[6].name.clone());
        let expected =
            ["ok Task 1  One", "FAIL Task 2  Two (see below)", "FAIL Task 3  Three (1 of 2)", OLD];
        assert_eq!(shown(&verdict), expected);
    }

    #[test]
    fn a_task_that_is_not_begun_is_to_do() {
        let mut verdict = verdict([2, 0, 1]);
        for task in &mut verdict.tasks {
            task.begun = false;
        }
        let expected =
            ["ok Task 1  One", "todo Task 2  Two (0 of 2)", "todo Task 3  Three (1 of 2)", OLD];
        assert_eq!(shown(&verdict), expected);
    }

    #[test]
    fn what_passed_before_is_named_and_many_are_counted() {
        let regress = |verdict: &mut Verdict| {
            for check in verdict.checks.iter_mut().filter(|check| !check.passed) {
                check.regression = true;
            }
        };
        let mut few = verdict([2, 2, 1]);
        few.checks[0] = CheckResult { new: false, ..testing::check("old", "x", "y") };
        few.focus = Some("check_3_1".to_owned());
        regress(&mut few);
        let expected = [
            "FAIL check 3 1 (passed before)",
            "FAIL old (passed in the starter)",
            "ok Tasks 1 and 2",
            "FAIL Task 3  Three (1 of 2)",
        ];
        assert_eq!(shown(&few), expected, "the one in focus is the first");
        let mut many = verdict([0, 0, 1]);
        regress(&mut many);
        assert_eq!(shown(&many)[3], "FAIL 2 more checks that passed before");
    }

    #[test]
    fn a_new_check_without_a_task_is_a_line_of_its_own() {
        let mut verdict = verdict([2, 2, 2]);
        verdict.checks.push(testing::check("lost", "x", "y"));
        assert_eq!(shown(&verdict), ["ok Tasks 1 to 3", "FAIL lost", OLD]);
    }
}
